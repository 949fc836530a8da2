import type { Evaluation, NetworkWeights, SizedPicture } from '../../api/index.js';

/** An evaluation under a name. */
export interface NamedEvaluation<Item extends SizedPicture> {
  /** Short, for people; different for each. */
  readonly label: string;
  /** Where the weights came from. */
  readonly file: string;
  readonly evaluation: Evaluation<NetworkWeights, Item>;
}

/** How evaluations of a task are shown. */
export interface EvaluationKind<Item extends SizedPicture> {
  /** What is done to the pictures, such as `denoising`. */
  readonly doing: string;
  /** What the results are compared with: `noisy`. */
  readonly before: string;
  /** The file that a picture is known by. */
  fileOf(item: Item): string;
  /** What else people should know of the table. */
  readonly explanation?: string;
  /** How the numbers are defined. */
  readonly definitions: string;
  /** What other programs are told besides of each weights' means. */
  readonly facts?: Readonly<Record<string, unknown>>;
}
