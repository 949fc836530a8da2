import { expect, test } from 'vitest';
import { architectures, multiplyAdds, networkCost } from '#src/networks/index.js';
import * as t from '#src/tensor/index.js';

test.each([
  ['dbsnl', 3_656_131, 3.65e6],
  ['student', 1_021_107, 0.204e6],
  ['unet', 7_935_555, 1.1e6],
  ['nafnet', 29_056_227, 0.242e6],
  ['deamnet', 2_228_131, 2.23e6],
  ['dncnn', 559_363, 0.556e6],
])('%s as published has %d parameters and takes %d multiply-adds a pixel', (name, parameters, perPixel) => {
  const description = architectures[name]?.ofConfig({});
  if (description === undefined) throw new Error(`there is no ${name}`);
  const cost = networkCost(description);
  expect(cost.parameters).toBe(parameters);
  expect(cost.multiplyAddsPerPixel / perPixel).toBeCloseTo(1, 2);
  expect(cost.multiplyAdds).toBe(cost.multiplyAddsPerPixel * 256 * 256);
});

test('a convolution, its gradients and a product of matrices are counted by their definitions', () => {
  const x = t.input('x', [2, 6, 8, 8]);
  const weight = t.input('weight', [4, 3, 3, 3]);
  const y = t.conv2d(x, weight, undefined, { groups: 2, padding: 1 });
  // 2 images × 64 pixels × 4 outputs × 3 inputs × 9 taps
  expect(multiplyAdds([y])).toBe(13_824);
  const gradients = t.gradientsOf(y, [x, weight], t.input('g', y.shape));
  for (const gradient of gradients) expect(multiplyAdds([gradient])).toBe(13_824);
  const [a, b] = [t.input('a', [5, 7, 2]), t.input('b', [7, 3])];
  expect(multiplyAdds([t.matmul(a, b, { transposeA: true })])).toBe(5 * 2 * 3 * 7);
});

test('what is used twice is computed once', () => {
  const [a, b] = [t.input('a', [2, 2]), t.input('b', [2, 2])];
  const product = t.matmul(a, b);
  expect(multiplyAdds([product, t.add(product, product)])).toBe(8);
});
