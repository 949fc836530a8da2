import { setImmediate } from 'node:timers/promises';
import { RevelaError } from '../errors.js';
import type { Picture } from '../images/index.js';
import { muchInThread, sharedFloats } from '../in-thread.js';
import { createRandom } from '../random.js';
import { crop } from '../noise/index.js';
import { type DegradationKind, degradePlanes, sharpen } from '../upscale/index.js';
import { resizedAlpha } from '../apply/index.js';
import { present } from '../present.js';

/** How a picture is degraded, settled. */
export interface Degradation {
  readonly kind: DegradationKind;
  readonly scale: number;
  readonly amount: number | undefined;
  readonly seed: number;
  readonly index: number;
  readonly sharpens: boolean;
  /** What is white in the result, 255 or 65,535. */
  readonly white: number;
}

/** Of a picture, what is looked at, and what becomes of it. */
export type DegradedPixels = Pick<Picture, 'width' | 'height' | 'channels' | 'data' | 'alpha'>;

/** Work that another thread can be told to stop. */
export interface Stop {
  /** One number in shared memory: not 0 once it is to stop. */
  readonly flag: Int32Array;
}

/**
 * Cuts a picture to multiples of the scale and degrades it, opacity too.
 *
 * @throws RevelaError where it was told to stop
 */
export async function degradedCopy(
  picture: DegradedPixels,
  { kind, scale, amount, seed, index, sharpens, white }: Degradation,
  { flag }: Stop,
): Promise<DegradedPixels> {
  const part = {
    ...{ left: 0, top: 0 },
    width: picture.width - (picture.width % scale),
    height: picture.height - (picture.height % scale),
  };
  const pause = async (): Promise<void> => {
    await setImmediate(); // lets a signal be heard
    if (Atomics.load(flag, 0) !== 0) throw new RevelaError('stopped');
  };
  await pause();
  const whole = crop(picture, part);
  const { width, height, channels, data } = await degradePlanes(
    kind,
    sharpens ? sharpen(whole) : whole,
    scale,
    createRandom(seed, index),
    { pause, white, ...present({ amount }) },
  );
  const { alpha } = picture;
  // Whoever writes the picture asks other threads for it.
  const shared = sharedFloats(data.length);
  shared.set(data);
  return {
    ...{ width, height, channels: channels === 1 ? 1 : 3, data: shared },
    ...present({
      alpha:
        alpha === undefined ? undefined : resizedAlpha(partOf(alpha, picture, part), part, { width, height }),
    }),
  };
}

/** {@link degradedCopy}, of a large picture in another thread. */
export const degradedAside = muchInThread(
  new URL('./degraded-copy.js', import.meta.url),
  degradedCopy,
  // Noise, blurs and JPEG are much work for each value.
  ({ data }) => 8 * data.length,
);

/** The opacity of a part of a picture. */
function partOf(
  alpha: Uint8Array | Uint16Array,
  picture: { readonly width: number; readonly height: number },
  part: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
): Uint8Array | Uint16Array {
  const length = part.width * part.height;
  const cut = alpha instanceof Uint8Array ? new Uint8Array(length) : new Uint16Array(length);
  for (let y = 0; y < part.height; y++) {
    const from = (part.top + y) * picture.width + part.left;
    cut.set(alpha.subarray(from, from + part.width), y * part.width);
  }
  return cut;
}
