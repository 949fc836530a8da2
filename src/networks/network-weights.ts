import type { TensorValue } from '../tensor/index.js';
import type { NetworkDescription } from './architecture.js';

/** How weights came about; kept in their file. Every field is optional because files of others may lack it. */
export interface TrainingRecord {
  readonly method?: string;
  readonly steps?: number;
  readonly seconds?: number;
  readonly seed?: number;
  readonly pictures?: number;
  readonly command?: string;
  readonly startedFrom?: string;
  readonly date?: string;
  /** What they were measured to be worth at their last step: see the fields of `metrics.jsonl`. */
  readonly validationPsnr?: number;
  readonly validationSsim?: number;
  readonly validationLpips?: number;
  readonly validationLoss?: number;
  readonly validationRanking?: number;
}

/** A network with its parameters, and how they came about. */
export interface NetworkWeights {
  /** The method that it was trained by; left out where its file does not say so. */
  readonly method?: string;
  readonly description: NetworkDescription;
  /** By state-dict key. */
  readonly parameters: Readonly<Record<string, TensorValue>>;
  readonly record: TrainingRecord;
  readonly licence: string;
}

/** What a training gives: it is known by which method. */
export interface LearntWeights extends NetworkWeights {
  readonly method: string;
}

/** Weights in the form in which the network is used, which for most is the one in which it is learnt. */
export function inUse<Weights extends NetworkWeights>(weights: Weights): Weights {
  const { folded } = weights.description;
  if (folded === undefined) return weights;
  return { ...weights, description: folded.description, parameters: folded.parameters(weights.parameters) };
}
