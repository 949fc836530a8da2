import type { MeanScore, PictureScore } from '../library/index.js';
import type { NamedEvaluation } from './evaluation-text.js';

const columns = [
  'kind',
  'weights',
  'picture',
  'width',
  'height',
  'noisyPsnr',
  'noisySsim',
  'psnr',
  'ssim',
  'seconds',
  'pixelsPerSecond',
] as const;

/**
 * Evaluations as comma-separated values (RFC 4180): a line for each picture and weights, of the kind `picture`, and one
 * for the mean of each weights, of the kind `mean`, whose seconds are the sum.
 */
export function evaluationCsv(evaluations: readonly NamedEvaluation[]): string {
  const lines = evaluations.flatMap(({ file, evaluation: { pictures, mean } }) => [
    ...pictures.map((score) => pictureLine(file, score)),
    ...(mean === undefined ? [] : [csvLine(['mean', file, '', '', '', ...scoreCells(mean)])]),
  ]);
  return [csvLine(columns), ...lines].join('');
}

function pictureLine(file: string, score: PictureScore): string {
  const { noisy, width, height } = score;
  return csvLine(['picture', file, noisy, width, height, ...scoreCells(score)]);
}

function scoreCells({ before, after, seconds, pixelsPerSecond }: MeanScore): readonly number[] {
  return [before.psnr, before.ssim, after.psnr, after.ssim, seconds, Math.round(pixelsPerSecond)];
}

function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
