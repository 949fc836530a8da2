import { type IlNiqeModel, ilNiqe, ilNiqeMeasure, readIlNiqeModel } from '../../quality/index.js';
import { modelPath } from '../../weights/index.js';
import { aside, byNumbers } from '../by-numbers.js';
import type { BareMeasure } from '../measure.js';

const ilNiqeAside = aside(ilNiqe);

/** @param given default: the store's model il-niqe */
export async function openIlNiqe(given: string | IlNiqeModel = 'il-niqe'): Promise<BareMeasure> {
  const model = typeof given === 'string' ? await readIlNiqeModel(await modelPath(given)) : given;
  return byNumbers(ilNiqeMeasure, (picture) => ilNiqeAside(picture, model));
}
