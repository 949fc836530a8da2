import * as t from '#src/tensor/index.js';
import type { Tensor } from '#src/tensor/index.js';

export const [inf, nan] = [Number.POSITIVE_INFINITY, Number.NaN];

/** What a function of one number gives at a place, and its slope there: PyTorch's. */
export type Row = readonly [x: number, value: number, slope: number];

export const SQRT_2_PI = Math.sqrt(2 * Math.PI);

/** Exact zeros of both signs are one case: `0`. Float32 holds 1e-30 and 1e30, and their squares are 0 and infinite. */
export const unary: Readonly<
  Record<string, { readonly of: (x: Tensor) => Tensor; readonly rows: readonly Row[] }>
> = {
  absolute: {
    of: t.absolute,
    rows: [
      [0, 0, 0],
      [-inf, inf, -1],
      [1e-30, 1e-30, 1],
      [-1e30, 1e30, -1],
    ],
  },
  sign: {
    of: t.sign,
    rows: [
      [0, 0, 0],
      [-inf, -1, 0],
      [1e-30, 1, 0],
    ],
  },
  exp: {
    of: t.exp,
    rows: [
      [0, 1, 1],
      [-inf, 0, 0],
      [inf, inf, inf],
      [1e-30, 1, 1],
      [-1e30, 0, 0],
    ],
  },
  log: {
    of: t.log,
    rows: [
      [0, -inf, inf],
      [inf, inf, 0],
      [1, 0, 1],
      [1e-30, Math.log(1e-30), 1e30],
    ],
  },
  sqrt: {
    of: t.sqrt,
    rows: [
      [0, 0, inf],
      [inf, inf, 0],
      [1e-30, 1e-15, 0.5e15],
      [1e30, 1e15, 0.5e-15],
    ],
  },
  erf: {
    of: t.erf,
    rows: [
      [0, 0, 2 / Math.sqrt(Math.PI)],
      [-inf, -1, 0],
      [1e30, 1, 0],
    ],
  },
  tanh: {
    of: t.tanh,
    rows: [
      [0, 0, 1],
      [-inf, -1, 0],
      [1e30, 1, 0],
      [1e-30, 1e-30, 1],
    ],
  },
  sigmoid: {
    of: t.sigmoid,
    rows: [
      [0, 0.5, 0.25],
      [-inf, 0, 0],
      [inf, 1, 0],
      [1e30, 1, 0],
    ],
  },
  relu: {
    of: t.relu,
    rows: [
      [0, 0, 0],
      [-inf, 0, 0],
      [inf, inf, 1],
      [1e-30, 1e-30, 1],
    ],
  },
  step: {
    of: t.step,
    rows: [
      [0, 0, 0],
      [1e-30, 1, 0],
      [-1e-30, 0, 0],
    ],
  },
  leakyRelu: {
    of: (x) => t.leakyRelu(x, 0.2),
    rows: [
      [0, 0, 0.2],
      [-1, -0.2, 0.2],
      [-inf, -inf, 0.2],
    ],
  },
  gelu: {
    of: t.gelu,
    rows: [
      [0, 0, 0.5],
      [1e-30, 0.5e-30, 0.5],
      [-30, 0, 0],
      [30, 30, 1],
    ],
  },
  geluSlope: {
    of: t.geluSlope,
    rows: [
      [0, 0.5, 2 / SQRT_2_PI],
      [-30, 0, 0],
      [30, 1, 0],
    ],
  },
  softplus: {
    of: t.softplus,
    rows: [
      [0, Math.LN2, 0.5],
      [-20, Math.log1p(Math.exp(-20)), 1 / (1 + Math.exp(20))],
      [-60, Math.exp(-60), Math.exp(-60)],
      [-1, Math.log1p(Math.exp(-1)), 1 / (1 + Math.exp(1))],
      [2, Math.log1p(Math.exp(2)), 1 / (1 + Math.exp(-2))],
      [-inf, 0, 0],
      [inf, inf, 1],
      [1e30, 1e30, 1],
    ],
  },
  silu: {
    of: t.silu,
    rows: [
      [0, 0, 0.5],
      [1e30, 1e30, 1],
      [-1e30, 0, 0],
    ],
  },
  quickGelu: {
    of: t.quickGelu,
    rows: [
      [0, 0, 0.5],
      [1e30, 1e30, 1],
    ],
  },
  square: {
    of: t.square,
    rows: [
      [0, 0, 0],
      [1e-30, 0, 2e-30],
      [1e30, inf, 2e30],
      [-inf, inf, -inf],
    ],
  },
  'maximum with 0': {
    of: (x) => t.maximum(x, 0),
    rows: [
      [0, 0, 0.5],
      [-inf, 0, 0],
      [inf, inf, 1],
    ],
  },
  'minimum with 0': {
    of: (x) => t.minimum(x, 0),
    rows: [
      [0, 0, 0.5],
      [-inf, -inf, 1],
      [inf, 0, 0],
    ],
  },
  'a square by power': {
    of: (x) => t.power(x, 2),
    rows: [
      [0, 0, 0],
      [-3, 9, -6],
      [inf, inf, inf],
    ],
  },
  'power 1': {
    of: (x) => t.power(x, 1),
    rows: [
      [0, 0, 1],
      [-2, -2, 1],
    ],
  },
  'power 0': {
    of: (x) => t.power(x, 0),
    rows: [
      [0, 1, 0],
      [2, 1, 0],
      [-2, 1, 0],
    ],
  },
  'the power of 0': {
    of: (x) => t.power(0, x),
    rows: [
      [0, 1, 0],
      [2, 0, 0],
      [0.5, 0, 0],
      [-1, inf, -inf],
    ],
  },
  'the power of 2': {
    of: (x) => t.power(2, x),
    rows: [
      [0, 1, Math.LN2],
      [-inf, 0, 0],
      [3, 8, 8 * Math.LN2],
    ],
  },
  'a quotient by x': {
    of: (x) => t.divide(1, x),
    rows: [
      [inf, 0, 0],
      [0, inf, -inf],
      [1e-10, 1e10, -1e20],
    ],
  },
};
