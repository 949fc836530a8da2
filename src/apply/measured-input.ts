import type { NoiseMeasurement } from '../denoise/index.js';
import { RevelaError } from '../errors.js';
import { findRangeFactor, multiplied, type Picture, type PictureInput, pictureOf } from '../images/index.js';
import type { RemovalSettings } from './removal-settings.js';
import { intendedInRange } from './remove-noise.js';
import { withVisibleColours } from './visible-colours.js';

/** A picture in the range of networks, and how much of what a network takes away of it is to be taken away, 0 to 1. */
export interface MeasuredInput {
  readonly mapped: Picture;
  readonly strength: number;
  readonly noise: NoiseMeasurement;
}

/** Reads a picture and measures its noise; `undefined` where it cannot be read, which is told of when its turn comes. */
export async function measuredInput(
  input: PictureInput,
  removing: Pick<RemovalSettings, 'strength'>,
): Promise<MeasuredInput | undefined> {
  try {
    const picture = await withVisibleColours(await pictureOf(input));
    const mapped = await multiplied(picture, await findRangeFactor(picture));
    return { mapped, ...(await intendedInRange(mapped, picture, removing)) };
  } catch (error) {
    if (error instanceof RevelaError) return undefined;
    throw error;
  }
}
