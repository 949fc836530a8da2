import type { ScoredPicture, ScoredPictures } from '../library/index.js';
import type { QualityMeasure } from '../quality/index.js';
import { csvLine } from './csv-line.js';
import { type Fact, factsText } from './info-text.js';
import { textTable } from './text-table.js';

/** A scored picture and its place among all: 1 is the best. Equal scores share a place. */
export interface RankedPicture extends ScoredPicture {
  readonly rank: number;
}

/** Ranks pictures by the first measure, in the order they came; those that it could not judge are last. */
export function ranked({
  measures: [first],
  pictures,
}: Pick<ScoredPictures, 'measures' | 'pictures'>): readonly RankedPicture[] {
  const goodness = ({ scores }: ScoredPicture): number => {
    const score = first === undefined ? undefined : scoreOf(scores, first);
    if (score === undefined) return Number.NEGATIVE_INFINITY;
    return first?.better === 'higher' ? score : -score;
  };
  const places = pictures.map(goodness).sort((a, b) => (a === b ? 0 : b - a));
  const firstPlace = new Map<number, number>();
  for (const [i, place] of places.entries()) if (!firstPlace.has(place)) firstPlace.set(place, i + 1);
  return pictures.map((picture) => ({ ...picture, rank: firstPlace.get(goodness(picture)) ?? 1 }));
}

/** The best first; of equal ones the order stays. */
export function bestFirst(pictures: readonly RankedPicture[]): readonly RankedPicture[] {
  return [...pictures].sort((a, b) => a.rank - b.rank);
}

/** The score that a measure gave. */
export function scoreOf(scores: ScoredPicture['scores'], { name }: QualityMeasure): number | undefined {
  return Object.entries(scores).find(([key]) => key === name)?.[1];
}

/** A score for people: two places where scores spread over tens, otherwise four. */
export function scoreText({ range, usual = range }: QualityMeasure, score: number | undefined): string {
  if (score === undefined) return '–';
  return score.toFixed(usual[1] - usual[0] >= 50 ? 2 : 4);
}

/** A table of ranked pictures, and what the numbers are. */
export function scoresText(measures: readonly QualityMeasure[], pictures: readonly RankedPicture[]): string {
  const width = String(pictures.length).length;
  const rows = [
    [
      'rank',
      'picture',
      ...measures.map(({ title, better }) => `${title} ${better === 'higher' ? '↑' : '↓'}`),
    ],
    undefined,
    ...pictures.map(({ rank, picture, scores }) => [
      String(rank).padStart(Math.max(width, 'rank'.length)),
      picture,
      ...measures.map((measure) => scoreText(measure, scoreOf(scores, measure))),
    ]),
  ];
  const explanations = measures.map(
    (measure) => `${measure.title}: ${rangeText(measure)}, ${measure.better} is better; ${measure.summary}.`,
  );
  return [...textTable(rows, 2), '', ...explanations, ''].join('\n');
}

/** The same as comma-separated values (RFC 4180). A cell is empty where a measure could not judge. */
export function scoresCsv(measures: readonly QualityMeasure[], pictures: readonly RankedPicture[]): string {
  return [
    csvLine(['rank', 'picture', ...measures.map(({ name }) => name)]),
    ...pictures.map(({ rank, picture, scores }) =>
      csvLine([rank, picture, ...measures.map((measure) => scoreOf(scores, measure) ?? '')]),
    ),
  ].join('');
}

/** `0 to 100`, `0 and more, usually 2 to 15`. */
function rangeText({ range: [least, greatest], usual }: QualityMeasure): string {
  const usually = usual === undefined ? '' : `, usually ${usual[0]} to ${usual[1]}`;
  if (Number.isFinite(least))
    return `${Number.isFinite(greatest) ? `${least} to ${greatest}` : `${least} and more`}${usually}`;
  return `any number${usually}`;
}

/** What is to be known about measures: a block of lines for each. */
export function measuresText(measures: readonly QualityMeasure[]): string {
  return measures.map((measure) => factsText(measure.name, factsOf(measure))).join('\n');
}

function factsOf(measure: QualityMeasure): Fact[] {
  const { title, summary, better, smallest, refuses, needs, source } = measure;
  return [
    ['what', `${title}: ${summary}`],
    ['scores', `${rangeText(measure)}; ${better} is better`],
    ['needs', needs.length === 0 ? 'nothing' : needs.join('; ')],
    ['refuses', `pictures below ${smallest.width}×${smallest.height} pixels; ${refuses}`],
    ['source', source],
  ];
}
