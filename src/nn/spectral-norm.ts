import type { ConvolutionOptions, Tensor, TensorRecord } from '../tensor/index.js';
import {
  conv2d,
  divide,
  elementCount,
  imageShape,
  l2Normalise,
  matmul,
  reshape,
  stopGradient,
} from '../tensor/index.js';
import { biasUniform, kaimingUniform, unitVector } from './initialisers.js';
import type { ParameterScope } from './parameters.js';

/** Ends of the names that PyTorch's `spectral_norm` gives to a weight before it is divided, and to its two vectors. */
const [WEIGHT, LEFT, RIGHT] = ['weight_orig', 'weight_u', 'weight_v'] as const;

/** Whether a parameter is one of the vectors of spectral normalisation: they follow the weight and no gradient reaches them. */
export function isSpectralVector(key: string): boolean {
  return key.endsWith(LEFT) || key.endsWith(RIGHT);
}

/** A weight as a matrix, `[out, inputs]`. */
const asMatrix = (weight: Tensor): Tensor => reshape(weight, [weight.shape[0] ?? 1, -1]);

/**
 * W / σ(W), where σ(W) = uᵀ·W·v is W's largest singular value as far as its vectors u and v are known (Miyato et al., "Spectral
 * Normalization for Generative Adversarial Networks", ICLR 2018). Gradients flow through W, and through σ with u and v held.
 *
 * @param weight W, `[out, …]`
 * @param u `[out]`, `v` `[inputs]`, of length 1
 */
export function spectrallyNormalised(weight: Tensor, u: Tensor, v: Tensor): Tensor {
  const matrix = asMatrix(weight);
  const [left, right] = [reshape(stopGradient(u), [1, -1]), reshape(stopGradient(v), [-1, 1])];
  return divide(weight, reshape(matmul(matmul(left, matrix), right), []));
}

/**
 * The parameters after one step of power iteration for every weight that is normalised spectrally: v ← Wᵀu / ‖Wᵀu‖,
 * u ← Wv / ‖Wv‖. PyTorch does one before each forward pass in training; here it is said where it happens.
 *
 * @param parameters by state-dict key: `….weight_orig` with `….weight_u` and `….weight_v` beside it, and others
 * @returns the same record where no weight is normalised
 *
 * @example
 * const before = powerIterated(parameters);
 * const logits = featureDiscriminator(config)(scopeOf(before), features);
 */
export function powerIterated(parameters: TensorRecord): TensorRecord {
  const weights = Object.entries(parameters).filter(([key]) => key.endsWith(WEIGHT));
  if (weights.length === 0) return parameters;
  const next: Record<string, Tensor> = { ...parameters };
  for (const [key, weight] of weights) {
    const [leftKey, rightKey] = [LEFT, RIGHT].map((name) => key.slice(0, -WEIGHT.length) + name);
    const u = parameters[leftKey ?? ''];
    if (u === undefined || rightKey === undefined || leftKey === undefined)
      throw new RangeError(`powerIterated: ${key} has no ${leftKey} beside it`);
    const matrix = stopGradient(asMatrix(weight));
    const right = l2Normalise(matmul(reshape(u, [1, -1]), matrix));
    const left = l2Normalise(matmul(right, matrix, { transposeB: true }));
    next[rightKey] = reshape(right, [-1]);
    next[leftKey] = reshape(left, [-1]);
  }
  return next;
}

/** A convolution whose weight is divided by its largest singular value; parameters as PyTorch's `spectral_norm` names them. */
export function spectralConvolution(
  scope: ParameterScope,
  x: Tensor,
  out: number,
  kernel: number,
  { bias = true, ...options }: ConvolutionOptions & { readonly bias?: boolean } = {},
): Tensor {
  const [, channels] = imageShape(x, 'spectralConvolution');
  const shape = [out, channels, kernel, kernel];
  const inputs = elementCount(shape.slice(1));
  const weight = spectrallyNormalised(
    scope.parameter(WEIGHT, shape, kaimingUniform),
    scope.parameter(LEFT, [out], unitVector),
    scope.parameter(RIGHT, [inputs], unitVector),
  );
  return conv2d(x, weight, bias ? scope.parameter('bias', [out], biasUniform(inputs)) : undefined, options);
}
