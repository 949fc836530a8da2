import { RevelaError } from '../../errors.js';
import { readRegular } from '../../regular-file.js';
import { brisqueFeatureCount } from './brisque-features.js';
import type { BrisqueModel } from './brisque.js';
import { finite, parseSupportVectors } from './support-vectors.js';

/** The public model has 0.4 MB. */
const longestModel = 2 ** 25;

/**
 * Reads BRISQUE's public model, trained on the LIVE database: `allmodel` and `allrange` of its release, the files of
 * LIBSVM's `svm-train` and `svm-scale`.
 *
 * @param modelPath the regression, `brisque_live_allmodel.svm`
 * @param rangePath the ranges, `brisque_live_allrange.txt`
 * @throws RevelaError, one line, if a file cannot be read, is another one or damaged
 *
 * @example
 * const model = await readBrisqueModel('allmodel', 'allrange');
 */
export async function readBrisqueModel(modelPath: string, rangePath: string): Promise<BrisqueModel> {
  const regression = parseSupportVectors(await readText(modelPath), modelPath, brisqueFeatureCount);
  return { regression, ...parseRanges(await readText(rangePath), rangePath) };
}

/** LIBSVM's ranges: `x`, the two numbers that features are scaled between, then number, least and greatest of each. */
export function parseRanges(text: string, name: string): { lowest: Float64Array; highest: Float64Array } {
  const [kind, target, ...rows] = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const numbers = rows
    .slice(0, brisqueFeatureCount + 1)
    .map((row) => row.split(/\s+/, 4).map((text) => finite(text) ?? Number.NaN));
  const whole =
    kind === 'x' &&
    target?.split(/\s+/).map(Number).join() === '-1,1' &&
    numbers.length === brisqueFeatureCount &&
    numbers.every(
      ([index, low = 0, high = 0, more], i) =>
        index === i + 1 && high > low && Number.isFinite(high - low) && more === undefined,
    );
  if (!whole)
    throw new RevelaError(
      `${name} holds no ranges of BRISQUE: expected x, -1 1 and ${brisqueFeatureCount} lines of LIBSVM's svm-scale; give the release's allrange`,
    );
  return {
    lowest: Float64Array.from(numbers, ([, low = 0]) => low),
    highest: Float64Array.from(numbers, ([, , high = 0]) => high),
  };
}

async function readText(path: string): Promise<string> {
  return (await readRegular(path, longestModel)).toString('utf8');
}
