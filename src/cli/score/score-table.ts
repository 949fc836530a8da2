import { type RankedPicture, scoreOf, type QualityMeasure } from '../../api/index.js';
import { csvLine } from '../terminal/csv-line.js';
import { type Fact, factsText } from '../terminal/facts-text.js';
import { textTable } from '../terminal/text-table.js';

/** A score for people: two places where scores spread over tens, otherwise four. */
export function scoreText({ range, usual = range }: QualityMeasure, score: number | undefined): string {
  if (score === undefined) return '–';
  return score.toFixed(usual[1] - usual[0] >= 50 ? 2 : 4);
}

/** A score with what it is of: `NIQE 4.31, lower is better`. */
export function namedScoreText(measure: QualityMeasure, scores: RankedPicture['scores']): string {
  return `${measure.title} ${scoreText(measure, scoreOf(scores, measure))}, ${measure.better} is better`;
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
      String(rank ?? '–').padStart(Math.max(width, 'rank'.length)),
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
      csvLine([rank ?? '', picture, ...measures.map((measure) => scoreOf(scores, measure) ?? '')]),
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
