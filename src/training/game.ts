import type { Optimiser } from '../nn/index.js';
import type { Tensor, TensorRecord, TensorSpec, TensorValue } from '../tensor/index.js';
import type { Calibration } from './calibration.js';

/** A player that learns to tell what the generator makes from what is real. */
export interface Opponent {
  readonly optimiser: Optimiser;
  /** Its learning rate, as a multiple of the generator's. */
  readonly rate: number;
  /** What deceiving it counts in the generator's loss, until a {@link Calibration} says otherwise. */
  readonly weight: number;
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
  /** What deceiving each opponent counts in the generator's loss: scalars, by the opponents' names. */
  readonly weights: TensorRecord;
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
  /** Norms of gradients at what was made: of all that has the weight of an opponent together, and of what it is measured by. */
  readonly norms: { readonly adversarial: Tensor; readonly reference: Tensor };
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
  readonly frozen: Readonly<Record<string, TensorSpec>>;
  /** Left out: no opponent's gradient is measured by itself. */
  readonly calibration?: Calibration;
  /** The numbers of what is frozen, asked for once, when they go to the device: they are large, and nobody else need keep them. */
  frozenValues(): Promise<Readonly<Record<string, TensorValue>>>;
  generate(players: Players, inputs: TensorRecord): GeneratorTurn;
  oppose(players: Pick<Players, 'opponents' | 'frozen'>, seen: TensorRecord): OpponentsTurn;
}
