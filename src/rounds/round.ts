import type { BatchSize } from '../nn/index.js';
import type { StateGroups } from '../training/index.js';
import type { TensorValue } from '../tensor/index.js';
import type { Tensors } from './mean-in-order.js';

/** What each member of a round does: gradients of one batch, or local steps from the weights that all begin with. */
export type ShareKind = 'gradients' | 'steps';

/** What the members of a round are told. */
export interface ShareTask {
  readonly kind: ShareKind;
  /** Steps that were done before it: the number of the first batch. */
  readonly step: number;
  readonly size: BatchSize;
  /** Of every step; for gradients they do not matter. */
  readonly learningRates: readonly number[];
  /** Largest norm of the gradients of a local step. */
  readonly clip?: number;
}

/** Where the moments of one member's own optimiser are: what it remembers of its former local steps. */
export interface Moments {
  /** The hash of what it gave in its last round. */
  readonly sha256: string;
  /** How many steps they have seen. */
  readonly age: number;
}

/** A round, as it is handed to the members. */
export interface Round extends ShareTask {
  readonly parameters: Tensors;
  /** Of each member, where it has any. */
  readonly moments: readonly (Moments | undefined)[];
}

/** What a member gives back, where it counts. */
export interface Contribution {
  /** The mean over its steps. */
  readonly loss: number;
  /** The largest norm of its gradients. */
  readonly gradientNorm: number;
  /** The gradients, or the weights after the local steps. */
  readonly tensors: Tensors;
  readonly moments?: Moments;
}

/** What happened in a round, for the record. */
export interface RoundNumbers {
  /** How many processes answered. */
  readonly processes: number;
  /** Shares that count. */
  readonly counted: number;
  /** Shares that came too late, or not at all. */
  readonly late: number;
  /** Shares that are not finite, or failed. */
  readonly refused: number;
  /** How often a share was given to another process, because one gave no sign of life any more. */
  readonly handedOver: number;
  /** Processes that came, and that went, since the round before. */
  readonly joined: number;
  readonly left: number;
}

/** The names of {@link RoundNumbers}. */
export const roundNumbers: ReadonlySet<string> = new Set<keyof RoundNumbers>([
  ...(['processes', 'counted', 'late', 'refused', 'handedOver', 'joined', 'left'] as const),
]);

/** What a round came to. */
export interface RoundOutcome {
  /** By member, in their order; `undefined` for what came too late or does not count. */
  readonly contributions: readonly (Contribution | undefined)[];
  /** What happened, for the record. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** Members who do rounds together, wherever they are. */
export interface Crew {
  readonly workers: number;
  /** @returns `undefined` where it was broken off */
  round(round: Round): Promise<RoundOutcome | undefined>;
}

/** What one member made of its share. */
export interface ShareResult {
  readonly loss: number;
  readonly gradientNorm: number;
  /** `gradient`; or `parameter`, and the slots of the optimiser. Nothing where a number was not finite. */
  readonly groups: StateGroups<TensorValue>;
}
