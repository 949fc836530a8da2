import type { Planes } from '#src/pixels/index.js';
import { expect, test } from 'vitest';
import { openDists, openLpips, type PictureDistance } from '#src/api/index.js';
import { dists, lpips, lpipsNetworks } from '#src/quality/index.js';
import type { Tensor, TensorRecord, TensorValue } from '#src/tensor/index.js';
import { grouped, trace } from '#src/tensor/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { madeBackbone, madeDistsWeights, madeHeads } from '../models/distances.js';

const cpu = cpuRuntime();

/** A picture whose parts differ, so that a piece that is left out or counted twice changes the distance. */
function picture(width: number, height: number, phase: number, channels = 3): Planes {
  const data = Float32Array.from({ length: channels * height * width }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const local = Math.sin(x / 40 + phase) * Math.cos(y / 55);
    const value = 0.5 + 0.2 * local + 0.25 * Math.sin(i * (0.3 + x / width) + phase * local);
    return Math.round(255 * value) / 255;
  });
  return { width, height, channels, data };
}

const tensorOf = ({ channels, height, width, data }: Planes): TensorValue => ({
  data,
  shape: [1, channels, height, width],
  dtype: 'float32',
});

/** The distance of whole pictures, by the tensor program. */
async function whole(
  a: Planes,
  b: Planes,
  own: Readonly<Record<string, TensorValue>>,
  backbone: Readonly<Record<string, TensorValue>>,
  distance: (backbone: TensorRecord, own: TensorRecord, x: Tensor, y: Tensor) => Tensor,
): Promise<number> {
  const [x, y] = [tensorOf(a), tensorOf(b)];
  const program = trace(({ input, inputs }) => ({
    distance: distance(
      inputs('backbone', backbone),
      inputs('own', own),
      input('x', x.shape),
      input('y', y.shape),
    ),
  }));
  const results = await run(cpu(), program, {
    x,
    y,
    ...grouped('backbone', backbone),
    ...grouped('own', own),
  });
  return Number(results['distance']?.data[0]);
}

async function inPieces(
  open: (tile: number) => PictureDistance,
  tile: number,
  a: Planes,
  b: Planes,
): Promise<number> {
  const distance = open(tile);
  try {
    return await distance.compare(a, b);
  } finally {
    await distance.close();
  }
}

test.each(lpipsNetworks)('LPIPS %s of pieces is that of the whole picture', async (network) => {
  const [backbone, heads] = [madeBackbone(network), madeHeads(network)];
  // VGG16 takes long: few pieces, beside each other.
  const [width, height] = network === 'vgg' ? [290, 180] : [300, 290];
  const [a, b] = [picture(width, height, 0), picture(width, height, 1)];
  const expected = await whole(a, b, heads, backbone, (net, own, x, y) =>
    lpips(network, { backbone: net, heads: own }, x, y),
  );
  expect(expected).toBeGreaterThan(0.01);
  const open = (tile: number) => openLpips(cpu(), { network, backbone, heads }, { tile });
  for (const tile of [272, 2048]) {
    const found = await inPieces(open, tile, a, b);
    expect(Math.abs(found / expected - 1), `pieces of ${tile}`).toBeLessThan(2e-6);
  }
  expect(await inPieces(open, 2048, a, a)).toBe(0);
});

test('DISTS of pieces is that of the whole picture', async () => {
  const [backbone, weights] = [madeBackbone('vgg'), madeDistsWeights()];
  // Pieces above each other.
  const [a, b] = [picture(180, 290, 0), picture(180, 290, 1)];
  const expected = await whole(a, b, weights, backbone, (net, own, x, y) =>
    dists({ backbone: net, weights: own }, x, y),
  );
  expect(expected).toBeGreaterThan(0.01);
  const open = (tile: number) => openDists(cpu(), { backbone, weights }, { tile });
  for (const tile of [272, 2048]) {
    const found = await inPieces(open, tile, a, b);
    expect(Math.abs(found / expected - 1), `pieces of ${tile}`).toBeLessThan(1e-5);
  }
  expect(await inPieces(open, 2048, a, a)).toBe(0);
});

test('grey is colours that are alike, and values are rounded to 8 bits', async () => {
  const weights = { network: 'alex', backbone: madeBackbone('alex'), heads: madeHeads('alex') } as const;
  const distance = openLpips(cpu(), weights);
  try {
    const [a, b] = [picture(64, 48, 0, 1), picture(64, 48, 1, 1)];
    const colour = (grey: Planes): Planes => ({
      ...grey,
      channels: 3,
      data: Float32Array.from(
        { length: 3 * grey.data.length },
        (_, i) => grey.data[i % grey.data.length] ?? 0,
      ),
    });
    const found = await distance.compare(a, b);
    expect(found).toBeGreaterThan(0);
    expect(await distance.compare(colour(a), colour(b))).toBe(found);
    const shifted = { ...a, data: a.data.map((value) => value + 0.4 / 255) };
    expect(await distance.compare(shifted, b)).toBe(found);
  } finally {
    await distance.close();
  }
});

test('pictures that cannot be compared are refused in one line', async () => {
  const weights = {
    network: 'squeeze',
    backbone: madeBackbone('squeeze'),
    heads: madeHeads('squeeze'),
  } as const;
  const distance = openLpips(cpu(), weights);
  try {
    await expect(distance.compare(picture(40, 30, 0), picture(30, 40, 0))).rejects.toThrow(
      /^LPIPS squeeze compares pictures of the same size; these have 40×30×3 and 30×40×3/,
    );
    await expect(distance.compare(picture(40, 16, 0), picture(40, 16, 0))).rejects.toThrow(
      'LPIPS squeeze needs pictures of at least 17×17 pixels, these have 40×16',
    );
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(
      distance.compare(picture(40, 30, 0), picture(40, 30, 1), { signal: stopped }),
    ).rejects.toThrow('stopped');
  } finally {
    await distance.close();
  }
});

test('more sizes than programs stay ready may be compared at once', async () => {
  const lpips = openLpips(cpu(), {
    network: 'squeeze',
    backbone: madeBackbone('squeeze'),
    heads: madeHeads('squeeze'),
  });
  const pairs = Array.from(
    { length: 12 },
    (_, i) => [picture(32 + i, 40, 0), picture(32 + i, 40, 1)] as const,
  );
  const together = await Promise.all(pairs.map(([a, b]) => lpips.compare(a, b)));
  for (const [i, [a, b]] of pairs.entries()) expect(await lpips.compare(a, b)).toBe(together[i]);
  await lpips.close();
});
