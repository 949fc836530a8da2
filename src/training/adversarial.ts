import { Belongings, disposable } from '../belongings.js';
import type { Optimiser } from '../nn/index.js';
import { clippingFactor } from '../nn/index.js';
import type { DeviceTensor, Executable, Runtime } from '../runtime/index.js';
import { neededFeeds } from '../runtime/index.js';
import type { Program, TensorValue } from '../tensor/index.js';
import { grouped, groupOf } from '../tensor/index.js';
import { type Adversary, createAdversary } from './adversary.js';
import { createScales } from './calibration.js';
import type { AdversarialObjective } from './game.js';
import { generatorProgram, opponentsProgram } from './game-programs.js';
import { createLearner, release, upload } from './learner.js';
import { checkMemory } from './memory-forecast.js';
import { numberOf } from './gradients.js';
import type { StepResult, Trainer, TrainerOptions } from './trainer.js';
import { type StateGroups, stateKinds } from './update.js';

type Values = Readonly<Record<string, TensorValue>>;
type Feeds = Readonly<Record<string, DeviceTensor | TensorValue>>;

/** Names under which outputs of a program stay on the device: all but scalars for the record. */
const keptOutputs = (program: Program): readonly string[] =>
  Object.keys(program.outputs).filter((name) => /^(gradient|seen|buffer)\//.test(name));

const numbersIn = (fetched: Values, group: string): Record<string, number> =>
  Object.fromEntries(Object.entries(groupOf(fetched, group)).map(([name, value]) => [name, numberOf(value)]));

const renamed = (numbers: Readonly<Record<string, number>>, suffix: string): Record<string, number> =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`${name}${suffix}`, value]));

/** Weights of the opponents, as the generator's turn takes them. */
const weightFeeds = (weights: Readonly<Record<string, number>>): Values =>
  Object.fromEntries(
    Object.entries(weights).map(([name, weight]) => [
      `weight/${name}`,
      { data: Float32Array.of(weight), shape: [], dtype: 'float32' },
    ]),
  );

/** The kind under which a checkpoint holds the opponents' weights. */
const CALIBRATION = 'calibration';

/**
 * The norm of every opponent's gradient at what the generator makes, as if its weight were 1: the generator's turn once for
 * each of them, with all others' weights at 0. Their gradients go through the same frozen network, so that one turn gives
 * their sum alone.
 */
async function separateNorms(turn: Executable, feeds: Feeds, names: readonly string[]) {
  const norms: Record<string, number> = {};
  for (const name of names) {
    const weights = Object.fromEntries(names.map((other) => [other, other === name ? 1 : 0]));
    const { fetched, kept } = await turn.run(neededFeeds(turn, { ...feeds, ...weightFeeds(weights) }));
    release(kept);
    norms[name] = numberOf(fetched['norm/adversarial']);
  }
  return norms;
}

/**
 * Prepares a game for training: both turns are compiled, and everybody's state goes to the device. The state has the
 * generator's groups under the usual kinds, `opponent.NAME.KIND` for each opponent, and `calibration` where weights are set.
 */
export async function createAdversarialTrainer(
  runtime: Runtime,
  objective: AdversarialObjective,
  optimiser: Optimiser,
  start: StateGroups<TensorValue>,
  { clip, growth = 1 }: TrainerOptions = {},
): Promise<Trainer> {
  const first = generatorProgram(objective, start['parameter'] ?? {});
  await using opened = new Belongings();
  const load = async (program: Program): Promise<Executable> => {
    checkMemory(runtime, program, { copies: stateKinds(optimiser).length - 1, growth });
    return opened.add(await runtime.load(program, { keep: keptOutputs(program), optimization: 'training' }));
  };
  const generatorTurn = await load(first);
  const seen = Object.entries(groupOf(first.outputs, 'seen')).map(
    ([name, { shape, dtype }]) => [name, { shape, dtype }] as const,
  );
  const second = opponentsProgram(objective, Object.fromEntries(seen));
  const opponentsTurn = await load(second);
  const learner = opened.add(await createLearner(runtime, optimiser, start));
  const frozen = grouped('frozen', await upload(runtime, await objective.frozenValues()));
  opened.defer(() => release(frozen));
  const names = Object.keys(objective.opponents);
  const adversaries = new Map<string, Adversary>();
  for (const [name, opponent] of Object.entries(objective.opponents))
    adversaries.set(name, opened.add(await createAdversary(runtime, name, opponent, start)));
  const scales = createScales(objective.opponents, objective.calibration ?? { every: 0 }, start[CALIBRATION]);

  const opponentTensors = (): Record<string, DeviceTensor> =>
    Object.assign({}, ...[...adversaries].map(([name, { tensors }]) => grouped(`opponent/${name}`, tensors)));

  const own = opened.handOver();
  return disposable({
    async step(feeds, numbers): Promise<StepResult> {
      const others = { ...frozen, ...opponentTensors() };
      const all: Feeds = { ...feeds, ...others, ...grouped('parameter', learner.parameters) };
      const separate = scales.due(numbers.step) ? await separateNorms(generatorTurn, all, names) : {};
      await using unfinished = new Belongings();
      const made = await generatorTurn.run(
        neededFeeds(generatorTurn, { ...all, ...weightFeeds(scales.weights) }),
      );
      unfinished.defer(() => release(made.kept));
      const seenNow = groupOf(made.kept, 'seen');
      const shown = { ...others, ...grouped('seen', seenNow) };
      const judged = await opponentsTurn.run(neededFeeds(opponentsTurn, shown));
      unfinished.defer(() => release(judged.kept));
      release(seenNow);
      const losses = numbersIn(judged.fetched, 'loss');
      const norms = numbersIn(judged.fetched, 'norm');
      const loss = numberOf(made.fetched['loss']);
      const gradientNorm = numberOf(made.fetched['gradientNorm']);
      const measured = {
        ...numbersIn(made.fetched, 'number'),
        ...numbersIn(judged.fetched, 'number'),
        ...renamed(losses, 'Loss'),
        ...renamed(norms, 'GradientNorm'),
      };
      // Nobody moves unless everybody's numbers are finite: the state stays the last good one.
      const finite = [loss, gradientNorm, ...Object.values(losses), ...Object.values(norms)].every(
        Number.isFinite,
      );
      if (!finite)
        return { loss: Number.isFinite(loss) ? Number.NaN : loss, gradientNorm, numbers: measured };
      const weighed = scales.take(numbers.step, separate, numberOf(made.fetched['norm/reference']));
      const gradientScale = clip === undefined ? 1 : clippingFactor(gradientNorm, clip);
      await learner.update(groupOf(made.kept, 'gradient'), { ...numbers, gradientScale });
      for (const [name, adversary] of adversaries) {
        const [gradients, buffers] = ['gradient', 'buffer'].map((kind) =>
          groupOf(judged.kept, `${kind}/${name}`),
        );
        await adversary.update(gradients ?? {}, buffers ?? {}, numbers);
      }
      // The opponents have taken their buffers.
      unfinished.handOver();
      return { loss, gradientNorm, numbers: { ...measured, ...weighed } };
    },
    async read(kinds) {
      const read: Record<string, Readonly<Record<string, TensorValue>>> = { ...(await learner.read(kinds)) };
      if (kinds !== undefined) return read;
      for (const adversary of adversaries.values()) Object.assign(read, await adversary.read());
      const calibration = scales.state();
      return Object.keys(calibration).length === 0 ? read : { ...read, [CALIBRATION]: calibration };
    },
    close: () => own.close(),
  } satisfies Omit<Trainer, typeof Symbol.asyncDispose>);
}
