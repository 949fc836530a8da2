import { array, number, object, string } from 'valibot';
import { disposable } from '../belongings.js';
import { type BatchSize, clippingFactor, type Optimiser } from '../nn/index.js';
import type { Runtime } from '../runtime/index.js';
import {
  createLearner,
  type OutsideNumbers,
  type OutsideObjective,
  type OutsideTrainer,
  type StepResult,
  type TrainerOptions,
  type TrainingState,
  upload,
} from '../training/index.js';
import { ifRight, readJson } from '../options/index.js';
import { present } from '../present.js';
import { meanInOrder, normOf, type Tensors } from './mean-in-order.js';
import { averageAfter, type OuterOptions, outerStep } from './outer-step.js';
import type { Contribution, Crew, Moments, Round, RoundOutcome } from './round.js';

/** How members work together: gradients of each step are added, or each does local steps of its own. */
export interface CrewPlan {
  /** H; left out: gradients are added. */
  readonly localSteps?: number;
  /** For local steps. */
  readonly outer: OuterOptions;
}

/** The kind under which a checkpoint holds the velocity of the outer optimiser. */
const VELOCITY = 'velocity';

/** What a round that nobody's numbers count in says. */
const nothing = (numbers: RoundOutcome['numbers']): StepResult => ({
  ...{ loss: Number.NaN, gradientNorm: Number.NaN, numbers },
});

const meanOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

/**
 * What a crew learns, as the loop of a training takes it: each of its steps is a round. What counts is the mean over the members whose numbers
 * count, added in their order.
 *
 * @param size of a member's batch
 */
export function crewObjective(crew: Crew, plan: CrewPlan, size: BatchSize): OutsideObjective {
  return {
    trainer: (runtime, optimiser, start, how) =>
      plan.localSteps === undefined
        ? addingTrainer(runtime, optimiser, crew, size, start, how)
        : Promise.resolve(localTrainer(crew, { ...plan, localSteps: plan.localSteps }, size, start, how)),
  };
}

/** Those that count, in the order of the members. */
const countingOf = ({ contributions }: RoundOutcome): readonly Contribution[] =>
  contributions.filter((one) => one !== undefined);

/** Gradients of every step are added; the optimiser is here. */
async function addingTrainer(
  runtime: Runtime,
  optimiser: Optimiser,
  crew: Crew,
  size: BatchSize,
  { tensors: start }: TrainingState,
  { clip }: TrainerOptions,
): Promise<OutsideTrainer> {
  const learner = await createLearner(runtime, optimiser, start);
  let parameters: Tensors = start['parameter'] ?? {};
  return disposable({
    stride: 1,
    async steps({ learningRate, step, decay }) {
      const outcome = await crew.round({
        ...{
          kind: 'gradients',
          step: step - 1,
          size,
          learningRates: [learningRate],
          parameters,
          moments: [],
        },
      });
      if (outcome === undefined) return undefined;
      const counting = countingOf(outcome);
      if (counting.length === 0) return nothing(outcome.numbers);
      const mean = meanInOrder(counting.map(({ tensors }) => tensors));
      // Of one member it is the norm that the device found.
      const [only, ...others] = counting;
      const gradientNorm = others.length === 0 && only !== undefined ? only.gradientNorm : normOf(mean);
      const gradientScale = clip === undefined ? 1 : clippingFactor(gradientNorm, clip);
      await learner.update(await upload(runtime, mean), { learningRate, step, decay, gradientScale });
      const read = await learner.read(['parameter']);
      parameters = read['parameter'] ?? {};
      return { loss: meanOf(counting.map(({ loss }) => loss)), gradientNorm, numbers: outcome.numbers };
    },
    read: (kinds) => learner.read(kinds),
    memo: () => undefined,
    close: () => learner.close(),
  } satisfies Omit<OutsideTrainer, typeof Symbol.asyncDispose>);
}

/** Members do local steps; the outer optimiser is here, and the moments are theirs. */
function localTrainer(
  crew: Crew,
  { localSteps, outer }: Required<CrewPlan>,
  size: BatchSize,
  { tensors: start, memo }: TrainingState,
  { clip }: TrainerOptions,
): OutsideTrainer {
  let parameters: Tensors = start['parameter'] ?? {};
  let average: Tensors = start['average'] ?? parameters;
  let velocity: Tensors = start[VELOCITY] ?? {};
  let moments = momentsIn(memo, crew.workers);
  return disposable({
    stride: localSteps,
    async steps({ learningRates, step, decay }: OutsideNumbers) {
      const round: Round = {
        ...{ kind: 'steps', step: step - 1, size, learningRates, parameters, moments, ...present({ clip }) },
      };
      const outcome = await crew.round(round);
      if (outcome === undefined) return undefined;
      const counting = countingOf(outcome);
      if (counting.length === 0) return nothing(outcome.numbers);
      const mean = meanInOrder(counting.map(({ tensors }) => tensors));
      ({ parameters, velocity } = outerStep({ parameters, velocity }, mean, outer));
      average = averageAfter(average, parameters, decay, learningRates.length);
      // Whose share did not count goes on with the moments that it had.
      moments = moments.map((own, member) => outcome.contributions[member]?.moments ?? own);
      return {
        loss: meanOf(counting.map(({ loss }) => loss)),
        gradientNorm: Math.max(...counting.map(({ gradientNorm }) => gradientNorm)),
        numbers: outcome.numbers,
      };
    },
    async read(kinds) {
      const all: Readonly<Record<string, Tensors>> = { parameter: parameters, average, [VELOCITY]: velocity };
      return kinds === undefined
        ? all
        : Object.fromEntries(kinds.map((kind) => [kind, all[kind] ?? {}] as const));
    },
    memo: () => JSON.stringify(moments.map((own) => own ?? null)),
    close: async () => {},
  } satisfies Omit<OutsideTrainer, typeof Symbol.asyncDispose>);
}

const momentsSchema = array(ifRight(object({ sha256: string(), age: number() })));

/** The moments that a checkpoint names, by member. */
export function momentsIn(memo: string | undefined, workers: number): readonly (Moments | undefined)[] {
  const list = readJson(momentsSchema, memo ?? '[]') ?? [];
  return Array.from({ length: workers }, (_, member) => list[member]);
}
