import type { DeviceOptions } from '../apply/index.js';
import type { DistanceFiles } from '../models/index.js';
import type { FeatureMeasure } from './measure.js';
import type { MeasureOption, OptionsOf, OptionTable } from './measure-option.js';
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
  readonly files?: FilesOfDistances;
}

/** The files of measures that look through a network, by what they look through. */
export type FilesOfDistances = {
  readonly [Name in Extract<Comparing, { readonly kind: 'features' }>['distance']]?: DistanceFiles;
};

/** An option, and whose it is. */
export interface OwnedOption {
  readonly name: string;
  readonly option: MeasureOption;
  /** The names of the measures that have it. */
  readonly owners: readonly string[];
}

/** The options of measures, each once, in the order of the measures; its words are those of the first that has it. */
function owned(tables: readonly (readonly [owner: string, table: OptionTable])[]): readonly OwnedOption[] {
  const found = new Map<string, OwnedOption>();
  for (const [owner, table] of tables)
    for (const [name, option] of Object.entries(table)) {
      const before = found.get(name);
      found.set(
        name,
        before === undefined
          ? { name, option, owners: [owner] }
          : { ...before, owners: [...before.owners, owner] },
      );
    }
  return [...found.values()];
}

/** The options of the measures that judge pictures alone: first what they are made of, then how they look. */
export const scoringOptions: readonly OwnedOption[] = owned([
  ...scoringMeasures.map(({ facts, options }) => [facts.name, options] as const),
  ...scoringMeasures.map(({ facts, looking }) => [facts.name, looking] as const),
]);

/** The options of the measures that compare, besides their files. */
export const comparingOptions: readonly OwnedOption[] = owned(
  comparingMeasures.map(({ facts, options }) => [facts.name, options]),
);

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
