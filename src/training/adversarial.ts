import { compile } from '../compile/index.js';
import type { Optimiser } from '../nn/index.js';
import { clippingFactor, globalNorm } from '../nn/index.js';
import type { DeviceTensor, Runtime } from '../runtime/index.js';
import { neededFeeds } from '../runtime/index.js';
import type { Program, Tensor, TensorRecord, TensorSpec, TensorValue } from '../tensor/index.js';
import { gradientsOf, grouped, groupOf, rematerialise, trace } from '../tensor/index.js';
import { createLearner, download, type Learner, release, upload } from './learner.js';
import { initialState, numberOf, type StepResult, type Trainer } from './trainer.js';
import type { StateGroups } from './update.js';
import { stateKinds } from './update.js';

/** A player that learns to tell what the generator makes from what is real. */
export interface Opponent {
  readonly optimiser: Optimiser;
  /** Its learning rate, as a multiple of the generator's. */
  readonly rate: number;
  /** What it learns, as it begins. */
  readonly parameters: Readonly<Record<string, TensorValue>>;
  /** What follows its parameters without a gradient, such as the vectors of spectral normalisation. */
  readonly buffers: Readonly<Record<string, TensorValue>>;
}

/** Everything that a step may look at. */
export interface Players {
  /** The generator's parameters. */
  readonly generator: TensorRecord;
  /** Parameters and buffers of the opponents, by their names. */
  readonly opponents: Readonly<Record<string, TensorRecord>>;
  /** What no player learns, by `group/key`. */
  readonly frozen: TensorRecord;
}

/** The generator's half of a step. */
export interface GeneratorTurn {
  /** What the generator made. */
  readonly made: Tensor;
  /** How the generator's loss changes with what it made, of the same shape; how it made it is found out from there. */
  readonly slope: Tensor;
  /** The generator's loss, a scalar. */
  readonly loss: Tensor;
  /** What else is worth a record: scalars. */
  readonly numbers: TensorRecord;
  /** What the opponents look at afterwards; no gradient leads from there to the generator. */
  readonly seen: TensorRecord;
}

/** The opponents' half of a step. */
export interface OpponentsTurn {
  /** What each opponent minimises, a scalar. */
  readonly losses: TensorRecord;
  readonly numbers: TensorRecord;
  /** New buffers of the opponents, by their names. */
  readonly buffers: Readonly<Record<string, TensorRecord>>;
}

/**
 * A game of a generator against opponents: what each side computes in a step. The generator goes first; the opponents then
 * look at what that turn has computed already, so that a frozen network sees every picture once a step.
 */
export interface AdversarialObjective {
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly opponents: Readonly<Record<string, Opponent>>;
  readonly frozen: Readonly<Record<string, TensorValue>>;
  generate(players: Players, inputs: TensorRecord): GeneratorTurn;
  oppose(players: Omit<Players, 'generator'>, seen: TensorRecord): OpponentsTurn;
  /** The inputs of step `step`, counted from 0: a pure function of the seed and the step. */
  feeds(step: number): Promise<Readonly<Record<string, TensorValue>>>;
}

type Values = Readonly<Record<string, TensorValue>>;
type Specs = Readonly<Record<string, TensorSpec>>;

/** Every opponent's parameters and buffers, as inputs of a program. */
function opponentInputs(
  { opponents }: AdversarialObjective,
  inputs: (group: string, specs: Specs) => TensorRecord,
): Readonly<Record<string, TensorRecord>> {
  return Object.fromEntries(
    Object.entries(opponents).map(([name, { parameters, buffers }]) => [
      name,
      inputs(`opponent/${name}`, { ...parameters, ...buffers }),
    ]),
  );
}

/** The generator's loss and its gradients, and what the opponents will look at. */
function generatorProgram(objective: AdversarialObjective, parameters: Values): Program {
  return trace(({ input, inputs }) => {
    const generator = inputs('parameter', parameters);
    const players = {
      generator,
      opponents: opponentInputs(objective, inputs),
      frozen: inputs('frozen', objective.frozen),
    };
    const fed = Object.entries(objective.inputs).map(
      ([name, { shape, dtype }]) => [name, input(name, shape, dtype)] as const,
    );
    const { made, slope, loss, numbers, seen } = objective.generate(players, Object.fromEntries(fed));
    const keys = Object.keys(generator);
    const names = Object.keys(numbers);
    // The numbers too: some are of the slope, and what is computed twice for one must not be so once more for the other.
    const found = rematerialise(loss, [
      ...gradientsOf(made, Object.values(generator), slope),
      ...Object.values(numbers),
    ]);
    const under = (list: readonly string[], from: number): TensorRecord =>
      Object.fromEntries(list.map((key, index) => [key, found[from + index] ?? loss]));
    const gradient = under(keys, 0);
    return {
      ...{ loss, gradientNorm: globalNorm(gradient), gradient },
      ...{ number: under(names, keys.length), seen },
    };
  });
}

/** The opponents' losses and gradients, and their new buffers. */
function opponentsProgram(objective: AdversarialObjective, seen: Specs): Program {
  return trace(({ inputs }) => {
    const opponents = opponentInputs(objective, inputs);
    const frozen = inputs('frozen', objective.frozen);
    const turn = objective.oppose({ opponents, frozen }, inputs('seen', seen));
    const gradient: Record<string, Tensor> = {};
    const norm: Record<string, Tensor> = {};
    for (const [name, { parameters }] of Object.entries(objective.opponents)) {
      const [loss, learnt] = [turn.losses[name], opponents[name] ?? {}];
      if (loss === undefined) throw new RangeError(`the opponent ${name} has no loss`);
      const keys = Object.keys(parameters);
      const found = gradientsOf(
        loss,
        keys.flatMap((key) => learnt[key] ?? []),
      );
      const own = Object.fromEntries(found.map((tensor, index) => [keys[index] ?? '', tensor]));
      norm[name] = globalNorm(own);
      Object.assign(gradient, grouped(name, own));
    }
    const buffer: Record<string, Tensor> = {};
    for (const [name, buffers] of Object.entries(turn.buffers)) Object.assign(buffer, grouped(name, buffers));
    return { loss: turn.losses, norm, gradient, buffer, number: turn.numbers };
  });
}

/** An opponent in training. */
interface Adversary {
  readonly rate: number;
  readonly learner: Learner;
  buffers: Readonly<Record<string, DeviceTensor>>;
}

/** Kinds of an opponent's state among those of a checkpoint: `opponent.feature.parameter`. */
const kindOf = (name: string, kind: string): string => `opponent.${name}.${kind}`;

/** What an opponent has learnt and keeps beside it, by key, in the state of a training. */
export function opponentIn(
  state: StateGroups<TensorValue>,
  name: string,
): Readonly<Record<string, TensorValue>> {
  return { ...state[kindOf(name, 'parameter')], ...state[kindOf(name, 'buffer')] };
}

async function createAdversary(
  runtime: Runtime,
  name: string,
  { optimiser, rate, parameters, buffers }: Opponent,
  start: StateGroups<TensorValue>,
): Promise<Adversary> {
  const kinds = stateKinds(optimiser);
  const stored = Object.fromEntries(
    kinds.flatMap((kind) => {
      const group = start[kindOf(name, kind)];
      return group === undefined ? [] : [[kind, group]];
    }),
  );
  const begun = stored['parameter'] !== undefined;
  const learner = await createLearner(
    runtime,
    optimiser,
    begun ? stored : initialState(optimiser, parameters),
  );
  const held = begun ? (start[kindOf(name, 'buffer')] ?? buffers) : buffers;
  return { rate, learner, buffers: await upload(runtime, held) };
}

/** Names under which outputs of a program stay on the device: all but scalars for the record. */
const keptOutputs = (program: Program): readonly string[] =>
  Object.keys(program.outputs).filter((name) => /^(gradient|seen|buffer)\//.test(name));

const numbersIn = (fetched: Values, group: string): Record<string, number> =>
  Object.fromEntries(Object.entries(groupOf(fetched, group)).map(([name, value]) => [name, numberOf(value)]));

/**
 * Prepares a game for training: both turns are compiled, and everybody's state goes to the device. The state has the
 * generator's groups under the usual kinds, and `opponent.NAME.KIND` for each opponent.
 */
export async function createAdversarialTrainer(
  runtime: Runtime,
  objective: AdversarialObjective,
  optimiser: Optimiser,
  start: StateGroups<TensorValue>,
  { clip }: { readonly clip?: number } = {},
): Promise<Trainer> {
  const target = await runtime.target();
  const first = generatorProgram(objective, start['parameter'] ?? {});
  const generatorTurn = await runtime.load(compile(first, target), {
    keep: keptOutputs(first),
    optimization: 'training',
  });
  const seen = Object.entries(groupOf(first.outputs, 'seen')).map(
    ([name, { shape, dtype }]) => [name, { shape, dtype }] as const,
  );
  const second = opponentsProgram(objective, Object.fromEntries(seen));
  const opponentsTurn = await runtime.load(compile(second, target), {
    keep: keptOutputs(second),
    optimization: 'training',
  });
  const learner = await createLearner(runtime, optimiser, start);
  const frozen = grouped('frozen', await upload(runtime, objective.frozen));
  const adversaries: Record<string, Adversary> = {};
  for (const [name, opponent] of Object.entries(objective.opponents))
    adversaries[name] = await createAdversary(runtime, name, opponent, start);

  const opponentTensors = (): Record<string, DeviceTensor> =>
    Object.assign(
      {},
      ...Object.entries(adversaries).map(([name, { learner: own, buffers }]) =>
        grouped(`opponent/${name}`, { ...own.parameters, ...buffers }),
      ),
    );

  return {
    async step(feeds, numbers): Promise<StepResult> {
      const others = { ...frozen, ...opponentTensors() };
      const all = { ...feeds, ...others, ...grouped('parameter', learner.parameters) };
      const made = await generatorTurn.run(neededFeeds(generatorTurn, all));
      const seenNow = groupOf(made.kept, 'seen');
      const shown = { ...others, ...grouped('seen', seenNow) };
      const judged = await opponentsTurn.run(neededFeeds(opponentsTurn, shown));
      release(seenNow);
      const losses = numbersIn(judged.fetched, 'loss');
      const norms = numbersIn(judged.fetched, 'norm');
      const loss = numberOf(made.fetched['loss']);
      const gradientNorm = numberOf(made.fetched['gradientNorm']);
      const result: StepResult = {
        loss,
        gradientNorm,
        numbers: {
          ...numbersIn(made.fetched, 'number'),
          ...numbersIn(judged.fetched, 'number'),
          ...renamed(losses, 'Loss'),
          ...renamed(norms, 'GradientNorm'),
        },
      };
      // Nobody moves unless everybody's numbers are finite: the state stays the last good one.
      const finite = [loss, gradientNorm, ...Object.values(losses), ...Object.values(norms)].every(
        Number.isFinite,
      );
      if (!finite) {
        release(groupOf(made.kept, 'gradient'));
        release(judged.kept);
        return { ...result, loss: Number.isFinite(loss) ? Number.NaN : loss };
      }
      const gradientScale = clip === undefined ? 1 : clippingFactor(gradientNorm, clip);
      await learner.update(groupOf(made.kept, 'gradient'), { ...numbers, gradientScale });
      for (const [name, adversary] of Object.entries(adversaries)) {
        const own = { ...numbers, learningRate: numbers.learningRate * adversary.rate, decay: 0 };
        await adversary.learner.update(groupOf(judged.kept, `gradient/${name}`), {
          ...own,
          gradientScale: 1,
        });
        release(adversary.buffers);
        adversary.buffers = groupOf(judged.kept, `buffer/${name}`);
      }
      return result;
    },
    async read(kinds) {
      const read: Record<string, Readonly<Record<string, TensorValue>>> = { ...(await learner.read(kinds)) };
      if (kinds !== undefined) return read;
      for (const [name, { learner: own, buffers }] of Object.entries(adversaries)) {
        for (const [kind, group] of Object.entries(await own.read())) read[kindOf(name, kind)] = group;
        read[kindOf(name, 'buffer')] = await download(runtime, buffers);
      }
      return read;
    },
    async close() {
      learner.close();
      release(frozen);
      for (const { learner: own, buffers } of Object.values(adversaries)) {
        own.close();
        release(buffers);
      }
      await generatorTurn.release();
      await opponentsTurn.release();
    },
  };
}

const renamed = (numbers: Readonly<Record<string, number>>, suffix: string): Record<string, number> =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [`${name}${suffix}`, value]));
