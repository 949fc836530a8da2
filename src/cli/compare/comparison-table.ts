import type { PairScores, ReferenceMeasure } from '../../api/index.js';
import { csvLine } from '../terminal/csv-line.js';
import { textTable } from '../terminal/text-table.js';

/** What was measured of one picture. */
export interface ComparedPair extends PairScores {
  /** What both names have in common, for people. */
  readonly name: string;
  readonly picture: string;
  readonly reference: string;
}

/** The means of the pictures' scores, by the names of the measures. */
export function meanScores(
  measures: readonly ReferenceMeasure[],
  pairs: readonly ComparedPair[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    measures.map(({ name }) => [
      name,
      pairs.reduce((sum, { scores }) => sum + (scores[name] ?? Number.NaN), 0) / pairs.length,
    ]),
  );
}

/** A table of the pictures, with the means below where there are several, and what the numbers are. */
export function comparisonText(
  measures: readonly ReferenceMeasure[],
  pairs: readonly ComparedPair[],
  border: number,
): string {
  const cells = (scores: Readonly<Record<string, number>>): readonly string[] =>
    measures.map((measure) => scoreText(measure, scores[measure.name]));
  const rows = [
    ['picture', 'pixels', ...measures.map(({ title }) => title)],
    undefined,
    ...pairs.map(({ name, width, height, scores }) => [name, `${width}×${height}`, ...cells(scores)]),
    ...(pairs.length > 1 ? [undefined, ['mean', '', ...cells(meanScores(measures, pairs))]] : []),
  ];
  const explanations = measures.map(
    ({ title, summary, better }) => `${title}: ${summary}; ${better} is better.`,
  );
  const without = border === 0 ? [] : [`Without a border of ${border} pixels on every side.`];
  return [...textTable(rows), '', ...explanations, ...without, depthText(pairs), ''].join('\n');
}

/** On how many bits the pixels were compared. */
function depthText(pairs: readonly ComparedPair[]): string {
  const deep = pairs.filter(({ bits }) => bits === 16).length;
  if (deep === 0) return 'Compared on 8 bits.';
  return deep === pairs.length
    ? 'Pixels compared on 16 bits; measures that look through a network on 8.'
    : `Compared on 8 bits, of ${deep} of the ${pairs.length} pairs, both of which have 16, pixels on 16.`;
}

/** What spreads over tens, as decibels do, has two places, all others four. */
function scoreText({ range, usual = range }: ReferenceMeasure, score: number | undefined): string {
  if (score === undefined) return '–';
  return Number.isFinite(score) ? score.toFixed(usual[1] - usual[0] >= 10 ? 2 : 4) : '∞';
}

/**
 * The same as comma-separated values (RFC 4180): a line for each pair, of the kind `picture`, and one of the kind `mean`.
 */
export function comparisonCsv(measures: readonly ReferenceMeasure[], pairs: readonly ComparedPair[]): string {
  const names = measures.map(({ name }) => name);
  const cells = (scores: Readonly<Record<string, number>>): readonly (string | number)[] =>
    names.map((name) => scores[name] ?? '');
  return [
    csvLine(['kind', 'name', 'picture', 'reference', 'width', 'height', 'bits', ...names]),
    ...pairs.map(({ name, picture, reference, width, height, bits, scores }) =>
      csvLine(['picture', name, picture, reference, width, height, bits, ...cells(scores)]),
    ),
    csvLine(['mean', '', '', '', '', '', '', ...cells(meanScores(measures, pairs))]),
  ].join('');
}
