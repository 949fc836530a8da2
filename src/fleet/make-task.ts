import type { DeviceChoices } from './maker.js';
import type { Recipe } from './recipe.js';
import type { SentError } from '../sent-error.js';

/** What the process that works on pictures is asked for: one picture. */
export interface MakeTask extends DeviceChoices {
  readonly id: number;
  readonly recipe: Recipe;
  /** The file of the weights, where the recipe has them. */
  readonly weights?: string;
  readonly input: string;
  readonly output: string;
  readonly sha256: string;
  /** The place of the picture in the shared folder. */
  readonly place: string;
}

/** What came of it: the result is written, the picture cannot be done, or this machine cannot do what the recipe says. */
export type Outcome =
  | { readonly outcome: 'made'; readonly lost: readonly string[] }
  | { readonly outcome: 'failed' | 'unable'; readonly error: SentError };

/** The answer to a task. */
export interface FromMaker {
  readonly id: number;
  readonly came: Outcome;
}
