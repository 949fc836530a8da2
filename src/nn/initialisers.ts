import type { Shape } from '../tensor/index.js';
import { elementCount } from '../tensor/index.js';
import type { Random } from '../random.js';

/** First values of a parameter of a given shape. */
export type Initialiser = (shape: Shape, random: Random) => Float32Array;

/** Numbers drawn one after another. */
function drawn(shape: Shape, draw: () => number): Float32Array {
  const values = new Float32Array(elementCount(shape));
  for (let i = 0; i < values.length; i++) values[i] = draw();
  return values;
}

/** Inputs of one output unit: all extents but the first. */
const fanIn = (shape: Shape): number => elementCount(shape.slice(1));

function uniformWithin(bound: number): Initialiser {
  return (shape, random) => drawn(shape, () => (random.uniform() * 2 - 1) * bound);
}

/** Uniform in ±1/√fanIn: PyTorch's default for convolution and linear weights (Kaiming uniform with a = √5). */
export const kaimingUniform: Initialiser = (shape, random) =>
  uniformWithin(1 / Math.sqrt(fanIn(shape)))(shape, random);

/** Uniform in ±1/√n for the bias of a layer whose units have n inputs: PyTorch's default. */
export function biasUniform(inputs: number): Initialiser {
  return uniformWithin(1 / Math.sqrt(inputs));
}

/** The same value everywhere. */
export function constantValue(value: number): Initialiser {
  return (shape) => new Float32Array(elementCount(shape)).fill(value);
}

/** Normal with standard deviation √(2 / (1 + a²)) / √fanIn (He et al. 2015); a is the slope of the leaky ReLU that follows. */
export function kaimingNormal(slope = 0): Initialiser {
  return (shape, random) => {
    const deviation = Math.sqrt(2 / (1 + slope * slope) / fanIn(shape));
    return drawn(shape, () => random.normal() * deviation);
  };
}

/** Normal with standard deviation √(2 / (fanIn + fanOut)) (Glorot and Bengio 2010), for convolution and linear weights. */
export const xavierNormal: Initialiser = (shape, random) => {
  const [outputs = 1, inputs = 1] = shape;
  const deviation = Math.sqrt(2 / (elementCount(shape.slice(2)) * (inputs + outputs)));
  return drawn(shape, () => random.normal() * deviation);
};

/** Another initialiser's values, scaled. */
export function scaledBy(factor: number, initialiser: Initialiser): Initialiser {
  return (shape, random) => initialiser(shape, random).map((value) => value * factor);
}

/** A direction: normal numbers, scaled to length 1 together. What the vectors of spectral normalisation start from. */
export const unitVector: Initialiser = (shape, random) => {
  const values = drawn(shape, () => random.normal());
  const length = Math.max(Math.hypot(...values), 1e-12);
  return values.map((value) => value / length);
};

/** Normal with a standard deviation, whatever the shape. */
export function normalWith(deviation: number): Initialiser {
  return (shape, random) => drawn(shape, () => random.normal() * deviation);
}
