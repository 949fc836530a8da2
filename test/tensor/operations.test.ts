import { describe, expect, test } from 'vitest';
import type { Shape, Tensor } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';

const x = (...shape: number[]): Tensor => t.input('x', shape);
const y = (...shape: number[]): Tensor => t.input('y', shape);
const indices = (...shape: number[]): Tensor => t.input('n', shape, 'int32');

/** What an operation is asked to do, and the shape of its result. */
const shapes: readonly (readonly [what: string, result: () => Tensor, shape: Shape])[] = [
  ['a row and a column broadcast', () => t.add(x(1, 3), y(4, 1)), [4, 3]],
  ['shapes align at the end', () => t.add(x(2, 3, 4), y(4)), [2, 3, 4]],
  ['a number has no axes', () => t.multiply(x(2, 3), 2), [2, 3]],
  ['three shapes broadcast', () => t.where(t.greater(x(4, 1), 0), y(3), x(2, 1, 1)), [2, 4, 3]],
  ['reshape works one extent out', () => t.reshape(x(2, 3, 4), [4, -1]), [4, 6]],
  ['reshape works an extent of 1 out', () => t.reshape(x(2, 3), [2, 3, -1]), [2, 3, 1]],
  ['reshape of a scalar', () => t.reshape(x(), [-1]), [1]],
  ['transpose', () => t.transpose(x(2, 3, 4), [2, 0, 1]), [4, 2, 3]],
  ['broadcastTo', () => t.broadcastTo(x(3, 1), [2, 3, 4]), [2, 3, 4]],
  ['slice', () => t.slice(x(5, 6), { axis: -1, start: 5, length: 3, step: -2 }), [5, 3]],
  ['pad', () => t.pad(x(2, 3), [1, 0], [0, 2]), [3, 5]],
  ['concat', () => t.concat([x(2, 3), y(2, 1)], -1), [2, 4]],
  ['gather', () => t.gather(x(5, 2, 3), indices(4, 6)), [4, 6, 2, 3]],
  ['scatterAdd', () => t.scatterAdd(x(4, 6, 2, 3), indices(4, 6), 5), [5, 2, 3]],
  ['sum of everything', () => t.sum(x(2, 3)), []],
  ['sum over an axis', () => t.sum(x(2, 3, 4), { axes: [-2] }), [2, 4]],
  ['sum that keeps its axes', () => t.sum(x(2, 3, 4), { axes: [2, 0], keepAxes: true }), [1, 3, 1]],
  ['sum over no axes', () => t.sum(x(2, 3), { axes: [] }), [2, 3]],
  ['max', () => t.max(x(2, 3), 0), [3]],
  ['max that keeps its axis', () => t.max(x(2, 3), -1, true), [2, 1]],
  ['matmul', () => t.matmul(x(5, 2, 3), y(3, 4)), [5, 2, 4]],
  [
    'matmul, both transposed',
    () => t.matmul(x(3, 2), y(4, 3), { transposeA: true, transposeB: true }),
    [2, 4],
  ],
  ['linear', () => t.linear(x(2, 5, 3), y(4, 3)), [2, 5, 4]],
  [
    'conv2d',
    () => t.conv2d(x(2, 3, 9, 8), y(6, 3, 3, 3), undefined, { stride: 2, padding: 1 }),
    [2, 6, 5, 4],
  ],
  [
    'conv2d with its own padding on each side',
    () =>
      t.conv2d(x(1, 2, 5, 5), y(4, 1, 2, 3), undefined, {
        groups: 2,
        padding: [1, 0, 2, 3],
        dilation: [3, 1],
      }),
    [1, 4, 5, 6],
  ],
  [
    'convTranspose2d',
    () => t.convTranspose2d(x(1, 3, 4, 5), y(3, 2, 3, 3), { stride: 2, padding: 1, outputPadding: 1 }),
    [1, 2, 8, 10],
  ],
  ['maxPool2d', () => t.maxPool2d(x(1, 2, 7, 6), { kernel: 3, stride: 2 }), [1, 2, 3, 2]],
  [
    'maxPool2d, rounded up',
    () => t.maxPool2d(x(1, 2, 7, 6), { kernel: 3, stride: 2, ceil: true }),
    [1, 2, 3, 3],
  ],
  [
    'maxPool2d, rounded up, without a window that starts outside',
    () => t.maxPool2d(x(1, 1, 4, 5), { kernel: 1, stride: 3, ceil: true }),
    [1, 1, 2, 2],
  ],
  ['blockSum', () => t.blockSum(x(1, 2, 9, 12), 3), [1, 2, 3, 4]],
  ['upsampleNearest', () => t.upsampleNearest(x(1, 2, 3, 4), 3), [1, 2, 9, 12]],
  ['resizeBicubic', () => t.resizeBicubic(x(1, 2, 3, 4), [7, 2]), [1, 2, 7, 2]],
  ['pixelShuffle', () => t.pixelShuffle(x(1, 8, 3, 4), 2), [1, 2, 6, 8]],
  ['pixelUnshuffle', () => t.pixelUnshuffle(x(1, 2, 6, 8), 2), [1, 8, 3, 4]],
  ['padReflect', () => t.padReflect(x(1, 1, 3, 4), { top: 2, left: 1, right: 3 }), [1, 1, 5, 8]],
  ['padReplicate', () => t.padReplicate(x(1, 1, 1, 2), { bottom: 4, left: 1 }), [1, 1, 5, 3]],
  ['oneHot', () => t.oneHot(indices(2, 3), 5), [2, 3, 5]],
  ['splitHeads', () => t.splitHeads(x(2, 5, 12), 3), [2, 3, 5, 4]],
  ['mergeHeads', () => t.mergeHeads(x(2, 3, 5, 4)), [2, 5, 12]],
];

test.each(shapes)('%s', (_, result, shape) => {
  expect(result().shape).toEqual(shape);
});

/** What is wrong, and what the message must name. */
const refusals: readonly (readonly [what: string, make: () => unknown, message: RegExp])[] = [
  ['shapes that do not broadcast', () => t.add(x(2, 3), y(2)), /add.*\[2, 3\].*\[2\]/],
  ['element types that differ', () => t.add(x(2), indices(2)), /add.*float32.*int32.*cast/],
  ['a condition of numbers', () => t.where(x(2), 1, 2), /where.*bool.*float32/],
  ['an extent of 0', () => t.input('image', [1, 0]), /image.*\[1, 0\]/],
  ['a broken extent', () => t.input('image', [1.5]), /image.*\[1\.5\]/],
  ['a constant of another size', () => t.constant(new Float32Array(5), [2, 3]), /constant.*5.*\[2, 3\]/],
  ['reshape to more elements', () => t.reshape(x(2, 3), [4, 2]), /reshape.*\[2, 3\].*\[4, 2\]/],
  ['reshape to what does not divide', () => t.reshape(x(2, 3), [4, -1]), /reshape.*\[2, 3\].*\[4, -1\]/],
  ['reshape with two unknown extents', () => t.reshape(x(2, 3), [-1, -1]), /reshape.*\[2, 3\].*\[-1, -1\]/],
  ['reshape of one element with two unknowns', () => t.reshape(x(1), [-1, -1]), /reshape.*\[1\].*\[-1, -1\]/],
  ['reshape to negative extents', () => t.reshape(x(2, 2), [-2, -2]), /reshape.*\[2, 2\].*\[-2, -2\]/],
  ['reshape to an extent of 0', () => t.reshape(x(2, 3), [0, -1]), /reshape.*\[2, 3\].*\[0, -1\]/],
  ['transpose with an axis twice', () => t.transpose(x(2, 3), [1, 1]), /transpose.*\[1, 1\].*\[2, 3\]/],
  ['transpose with an axis too few', () => t.transpose(x(2, 3), [0]), /transpose.*\[0\].*\[2, 3\]/],
  ['broadcastTo that would shrink', () => t.broadcastTo(x(2, 3), [1, 3]), /broadcastTo.*\[2, 3\].*\[1, 3\]/],
  ['broadcastTo fewer axes', () => t.broadcastTo(x(1, 3), [3]), /broadcastTo.*\[1, 3\].*\[3\]/],
  [
    'slice beyond the end',
    () => t.slice(x(2, 5), { axis: 1, start: 3, length: 3 }),
    /slice: 3 elements from 3.*axis 1 of \[2, 5\]/,
  ],
  [
    'slice before the start',
    () => t.slice(x(5), { axis: 0, start: 3, length: 3, step: -2 }),
    /slice.*-2.*\[5\]/,
  ],
  ['slice of nothing', () => t.slice(x(5), { axis: 0, start: 0, length: 0 }), /slice: 0 elements/],
  [
    'slice in steps of 0',
    () => t.slice(x(5), { axis: 0, start: 0, length: 2, step: 0 }),
    /slice.*steps of 0/,
  ],
  [
    'slice of an axis that is not there',
    () => t.slice(x(5), { axis: 1, start: 0, length: 1 }),
    /axis 1.*rank 1/,
  ],
  ['pad that would crop', () => t.pad(x(2, 3), [0, -1], [0, 0]), /pad.*\[0, -1\].*\[2, 3\]/],
  ['pad of other axes', () => t.pad(x(2, 3), [1], [1]), /pad.*\[1\].*\[2, 3\]/],
  ['concat of nothing', () => t.concat([], 0), /concat.*at least one/],
  ['concat along other extents', () => t.concat([x(2, 3), y(3, 3)], 1), /concat: \[3, 3\].*\[2, 3\].*axis 1/],
  ['concat of other axes', () => t.concat([x(2, 3), y(2)], 1), /concat: \[2\].*\[2, 3\].*axis 1/],
  ['concat of other types', () => t.concat([x(2), indices(2)], 0), /concat/],
  ['gather by numbers', () => t.gather(x(3), y(2)), /gather.*int32 or int64.*float32/],
  ['gather from a scalar', () => t.gather(x(), indices(2)), /axis 0.*\[\]/],
  ['scatterAdd by numbers', () => t.scatterAdd(x(3), y(3), 2), /scatterAdd.*float32/],
  ['scatterAdd of too few', () => t.scatterAdd(x(3, 2), indices(4), 5), /scatterAdd.*\[3, 2\].*\[4\]/],
  [
    'scatterAdd by a turned matrix',
    () => t.scatterAdd(x(3, 2), indices(2, 3), 5),
    /scatterAdd.*\[3, 2\].*\[2, 3\]/,
  ],
  ['sum over an axis that is not there', () => t.sum(x(2), { axes: [1] }), /axis 1.*rank 1/],
  ['sum over an axis twice', () => t.sum(x(2, 3), { axes: [1, -1] }), /axis 1|axes/],
  ['mean over an axis twice', () => t.mean(x(2, 3), { axes: [1, -1] }), /axis 1|axes/],
  ['max of a scalar', () => t.max(x(), 0), /axis 0.*rank 0/],
  ['softmax of a scalar', () => t.softmax(x()), /axis -1.*\[\]/],
  ['matmul of vectors', () => t.matmul(x(3), y(3)), /matmul.*matrices.*\[3\]/],
  ['matmul of other extents', () => t.matmul(x(2, 3), y(2, 4)), /matmul.*3 and 2.*\[2, 3\].*\[2, 4\]/],
  ['matmul of batches that differ', () => t.matmul(x(2, 2, 3), y(3, 3, 2)), /matmul.*\[2\].*\[3\]/],
  ['conv2d of a matrix', () => t.conv2d(x(3, 4), y(1, 1, 1, 1)), /conv2d.*\[batch, channels.*\[3, 4\]/],
  [
    'conv2d of other channels',
    () => t.conv2d(x(1, 3, 4, 4), y(2, 4, 1, 1)),
    /conv2d.*\[2, 4, 1, 1\].*3 channels/,
  ],
  [
    'conv2d whose outputs do not divide into groups',
    () => t.conv2d(x(1, 4, 4, 4), y(3, 2, 1, 1), undefined, { groups: 2 }),
    /conv2d.*2 groups/,
  ],
  [
    'conv2d with another bias',
    () => t.conv2d(x(1, 3, 4, 4), y(2, 3, 1, 1), x(3)),
    /bias must be \[2\], got \[3\]/,
  ],
  ['conv2d of less than a window', () => t.conv2d(x(1, 1, 2, 5), y(1, 1, 3, 3)), /2×5.*3×3/],
  [
    'conv2d with a stride of 0',
    () => t.conv2d(x(1, 1, 4, 4), y(1, 1, 1, 1), undefined, { stride: 0 }),
    /conv2d.*stride/,
  ],
  [
    'conv2d with negative padding',
    () => t.conv2d(x(1, 1, 4, 4), y(1, 1, 1, 1), undefined, { padding: -1 }),
    /conv2d.*padding/,
  ],
  [
    'convTranspose2d of other channels',
    () => t.convTranspose2d(x(1, 3, 4, 4), y(2, 1, 3, 3)),
    /convTranspose2d.*3/,
  ],
  [
    'convTranspose2d that leaves nothing',
    () => t.convTranspose2d(x(1, 1, 1, 1), y(1, 1, 1, 1), { padding: 1 }),
    /convTranspose2d/,
  ],
  ['maxPool2d of less than a window', () => t.maxPool2d(x(1, 1, 2, 5), { kernel: 3 }), /2×5.*3×3/],
  ['leakyRelu that is none', () => t.leakyRelu(x(2), 0), /leakyRelu.*between 0 and 1, got 0/],
  ['leakyStep of a steep slope', () => t.leakyStep(x(2), 1.5), /leakyStep.*between 0 and 1, got 1\.5/],
  ['upsampleNearest by a half', () => t.upsampleNearest(x(1, 1, 2, 2), 0.5), /upsampleNearest.*got 0\.5/],
  ['blockSum of a part of a block', () => t.blockSum(x(1, 1, 3, 4), 2), /blockSum.*\[1, 1, 3, 4\].*2/],
  ['avgPool2d of a part of a window', () => t.avgPool2d(x(1, 1, 3, 4), 2), /avgPool2d.*\[1, 1, 3, 4\].*2×2/],
  ['pixelShuffle of other channels', () => t.pixelShuffle(x(1, 6, 2, 2), 2), /pixelShuffle.*6.*2²/],
  [
    'pixelUnshuffle of an odd size',
    () => t.pixelUnshuffle(x(1, 1, 3, 4), 2),
    /pixelUnshuffle.*\[1, 1, 3, 4\].*2/,
  ],
  [
    'padReflect by the whole image',
    () => t.padReflect(x(1, 1, 3, 4), { top: 3 }),
    /padReflect.*3.*\[1, 1, 3, 4\]/,
  ],
  ['splitHeads that do not divide', () => t.splitHeads(x(1, 2, 7), 3), /splitHeads.*\[1, 2, 7\].*3/],
];

test.each(refusals)('refuses %s', (_, make, message) => {
  expect(make).toThrow(message);
});

describe('operations that change nothing', () => {
  const z = x(2, 3);
  test.each<readonly [string, () => Tensor]>([
    ['reshape to the same shape', () => t.reshape(z, [2, -1])],
    ['transpose that keeps the order', () => t.transpose(z, [0, 1])],
    ['broadcastTo the same shape', () => t.broadcastTo(z, [2, 3])],
    ['slice of everything', () => t.slice(z, { axis: 1, start: 0, length: 3 })],
    ['pad with nothing', () => t.pad(z, [0, 0], [0, 0])],
    ['concat of one', () => t.concat([z], 0)],
    ['cast to its own type', () => t.cast(z, 'float32')],
  ])('%s gives the tensor itself', (_, make) => {
    expect(make()).toBe(z);
  });
});

describe('trace', () => {
  test('names groups of inputs and outputs', () => {
    const program = t.trace(({ input, inputs }) => {
      const weights = inputs('weights', { 'a.weight': { shape: [2] }, n: { shape: [], dtype: 'int32' } });
      return { sum: t.sum(input('x', [3])), twice: { a: t.multiply(weights['a.weight'] ?? x(2), 2) } };
    });
    expect(program.inputs.map((tensor) => t.isPrimitive(tensor, 'input') && tensor.attributes.name)).toEqual([
      'weights/a.weight',
      'weights/n',
      'x',
    ]);
    expect(program.inputs.map(({ dtype }) => dtype)).toEqual(['float32', 'int32', 'float32']);
    expect(Object.keys(program.outputs)).toEqual(['sum', 'twice/a']);
  });

  test('refuses two inputs of one name', () => {
    expect(() =>
      t.trace(({ input, inputs }) => {
        input('a/b', [1]);
        return inputs('a', { b: { shape: [2] } });
      }),
    ).toThrow(/two inputs are named a\/b/);
  });
});

test('valueAndGrad gives the loss and a gradient for each parameter', () => {
  const [a, b] = [x(2), y(2)];
  const { value, gradients } = t.valueAndGrad((parameters: t.TensorRecord, weight: number) =>
    t.sum(t.multiply(t.multiply(parameters['a'] ?? a, parameters['b'] ?? b), weight)),
  )({ a, b }, 3);
  expect(value.shape).toEqual([]);
  expect(Object.keys(gradients)).toEqual(['a', 'b']);
});
