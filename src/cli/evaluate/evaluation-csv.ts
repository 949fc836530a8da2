import type { MeanScore, SizedPicture } from '../../api/index.js';
import { csvLine } from '../terminal/csv-line.js';
import type { EvaluationKind, NamedEvaluation } from './evaluation-kind.js';

/**
 * Evaluations as comma-separated values (RFC 4180): a line for each picture and weights, of the kind `picture`, and one
 * for the mean of each weights, of the kind `mean`, whose seconds are the sum.
 */
export function evaluationCsv<Item extends SizedPicture>(
  evaluations: readonly NamedEvaluation<Item>[],
  { before, fileOf }: EvaluationKind<Item>,
): string {
  const lines = evaluations.flatMap(({ file, evaluation: { pictures, mean } }) => [
    ...pictures.map((score) =>
      csvLine(['picture', file, fileOf(score), score.width, score.height, ...scoreCells(score)]),
    ),
    ...(mean === undefined ? [] : [csvLine(['mean', file, '', '', '', ...scoreCells(mean)])]),
  ]);
  return [csvLine(columns(before)), ...lines].join('');
}

const columns = (before: string): readonly string[] => [
  ...['kind', 'weights', 'picture', 'width', 'height'],
  ...[`${before}Psnr`, `${before}Ssim`, 'psnr', 'ssim', 'seconds', 'pixelsPerSecond'],
];

function scoreCells({ before, after, seconds, pixelsPerSecond }: MeanScore): readonly number[] {
  return [before.psnr, before.ssim, after.psnr, after.ssim, seconds, Math.round(pixelsPerSecond)];
}
