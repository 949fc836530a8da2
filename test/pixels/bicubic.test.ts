import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bicubicResize } from '#src/pixels/index.js';
import { readPicture } from '#src/images/index.js';
import { createRandom } from '#src/nn/index.js';
import { readSafetensors } from '#src/weights/index.js';
import { sharedFolder } from '../shared.js';

describe('MATLAB bicubic', () => {
  test('equals the reference program when it shrinks', async () => {
    const path = fileURLToPath(new URL('../fixtures/methods/matlab_bicubic.safetensors', import.meta.url));
    const { tensors } = await readSafetensors(path);
    const input = tensors.get('input')?.data;
    if (!(input instanceof Float32Array)) throw new Error('the fixture has no input');
    for (const factor of [4, 2]) {
      const expected = tensors.get(`down${factor}`)?.data ?? [];
      const size = { width: 120 / factor, height: 96 / factor };
      const low = bicubicResize(input, { channels: 3, width: 120, height: 96 }, size);
      expect(low).toHaveLength(expected.length);
      expect(Math.max(...low.map((value, i) => Math.abs(value - Number(expected[i]))))).toBeLessThan(1e-6);
    }
  });

  test.for(['baby', 'bird', 'butterfly', 'head', 'woman'])(
    'gives the published low-resolution picture of Set5: %s',
    async (name, context) => {
      const folder = sharedFolder(context, 'data', 'set5');
      const high = await readPicture(`${folder}/GTmod12/${name}.png`);
      const low = await readPicture(`${folder}/LRbicx4/${name}.png`);
      const made = bicubicResize(high.data, high, low);
      const inEightBits = (values: Float32Array) =>
        Uint8Array.from(values, (value) => Math.round(Math.min(1, Math.max(0, value)) * 255));
      expect(Buffer.compare(inEightBits(made), inEightBits(low.data))).toBe(0);
    },
  );

  test('keeps a constant, and a ramp away from its ends', () => {
    const flat = bicubicResize(
      new Float32Array(60).fill(0.3),
      { channels: 2, width: 6, height: 5 },
      square(9),
    );
    expect(flat.every((value) => Math.abs(value - 0.3) < 1e-6)).toBe(true);
    const ramp = Float32Array.from({ length: 64 }, (_, x) => x);
    const half = bicubicResize(ramp, { channels: 1, width: 64, height: 1 }, { width: 32, height: 1 });
    expect(half[15]).toBeCloseTo(30.5, 5);
  });

  test('leaves a picture of the same size as it is', () => {
    const random = createRandom(1);
    const planes = Float32Array.from({ length: 3 * 7 * 5 }, () => random.uniform());
    expect(bicubicResize(planes, { channels: 3, width: 7, height: 5 }, { width: 7, height: 5 })).toEqual(
      planes,
    );
  });

  test('overshoots at an edge, unclamped', () => {
    const edge = Float32Array.from({ length: 16 }, (_, x) => (x < 8 ? 0 : 1));
    const wide = bicubicResize(edge, { channels: 1, width: 16, height: 1 }, { width: 64, height: 1 });
    expect(Math.min(...wide)).toBeLessThan(-0.03);
    expect(Math.max(...wide)).toBeGreaterThan(1.03);
  });

  test('refuses sizes that are none', () => {
    const planes = new Float32Array(12);
    expect(() => bicubicResize(planes, { channels: 1, width: 4, height: 3 }, square(0))).toThrow(RangeError);
    expect(() => bicubicResize(planes, { channels: 3, width: 4, height: 3 }, square(2))).toThrow('36');
  });
});

function square(side: number): { width: number; height: number } {
  return { width: side, height: side };
}
