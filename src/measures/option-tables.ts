import type { DeviceOptions } from '../apply/index.js';
import type { DistanceFiles } from '../models/index.js';
import type { FeatureMeasure } from './measure.js';
import { checkValue, type Options, type OptionsOf } from '../options/index.js';
import type { MeasureOption, OptionTable } from './measure-option.js';
import {
  type Comparing,
  comparingMeasures,
  type Measure,
  type Scoring,
  scoringMeasures,
} from './measures.js';

/** `A & B` of `A | B`. */
type Together<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** The values of the options of several tables. */
type OptionsOfEach<Table> = Together<Table extends unknown ? OptionsOf<Table> : never>;

/** A measure that can be trained by. */
type Differentiable = Extract<Measure, { readonly loss: unknown }>;

/** The name of a measure that can be a loss. */
export type LossName = Differentiable['facts']['name'];

/** The values of what measures of single pictures are made of, and how these look at them. */
export interface ScoringOptions extends OptionsOfEach<Scoring['options'] | Scoring['looking']> {}

/** The values of what measures that compare are made of. */
export interface ComparingOptions extends OptionsOfEach<Comparing['options']> {}

/** Options of `openLoss`: those of the measure that the loss is. */
export interface LossOptions extends DeviceOptions, OptionsOfEach<Differentiable['options']> {
  /** Files of the measures that look through a network, as for `compare`. */
  readonly files?: FilesOfDistances | undefined;
}

/** The files of measures that look through a network, by what they look through. */
export type FilesOfDistances = {
  readonly [Name in Extract<Comparing, { readonly kind: 'features' }>['distance']]?:
    | DistanceFiles
    | undefined;
};

/** The options of measures, each once, in the order of the measures; its words are those of the first that has it. */
export function together(tables: readonly (readonly [owner: string, table: OptionTable])[]): OptionTable {
  const found: Record<string, MeasureOption> = {};
  for (const [owner, table] of tables)
    for (const [name, option] of Object.entries(table)) {
      const first = found[name] ?? option;
      found[name] = { ...first, of: [...(first.of ?? []), owner] };
    }
  return found;
}

/** The options of the measures that judge pictures alone: first what they are made of, then how they look. */
export const scoringOptions: OptionTable = together([
  ...scoringMeasures.map(({ facts, options }) => [facts.name, options] as const),
  ...scoringMeasures.map(({ facts, looking }) => [facts.name, looking] as const),
]);

/** The options of the measures that compare, besides their files. */
export const comparingOptions: OptionTable = together(
  comparingMeasures.map(({ facts, options }) => [facts.name, options]),
);

/**
 * Of options of several measures, which were checked, those of one: of a name that they share it may take less than the first of them.
 *
 * @throws OptionError that names the option
 */
export function ownOptions(table: Options, given: object): Readonly<Record<string, unknown>> {
  const own: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const option = Object.hasOwn(table, name) ? table[name] : undefined;
    if (option === undefined || value === undefined) continue;
    checkValue(option, value, name);
    own[name] = value;
  }
  return own;
}

/** The entries of the measures that look through a network. */
export const featureMeasures = comparingMeasures.filter((measure) => measure.kind === 'features');

/** The models of the store that measures by features are made of, by what they look through. */
export const distanceModels: { readonly [Name in keyof FilesOfDistances]-?: DistanceFiles } =
  modelsByDistance(featureMeasures);

function modelsByDistance<Entry extends Pick<FeatureMeasure, 'distance' | 'files'>>(
  entries: readonly Entry[],
): { readonly [Name in Entry['distance']]: DistanceFiles };
function modelsByDistance(entries: readonly Pick<FeatureMeasure, 'distance' | 'files'>[]): object {
  return Object.fromEntries(entries.map(({ distance, files }) => [distance, files]));
}

/** Measures by features whose files the command calls alike: LPIPS's networks. */
export interface DistanceFamily {
  readonly family: string;
  /** By what they look through, and the models that each is made of. */
  readonly members: readonly Pick<(typeof featureMeasures)[number], 'distance' | 'files'>[];
}

/** The families, in the order of the measures. */
export const distanceFamilies: readonly DistanceFamily[] = [
  ...new Set(featureMeasures.map(({ family }) => family)),
].map((family) => ({ family, members: featureMeasures.filter((one) => one.family === family) }));
