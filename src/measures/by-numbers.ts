import type { Planes } from '../pixels/index.js';
import { disposable } from '../belongings.js';
import { type Picture, type PictureInput, pictureOf } from '../images/index.js';
import { muchInThread } from '../in-thread.js';
import type { QualityMeasure } from '../quality/index.js';
import type { BareMeasure } from './measure.js';

const qualityRoom = new URL('../quality/index.js', import.meta.url);

/** A function of the room quality, for large pictures in another thread. */
export const aside = <Model>(
  compute: (picture: Planes, model: Model) => number,
): ((picture: Planes, model: Model) => Promise<number>) =>
  muchInThread(qualityRoom, compute, ({ data }) => data.length);

/** A measure that is computed number by number, without a device. */
export function byNumbers(
  measure: QualityMeasure,
  compute: (picture: Picture) => number | Promise<number>,
): BareMeasure {
  return disposable({
    measure,
    score: async (input: PictureInput) => compute(await pictureOf(input)),
    async close() {},
  });
}
