import { shippedNiqePath } from '../../models/index.js';
import {
  type NiqeModel,
  niqe,
  niqeMeasure,
  type QualityMeasure,
  readNiqeModel,
} from '../../quality/index.js';
import { modelPath } from '../../weights/index.js';
import { aside, byNumbers } from '../by-numbers.js';
import type { BareMeasure } from '../measure.js';

/** NIQE by the model that the package ships must not be taken for the original's. */
const byOwnModel: QualityMeasure = {
  ...niqeMeasure,
  title: "NIQE (Revela's model)",
  summary: `${niqeMeasure.summary}, by a model of this package: not the published scores`,
};

const niqeAside = aside(niqe);

/** @param niqeModel default: the package's own */
export async function openNiqe(niqeModel: string | NiqeModel | undefined): Promise<BareMeasure> {
  const given = niqeModel ?? shippedNiqePath();
  const model = typeof given === 'string' ? await readNiqeModel(await modelPath(given)) : given;
  const measure = niqeModel === undefined ? byOwnModel : niqeMeasure;
  return byNumbers(measure, (picture) => niqeAside(picture, model));
}
