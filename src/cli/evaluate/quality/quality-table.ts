import {
  directionText,
  type JudgedPicture,
  type MeasureAgreement,
  type QualityEvaluation,
  type Agreement,
  type Estimate,
} from '../../../api/index.js';
import { csvLine } from '../../terminal/csv-line.js';
import { textTable } from '../../terminal/text-table.js';

/** The correlations, in the order of tables. */
const coefficients: readonly (keyof Pick<Agreement, 'srcc' | 'plcc' | 'krcc'>)[] = ['srcc', 'plcc', 'krcc'];

/** A table of the measures, for people. */
export function qualityText(evaluation: QualityEvaluation, definitions: string, intervals: string): string {
  const { measures, pictures } = evaluation;
  const rows = [
    ['measure', 'pictures', 'SRCC', '', 'PLCC', '', 'KRCC', ''],
    undefined,
    ...measures.map(({ measure, agreement }) => [
      measure.title,
      String(pictures.length),
      ...coefficients.flatMap((name) => (agreement === undefined ? ['–', ''] : cells(agreement[name]))),
    ]),
  ];
  const refusals = measures.flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal]));
  return [
    ...textTable(rows),
    '',
    ...refusals,
    `${definitions}.`,
    `${directionText(evaluation)}.`,
    intervals,
    '',
  ].join('\n');
}

function cells({ value, low, high }: Estimate): readonly string[] {
  return [value.toFixed(3), low === high ? '' : `(${low.toFixed(3)} to ${high.toFixed(3)})`];
}

/**
 * The same as comma-separated values (RFC 4180): a line for each picture and measure, of the kind `picture`, and one of the
 * kind `measure` for each measure; `betterOpinion` says which opinions were taken for good.
 */
export function qualityCsv({ measures, pictures, better }: QualityEvaluation): string {
  const ends = coefficients.flatMap((name) => [name, `${name}Low`, `${name}High`]);
  return [
    csvLine(['kind', 'measure', 'picture', 'opinion', 'score', 'pictures', ...ends, 'betterOpinion']),
    ...measures.flatMap((entry) => measureLines(entry, pictures, better)),
  ].join('');
}

function measureLines(
  { measure, agreement }: MeasureAgreement,
  pictures: readonly JudgedPicture[],
  better: 'higher' | 'lower',
): readonly string[] {
  const numbers = coefficients.flatMap((name): readonly (string | number)[] => {
    if (agreement === undefined) return ['', '', ''];
    const { value, low, high } = agreement[name];
    return [value, low, high];
  });
  const none = numbers.map(() => '');
  return [
    ...pictures.map(({ name, opinion, scores }) =>
      csvLine(['picture', measure.name, name, opinion, scores[measure.name] ?? '', '', ...none, better]),
    ),
    csvLine(['measure', measure.name, '', '', '', pictures.length, ...numbers, better]),
  ];
}
