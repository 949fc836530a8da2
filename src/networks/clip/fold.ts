import type { ParameterDeclarations } from '../../nn/index.js';
import { declareParameters } from '../../nn/index.js';
import type { Shape, TensorValue } from '../../tensor/index.js';
import { cast } from '../../tensor/index.js';
import { type ClipConfig, CLIP_STRIDE } from './configuration.js';
import { clipImage } from './image-encoder.js';
import { clipText, embedClipTokens } from './text-encoder.js';

/** PyTorch's default, which CLIP keeps. */
const EPSILON = 1e-5;

/** Parameters of the image encoder, folded, by state-dict key. */
export function clipImageParameters(config: ClipConfig): ParameterDeclarations {
  return declareParameters(clipImage(config), [1, 3, CLIP_STRIDE, CLIP_STRIDE]);
}

/** Parameters of the text encoder and its table of tokens, by state-dict key. */
export function clipTextParameters(config: ClipConfig): ParameterDeclarations {
  const encoder = declareParameters(clipText(config, [0]), [1, 1, config.transformer_width]);
  const embed = embedClipTokens(config);
  const table = declareParameters((scope, tokens) => embed(scope, cast(tokens, 'int32')), [1, 1]);
  return new Map([...table, ...encoder]);
}

/** The batch normalisation after a convolution: `bn1` after `conv1`, `downsample.1` after `downsample.0`. */
function normalisationAfter(convolution: string): string {
  return convolution.replace(/conv(\d)$/, 'bn$1').replace(/downsample\.0$/, 'downsample.1');
}

/** Name of the convolution whose folded bias a key is; undefined for any other parameter. */
const convolutionOfBias = (key: string): string | undefined =>
  /^(visual\.(?:.*\.)?(?:conv\d|downsample\.0))\.bias$/.exec(key)?.[1];

const statistics = ['weight', 'bias', 'running_mean', 'running_var'] as const;

/**
 * Shapes of a CLIP's state dict as published: batch normalisation beside its convolutions, which have no bias. By OpenAI's
 * names.
 */
export function clipStateDictShapes(config: ClipConfig): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, Shape>([['logit_scale', []]]);
  for (const [key, { shape }] of [...clipTextParameters(config), ...clipImageParameters(config)]) {
    const convolution = convolutionOfBias(key);
    if (convolution === undefined) shapes.set(key, shape);
    else for (const name of statistics) shapes.set(`${normalisationAfter(convolution)}.${name}`, shape);
  }
  return shapes;
}

function found(stateDict: Readonly<Record<string, TensorValue>>, key: string): TensorValue {
  const value = stateDict[key];
  if (value === undefined) throw new RangeError(`the state dict has no ${key}`);
  return value;
}

/**
 * The parameters of {@link clipImage} from a state dict as published. Each batch normalisation, which after training is the
 * same affine map for every picture, goes into the convolution before it:
 * γ·(W·x − μ) / √(σ² + ε) + β = (s·W)·x + (β − s·μ), s = γ / √(σ² + ε). Exact; computed in double precision.
 *
 * @throws RangeError that names a tensor which is missing
 *
 * @example
 * const image = foldClip(clipRn50Config, stateDict);
 */
export function foldClip(
  config: ClipConfig,
  stateDict: Readonly<Record<string, TensorValue>>,
): Readonly<Record<string, TensorValue>> {
  const parameters: Record<string, TensorValue> = {};
  for (const [key, { shape }] of clipImageParameters(config)) {
    const convolution = convolutionOfBias(key);
    if (convolution === undefined) {
      parameters[key] ??= found(stateDict, key);
      continue;
    }
    const after = normalisationAfter(convolution);
    const [gamma, beta, mean, variance] = statistics.map((name) => found(stateDict, `${after}.${name}`).data);
    const scale = Float64Array.from(
      { length: shape[0] ?? 0 },
      (_, i) => Number(gamma?.[i]) / Math.sqrt(Number(variance?.[i]) + EPSILON),
    );
    const weight = found(stateDict, `${convolution}.weight`);
    const taps = weight.data.length / scale.length;
    const scaled = new Float32Array(weight.data.length);
    for (let i = 0; i < scaled.length; i++)
      scaled[i] = Number(weight.data[i]) * (scale[Math.floor(i / taps)] ?? 0);
    parameters[`${convolution}.weight`] = { ...weight, data: scaled };
    parameters[key] = {
      data: Float32Array.from(scale, (s, i) => Number(beta?.[i]) - s * Number(mean?.[i])),
      shape,
      dtype: 'float32',
    };
  }
  return parameters;
}
