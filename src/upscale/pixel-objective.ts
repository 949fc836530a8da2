import type { BatchSize, Network } from '../nn/index.js';
import { applyNetwork, pairShapes } from '../nn/index.js';
import type { Tensor, TensorValue } from '../tensor/index.js';
import {
  concat,
  constant,
  groupOf,
  maximum,
  minimum,
  multiply,
  slice,
  stopGradient,
  total,
} from '../tensor/index.js';
import type { Objective } from '../training/index.js';
import { photosOf } from './pair-squares.js';
import { type HonestLosses, honestTerms, pixelsAlone } from './honest-losses.js';

/** What an upscaler learns pixel by pixel from. */
export interface PixelLesson {
  readonly network: Network;
  readonly scale: number;
  readonly size: BatchSize;
  /** Whether the pairs bring sharpened pictures, which are then what the result is compared with. */
  readonly sharpened: boolean;
}

/** What the pixel stage may be told besides its lesson. */
export interface PixelObjectiveOptions {
  /** How the result is compared; default: by its pixels alone. */
  readonly honest?: HonestLosses;
  /**
   * Another network that enlarges by as much: what it makes of the small picture, as it was before noise and JPEG, is then what the
   * result is compared with.
   */
  readonly teacher?: Network;
  /** One that teaches the pairs behind the first {@link photosOf}, and sees them as they are. */
  readonly spoiltTeacher?: Network;
  /** Numbers of the networks that it is compared through, and of teachers ({@link TEACHER}, {@link SPOILT_TEACHER}), by `group/key`. */
  readonly frozen?: Readonly<Record<string, TensorValue>>;
}

/** The group of a teacher's numbers. */
export const TEACHER = 'teacher';
/** The group of the numbers of the teacher of spoilt pictures. */
export const SPOILT_TEACHER = 'spoilt-teacher';

/**
 * The pixel stage of an upscaler: mean |G(low) − high|, and losses through networks where that is asked for. Every adversarial training
 * begins with the network that it gives (ESRGAN, ECCVW 2018; Real-ESRGAN's "ESRNet" with sharpened pictures in place of `high`).
 *
 * With a teacher `high` is what it makes, in [0, 1], of `clean`, which is `low` before noise and JPEG: texture that an adversarial
 * training invents is a function of the small picture, so that pixels can teach it, and what the teacher makes of noise is not learnt.
 * *This program's own.*
 */
export function pixelObjective(
  { network, scale, size, sharpened }: PixelLesson,
  { honest = pixelsAlone, teacher, spoiltTeacher, frozen = {} }: PixelObjectiveOptions = {},
): Objective {
  const shapes = pairShapes(size, scale);
  const truth = sharpened ? 'sharpened' : 'high';
  const networks = Object.entries(frozen).map(
    ([key, { data, shape }]) => [key, constant(data, shape)] as const,
  );
  return {
    inputs: {
      low: { shape: shapes.low },
      ...(teacher === undefined ? { [truth]: { shape: shapes.high } } : { clean: { shape: shapes.low } }),
    },
    loss: (parameters, inputs) => {
      const { low, clean } = inputs;
      if (low === undefined) throw new RangeError('the pairs were not given');
      const numbers = Object.fromEntries(networks);
      const taught = (by: Network, group: string, shown: Tensor): Tensor =>
        stopGradient(minimum(maximum(applyNetwork(by, groupOf(numbers, group), shown), 0), 1));
      const photos = spoiltTeacher === undefined ? size.batch : photosOf(size.batch);
      const spoilt = size.batch - photos;
      const part = (start: number, length: number) => ({ axis: 0, start, length });
      const lessons = [
        teacher && clean && taught(teacher, TEACHER, slice(clean, part(0, photos))),
        spoiltTeacher && spoilt > 0
          ? taught(spoiltTeacher, SPOILT_TEACHER, slice(low, part(photos, spoilt)))
          : undefined,
      ].filter((lesson) => lesson !== undefined);
      const high = teacher === undefined ? inputs[truth] : concat(lessons, 0);
      if (high === undefined) throw new RangeError('the pairs were not given');
      const made = applyNetwork(network, parameters, low);
      const terms = honestTerms(honest, numbers, made, high, scale);
      return total(terms.map(({ loss, weight }) => (weight === 1 ? loss : multiply(loss, weight))));
    },
  };
}
