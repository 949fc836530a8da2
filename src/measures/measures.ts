import { OptionError, optionError } from '../errors.js';
import type { QualityMeasure } from '../quality/index.js';
import { list } from './list.js';

/** An entry of the list. */
export type Measure = (typeof list)[number];
/** A measure that judges a picture alone. */
export type Scoring = Extract<Measure, { readonly kind: 'scoring' }>;
/** A measure that compares with a reference. */
export type Comparing = Exclude<Measure, Scoring>;

/** The measures that judge a picture alone, as users name them. */
export type MeasureName = Scoring['facts']['name'];
/** The measures that compare with a reference, as users name them. */
export type ReferenceMeasureName = Comparing['facts']['name'];

const isScoring = (measure: Measure): measure is Scoring => measure.kind === 'scoring';
const isComparing = (measure: Measure): measure is Comparing => measure.kind !== 'scoring';

/** The entries of the measures that judge a picture alone. */
export const scoringMeasures: readonly Scoring[] = list.filter(isScoring);
/** The entries of the measures that compare with a reference. */
export const comparingMeasures: readonly Comparing[] = list.filter(isComparing);

/** The names of the {@link measures}, the default first. */
export const measureNames: readonly MeasureName[] = scoringMeasures.map(({ facts }) => facts.name);

/** The measure that is meant where none is named. */
export const defaultMeasure: MeasureName = 'revela';

/** What is measured of two pictures where nothing is named. */
export const defaultReferenceMetrics: readonly ReferenceMeasureName[] = ['psnr', 'ssim'];

/**
 * The measures that judge a picture alone, by name: range, which direction is better, what they need and refuse, who
 * defined them.
 *
 * @example
 * for (const { name, better, range } of Object.values(measures)) console.log(name, better, range);
 */
export const measures: Readonly<Record<MeasureName, QualityMeasure>> = factsByName(scoringMeasures);

/** What is to be known about the measures that compare with a reference. */
export const referenceMeasures: readonly ReferenceMeasure[] = comparingMeasures.map(({ facts }) => facts);

/** What is to be known about a measure that compares with a reference. */
export type ReferenceMeasure = QualityMeasure<ReferenceMeasureName>;

/** The pages of docs/ that tell of the {@link measures}. */
export const docsPages: Readonly<Record<string, string>> = Object.fromEntries(
  scoringMeasures.map(({ facts, page }) => [facts.name, page]),
);

function factsByName<Entry extends { readonly facts: QualityMeasure }>(
  entries: readonly Entry[],
): { readonly [Name in Entry['facts']['name']]: QualityMeasure };
function factsByName(entries: readonly { readonly facts: QualityMeasure }[]): object {
  return Object.fromEntries(entries.map(({ facts }) => [facts.name, facts]));
}

/** Papers and programs differ in capital letters and hyphens. */
const plain = (name: string): string => name.toLowerCase().replaceAll('-', '');

function named<Entry extends Measure>(entries: readonly Entry[], name: string): Entry {
  const found = entries.find(({ facts }) => plain(facts.name) === plain(name));
  if (found !== undefined) return found;
  throw optionError('metrics', `one of ${entries.map(({ facts }) => facts.name).join(', ')}`, name);
}

function allNamed<Entry extends Measure>(
  names: readonly string[],
  entryNamed: (name: string) => Entry,
): readonly Entry[] {
  if (names.length === 0) throw new OptionError('`metrics` needs the name of a measure');
  const found = names.map(entryNamed);
  const twice = found.find((measure, i) => found.indexOf(measure) < i);
  if (twice !== undefined) throw new OptionError(`\`metrics\` names ${twice.facts.name} twice`);
  return found;
}

/** The entry of a measure that judges a picture alone. */
export const scoringMeasure = (name: string): Scoring => named(scoringMeasures, name);

/**
 * The measure that was named, in any case and with or without hyphens: papers and programs differ in them.
 *
 * @throws OptionError for a name that no such measure has
 *
 * @example
 * measureNamed('IL-NIQE') === measureNamed('ilniqe'); // 'il-niqe'
 */
export const measureNamed = (name: string): MeasureName => scoringMeasure(name).facts.name;

/**
 * The measures of a list of names, each once; the default where there is none.
 *
 * @throws OptionError for a name that no measure has, and one that is there twice
 */
export const settledMetrics = (names: readonly string[] = [defaultMeasure]): readonly MeasureName[] =>
  allNamed(names, scoringMeasure).map(({ facts }) => facts.name);

/**
 * The entries of measures of two pictures; `lpips` alone means its first network.
 *
 * @throws OptionError for a name that no measure of two pictures has, and for one that is there twice
 */
export const comparingMeasuresNamed = (
  names: readonly string[] = defaultReferenceMetrics,
): readonly Comparing[] =>
  allNamed(
    names,
    (name) =>
      comparingMeasures.find((measure) => measure.kind === 'features' && measure.family === plain(name)) ??
      named(comparingMeasures, name),
  );
