import { describe, expect, it } from 'vitest';
import { createRandom } from '#src/random.js';
import {
  type BlurFamily,
  type BlurKernel,
  blur,
  drawBlurKernel,
  gaussianKernel,
  generalisedGaussianKernel,
  plateauKernel,
  realEsrgan,
  sincKernel,
} from '#src/upscale/index.js';
import { drawPlanes, flat } from './drawing.js';

/** Sum, and the second moments of the weights as a distribution. */
function momentsOf({ size, weights }: BlurKernel): Record<'sum' | 'xx' | 'yy' | 'xy', number> {
  const moments = { sum: 0, xx: 0, yy: 0, xy: 0 };
  const radius = (size - 1) / 2;
  weights.forEach((weight, i) => {
    const [x, y] = [(i % size) - radius, Math.floor(i / size) - radius];
    moments.sum += weight;
    moments.xx += weight * x * x;
    moments.yy += weight * y * y;
    moments.xy += weight * x * y;
  });
  return moments;
}

const at = ({ size, weights }: BlurKernel, x: number, y: number): number =>
  weights[((size - 1) / 2 + y) * size + (size - 1) / 2 + x] ?? Number.NaN;

describe('kernels', () => {
  it('are Gaussian with the covariance of the turned ellipse', () => {
    const [sigmaX, sigmaY, angle] = [2.2, 1.1, 0.6];
    const moments = momentsOf(gaussianKernel(21, { sigmaX, sigmaY, angle }));
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    expect(moments.sum).toBeCloseTo(1, 12);
    expect(moments.xx).toBeCloseTo((sigmaX * cos) ** 2 + (sigmaY * sin) ** 2, 2);
    expect(moments.yy).toBeCloseTo((sigmaX * sin) ** 2 + (sigmaY * cos) ** 2, 2);
    expect(moments.xy).toBeCloseTo((sigmaX ** 2 - sigmaY ** 2) * sin * cos, 2);
  });

  it('of the exponent 1 are plain', () => {
    const ellipse = { sigmaX: 1.5, sigmaY: 2, angle: 0 };
    expect(generalisedGaussianKernel(9, ellipse, 1)).toEqual(gaussianKernel(9, ellipse));
    const plateau = plateauKernel(9, ellipse, 1);
    expect(at(plateau, 3, 0) / at(plateau, 0, 0)).toBeCloseTo(1 / (1 + (3 / 1.5) ** 2), 12);
  });

  it('of larger exponents are flatter within a deviation and steeper beyond it', () => {
    const circle = { sigmaX: 3, sigmaY: 3, angle: 0 };
    for (const make of [generalisedGaussianKernel, plateauKernel]) {
      const [soft, hard] = [make(21, circle, 0.6), make(21, circle, 4)];
      expect(at(hard, 2, 0) / at(hard, 0, 0)).toBeGreaterThan(0.95);
      expect(at(soft, 2, 0) / at(soft, 0, 0)).toBeLessThan(0.8);
      expect(at(hard, 8, 0)).toBeLessThan(at(soft, 8, 0));
    }
  });

  it('of sinc keep slow waves and drop fast ones', async () => {
    const kernel = sincKernel(21, Math.PI / 2);
    expect(momentsOf(kernel).sum).toBeCloseTo(1, 12);
    expect(Math.min(...kernel.weights)).toBeLessThan(0);
    const wave = (frequency: number) => ({
      ...flat(0, 64, 64, 1),
      data: Float32Array.from({ length: 64 * 64 }, (_, i) => Math.cos(frequency * (i % 64))),
    });
    const amplitude = async (frequency: number) => {
      const { data } = await blur(wave(frequency), kernel);
      const row = data.subarray(32 * 64 + 16, 32 * 64 + 48);
      return Math.max(...row) - Math.min(...row);
    };
    expect(await amplitude(Math.PI / 5)).toBeGreaterThan(1.7);
    expect(await amplitude(0.8 * Math.PI)).toBeLessThan(0.2);
    // J₁ has its first zero at 3.8317, where the kernel changes its sign.
    const wide = sincKernel(21, 3.8317 / 4);
    expect(Math.abs(at(wide, 4, 0) / at(wide, 0, 0))).toBeLessThan(1e-4);
  });

  it('have odd sides and deviations above 0', () => {
    expect(() => sincKernel(8, 1)).toThrow('8');
    expect(() => gaussianKernel(7, { sigmaX: 0, sigmaY: 1, angle: 0 })).toThrow('standard deviation');
  });
});

describe('a drawn kernel', () => {
  const settings = realEsrgan.first.blur;

  it('is the same for the same seed, of a published size, and sums to 1', () => {
    const sizes = new Set<number>();
    for (let seed = 0; seed < 300; seed++) {
      const kernel = drawBlurKernel(createRandom(seed), settings);
      expect(drawBlurKernel(createRandom(seed), settings)).toEqual(kernel);
      expect(momentsOf(kernel).sum).toBeCloseTo(1, 9);
      sizes.add(kernel.size);
    }
    expect([...sizes].sort((a, b) => a - b)).toEqual([7, 9, 11, 13, 15, 17, 19, 21]);
  });

  it('is of the families in their proportions', () => {
    const random = createRandom(3);
    let [ringing, skewed] = [0, 0];
    const count = 4000;
    for (let i = 0; i < count; i++) {
      const kernel = drawBlurKernel(random, settings);
      if (Math.min(...kernel.weights) < 0) ringing++;
      else if (Math.abs(at(kernel, 1, 1) - at(kernel, 1, -1)) > 1e-12 * at(kernel, 0, 0)) skewed++;
    }
    expect(Math.abs(ringing / count - 0.1)).toBeLessThan(0.02);
    expect(Math.abs(skewed / count - 0.9 * 0.31)).toBeLessThan(0.03);
  });

  it('is of one family where only that is wanted', () => {
    const only = (family: BlurFamily) => {
      const families = Object.fromEntries(
        Object.keys(settings.families).map((name) => [name, name === family ? 1 : 0]),
      );
      return { ...settings, sincProbability: 0, families: { ...settings.families, ...families } };
    };
    const random = createRandom(1);
    for (let i = 0; i < 50; i++) {
      const { xx, yy, xy } = momentsOf(drawBlurKernel(random, only('plateauIsotropic')));
      expect(xx).toBeCloseTo(yy, 9);
      expect(xy).toBeCloseTo(0, 9);
    }
    const kernel = drawBlurKernel(random, only('anisotropic'));
    expect(momentsOf(kernel).xx).not.toBeCloseTo(momentsOf(kernel).yy, 6);
  });
});

describe('blur', () => {
  it('equals the sum over the mirrored neighbourhood, pauses or not', async () => {
    const planes = drawPlanes(13, 10);
    const random = createRandom(5);
    const kernel = { size: 5, weights: Float64Array.from({ length: 25 }, () => random.uniform() / 12.5) };
    const { data } = await blur(planes, kernel);
    const mirrored = (position: number, size: number) =>
      position < 0 ? -position : position >= size ? 2 * (size - 1) - position : position;
    for (let i = 0; i < data.length; i++) {
      const [x, y, plane] = [i % 13, Math.floor(i / 13) % 10, Math.floor(i / 130) * 130];
      const expected = kernel.weights.reduce((sum, weight, k) => {
        const [row, column] = [mirrored(y + Math.floor(k / 5) - 2, 10), mirrored(x + (k % 5) - 2, 13)];
        return sum + weight * (planes.data[plane + row * 13 + column] ?? Number.NaN);
      }, 0);
      expect(data[i]).toBeCloseTo(expected, 6);
    }
  });

  it('equals it for kernels and pictures of all sizes, next to nothing of whose weights is left out', async () => {
    const reflect = (position: number, size: number): number => {
      const phase = Math.abs(position) % (2 * size - 2);
      return phase < size ? phase : 2 * size - 2 - phase;
    };
    const random = createRandom(9);
    for (const [width, height] of [
      [67, 41],
      [7, 33],
      [128, 5],
    ] as const) {
      const planes = drawPlanes(width, height);
      const kernel = drawBlurKernel(random, realEsrgan.first.blur);
      const radius = (kernel.size - 1) / 2;
      const { data } = await blur(planes, kernel);
      let worst = 0;
      for (let i = 0; i < data.length; i++) {
        const [x, y] = [i % width, Math.floor(i / width) % height];
        const plane = i - x - y * width;
        const expected = kernel.weights.reduce((sum, weight, k) => {
          const row = reflect(y + Math.floor(k / kernel.size) - radius, height);
          const column = reflect(x + (k % kernel.size) - radius, width);
          return sum + weight * (planes.data[plane + row * width + column] ?? Number.NaN);
        }, 0);
        worst = Math.max(worst, Math.abs((data[i] ?? Number.NaN) - expected));
      }
      expect(worst).toBeLessThan(1e-6);
    }
  });

  it('keeps a flat picture flat, and works on one that is smaller than the kernel', async () => {
    const { data } = await blur(flat(0.6, 4, 3), gaussianKernel(21, { sigmaX: 3, sigmaY: 2, angle: 1 }));
    expect(data.every((value) => Math.abs(value - 0.6) < 1e-6)).toBe(true);
  });

  it('pauses on large pictures, and gives the same', async () => {
    const planes = drawPlanes(1500, 700, 1);
    const kernel = gaussianKernel(21, { sigmaX: 1, sigmaY: 1, angle: 0 });
    let pauses = 0;
    const paused = await blur(planes, kernel, async () => {
      pauses++;
    });
    expect(pauses).toBeGreaterThan(0);
    expect(paused).toEqual(await blur(planes, kernel));
  });
});
