import { describe, expect, test } from 'vitest';
import {
  ALEXNET_LEAST_SIDE,
  alexnet,
  alexnetParameters,
  isAlexnet,
  isSqueezenet,
  isVgg16,
  isVgg19,
  SQUEEZENET_LEAST_SIDE,
  squeezenet,
  squeezenetParameters,
  vgg16,
  vgg16Parameters,
  vgg19Parameters,
} from '#src/networks/index.js';
import type { ParameterDeclarations, ParameterScope } from '#src/nn/index.js';
import { declareParameters } from '#src/nn/index.js';
import type { Shape, Tensor } from '#src/tensor/index.js';
import { input } from '#src/tensor/index.js';
import { backwards, countOf } from './state-dicts.js';

const shapesOf = (declared: ParameterDeclarations): Record<string, Shape> =>
  Object.fromEntries([...declared].map(([key, { shape }]) => [key, shape]));

/** Every parameter, as torchvision's models count and name them, without the classifiers. */
const networks = [
  {
    name: 'AlexNet',
    shapes: shapesOf(alexnetParameters()),
    recognises: isAlexnet,
    // 61,100,840 less 58,631,144 of the classifier.
    count: 2_469_696,
    places: [0, 3, 6, 8, 10].map((place) => `${place}`),
    first: [64, 3, 11, 11],
  },
  {
    name: 'VGG16',
    shapes: shapesOf(vgg16Parameters()),
    recognises: isVgg16,
    // 138,357,544 less 123,642,856.
    count: 14_714_688,
    places: [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28].map((place) => `${place}`),
    first: [64, 3, 3, 3],
  },
  {
    name: 'SqueezeNet 1.1',
    shapes: shapesOf(squeezenetParameters()),
    recognises: isSqueezenet,
    // 1,235,496 less 513,000.
    count: 722_496,
    places: [
      '0',
      ...[3, 4, 6, 7, 9, 10, 11, 12].flatMap((place) =>
        ['squeeze', 'expand1x1', 'expand3x3'].map((part) => `${place}.${part}`),
      ),
    ],
    first: [64, 3, 3, 3],
  },
];

describe.each(networks)('$name', ({ name, shapes, recognises, count, places, first }) => {
  test('has torchvision’s keys and as many parameters', () => {
    expect(Object.keys(shapes)).toEqual(
      places.flatMap((place) => [`features.${place}.weight`, `features.${place}.bias`]),
    );
    expect(shapes['features.0.weight']).toEqual(first);
    expect(countOf(shapes)).toBe(count);
  });

  test('is recognised by its convolutions, in any order, whatever else is there, and no other is', () => {
    expect(recognises(backwards({ ...shapes, 'classifier.1.weight': [1000, 512, 1, 1] }))).toBe(true);
    expect(recognises({})).toBe(false);
    const { 'features.0.weight': left, ...fewer } = shapes;
    expect(left).toEqual(first);
    expect(recognises(fewer)).toBe(false);
    expect(recognises({ ...shapes, 'features.1.weight': [64] })).toBe(false);
    for (const other of networks) expect(recognises(other.shapes)).toBe(other.name === name);
    expect(recognises(shapesOf(vgg19Parameters()))).toBe(false);
    expect(isVgg19(shapes)).toBe(false);
  });
});

/** The sizes of features of a picture. */
function sizes<Features extends Readonly<Record<string, Tensor>>>(
  network: (scope: ParameterScope, x: Tensor) => Features,
  height: number,
  width: number,
): Record<string, Shape> {
  let found: Record<string, Shape> = {};
  declareParameters(
    (scope) => {
      const features = network(scope, input('x', [1, 3, height, width]));
      found = Object.fromEntries(Object.entries(features).map(([key, { shape }]) => [key, shape]));
    },
    [1, 3, 1, 1],
  );
  return found;
}

test('features have the sizes that torchvision’s have', () => {
  expect(sizes(alexnet, 224, 227)).toEqual({
    conv1: [1, 64, 55, 56],
    conv2: [1, 192, 27, 27],
    conv3: [1, 384, 13, 13],
    conv4: [1, 256, 13, 13],
    conv5: [1, 256, 13, 13],
  });
  expect(sizes(vgg16, 224, 230)).toEqual({
    conv1_2: [1, 64, 224, 230],
    conv2_2: [1, 128, 112, 115],
    conv3_3: [1, 256, 56, 57],
    conv4_3: [1, 512, 28, 28],
    conv5_3: [1, 512, 14, 14],
  });
  expect(sizes(squeezenet, 224, 224)).toEqual({
    conv1: [1, 64, 111, 111],
    fire3: [1, 128, 55, 55],
    fire5: [1, 256, 27, 27],
    fire6: [1, 384, 13, 13],
    fire7: [1, 384, 13, 13],
    fire8: [1, 512, 13, 13],
    fire9: [1, 512, 13, 13],
  });
});

test('the least sides are the least', () => {
  for (const [network, side] of [
    [alexnet, ALEXNET_LEAST_SIDE],
    [squeezenet, SQUEEZENET_LEAST_SIDE],
  ] as const) {
    expect(() => sizes<Readonly<Record<string, Tensor>>>(network, side, side)).not.toThrow();
    expect(() => sizes<Readonly<Record<string, Tensor>>>(network, side - 1, side)).toThrow(RangeError);
  }
});
