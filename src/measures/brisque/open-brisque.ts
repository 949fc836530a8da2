import { OptionError, optionError } from '../../errors.js';
import { type BrisqueModel, brisque, brisqueMeasure, readBrisqueModel } from '../../quality/index.js';
import { modelPath } from '../../weights/index.js';
import { aside, byNumbers } from '../by-numbers.js';
import type { BareMeasure } from '../measure.js';

const brisqueAside = aside(brisque);

/** @throws RevelaError unless both files are given, or what was read of them */
export async function openBrisque({
  brisqueModel: given,
  brisqueRange: range,
}: {
  readonly brisqueModel?: string | BrisqueModel | undefined;
  readonly brisqueRange?: string | undefined;
}): Promise<BareMeasure> {
  if (given === undefined || (typeof given === 'string' && range === undefined))
    throw new OptionError(
      'BRISQUE needs what it learnt from opinions: give allmodel and allrange of its release, `brisqueModel` and `brisqueRange`',
    );
  if (typeof given === 'object' && !('regression' in given))
    throw optionError('brisqueModel', 'a path, or what readBrisqueModel gave', given);
  const model =
    typeof given === 'string'
      ? await readBrisqueModel(await modelPath(given), await modelPath(range ?? ''))
      : given;
  return byNumbers(brisqueMeasure, (picture) => brisqueAside(picture, model));
}
