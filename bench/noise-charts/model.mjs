import { cameraNoise, noisyPair } from '../../dist/noise/index.js';
import { createRandom } from '../../dist/random.js';
import { measurePatch, together } from './measure.mjs';

/** Patches of the drawn charts, in pixels: windows have 32 and more when the picture is made smaller. */
const patchSide = 80;
const columns = 6;
const smallest = 0.6;
const share = 0.7;

/**
 * Photographs, so often for each camera, a chart of the colours that the camera's own photograph has; measured as
 * cameras are.
 */
export async function measureModel(cameras, drawsEach) {
  const draws = [];
  for (const [index, { patches }] of cameras.entries())
    for (let draw = 0; draw < drawsEach; draw++) draws.push(await photographed(patches, index, draw));
  return draws;
}

async function photographed(patches, index, draw) {
  const rows = Math.ceil(patches.length / columns);
  const [width, height] = [columns * patchSide, rows * patchSide];
  const data = new Float32Array(3 * width * height).fill(0.1);
  for (const [i, { colour }] of patches.entries())
    for (const [channel, value] of colour.entries())
      for (let y = 0; y < patchSide; y++) {
        const from = (channel * height + Math.floor(i / columns) * patchSide + y) * width;
        const left = (i % columns) * patchSide;
        data.fill(value / 255, from + left, from + left + patchSide);
      }
  const { noisy } = await noisyPair({ channels: 3, width, height, data }, createRandom(14, index, draw), {
    settings: { ...cameraNoise, eightBits: 1 },
    least: Math.ceil(smallest * Math.min(width, height)),
  });
  const scale = { x: noisy.width / width, y: noisy.height / height };
  const side = 8 * Math.floor((share * patchSide * Math.min(scale.x, scale.y)) / 8);
  const measured = patches.map((_, i) => {
    const left = Math.round(((i % columns) + 0.5) * patchSide * scale.x - side / 2);
    const top = Math.round((Math.floor(i / columns) + 0.5) * patchSide * scale.y - side / 2);
    return measurePatch(interleaved(noisy, left, top, side), side);
  });
  const unclipped = measured.filter((patch) => patch !== undefined);
  return { patches: unclipped, measured: together(unclipped) };
}

function interleaved({ data, width, height }, left, top, side) {
  const pixels = new Uint8Array(3 * side * side);
  for (let channel = 0; channel < 3; channel++)
    for (let p = 0; p < side * side; p++) {
      const [x, y] = [left + (p % side), top + Math.floor(p / side)];
      pixels[3 * p + channel] = Math.round(255 * data[(channel * height + y) * width + x]);
    }
  return pixels;
}
