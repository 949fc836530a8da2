import { join } from 'node:path';
import sharp from 'sharp';
import { measurePatch, together } from './measure.mjs';
import { centresOf } from './patches.mjs';
import { places } from './places.mjs';

/** Measures each photograph of a chart: `{ name, patches, measured }`, the patches without the clipped ones. */
export async function measureCameras(folder) {
  const cameras = [];
  for (const [file, place] of Object.entries(places)) {
    const { data, info } = await sharp(join(folder, file)).raw().toBuffer({ resolveWithObject: true });
    const { centres, side } = centresOf(place, info.width, info.height);
    const patches = centres
      .map(({ x, y }) => window(data, info.width, Math.round(x - side / 2), Math.round(y - side / 2), side))
      .map((pixels) => measurePatch(pixels, side))
      .filter((patch) => patch !== undefined);
    const [maker, model] = file.split('__');
    const name = `${maker} ${model}`.replaceAll('_', ' ').replace(' DS CAMERA', '');
    cameras.push({ name, patches, measured: together(patches) });
  }
  return cameras;
}

/** A square of interleaved samples. */
export function window(data, width, left, top, side) {
  const pixels = new Uint8Array(3 * side * side);
  for (let y = 0; y < side; y++) {
    const from = 3 * ((top + y) * width + left);
    pixels.set(data.subarray(from, from + 3 * side), 3 * y * side);
  }
  return pixels;
}
