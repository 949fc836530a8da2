import { type Facts, named, type Need, type Option, path } from '../options/index.js';

/** What an option of a file, or of the name of a model, says besides. */
interface FileFacts {
  /** The file or model that is taken where it is left out, if it is one. */
  readonly file?: () => Promise<string>;
}

/** An option of a measure: declared in the measure's folder and nowhere else, with what a record of scores needs to know of it. */
export interface MeasureOption<Value = unknown, Typed = unknown, Needed extends Need = Need>
  extends Option<Value, Typed, Needed>,
    FileFacts {
  /** Scores depend on what the file holds, not on its name; `named`: it may be the name of a model. */
  readonly holds?: 'file' | 'named';
  /** Whether scores are the same whatever it is; default false. */
  readonly idle?: true;
}

/** Options by their names in TypeScript. */
export type OptionTable = Readonly<Record<string, MeasureOption>>;

/** No options. */
export type NoOptions = Readonly<Record<never, never>>;

/** A file, or the name of a model of the store. */
export const fileOption = (facts: Facts & FileFacts): MeasureOption<string, string, 'optional'> => ({
  ...facts,
  ...path({ value: 'WEIGHTS', ...facts }),
  holds: 'named',
});

/**
 * The same, or what was read from it.
 *
 * @param read who reads it, for messages: `readNiqeModel`
 */
export const weightsOption = <Read>(
  read: string,
  facts: Facts & FileFacts,
): MeasureOption<Read | string, string, 'optional'> => ({
  ...facts,
  ...named<Read>({ value: 'WEIGHTS', expected: `a path, or what ${read} gave`, ...facts }),
  holds: 'named',
});

/** A file or folder that has no name in the store. */
export const pathOption = (facts: Facts & FileFacts): MeasureOption<string, string, 'optional'> => ({
  ...facts,
  ...path({ value: 'PATH', ...facts }),
  holds: 'file',
});
