import type { Network, ParameterScope } from '../nn/index.js';
import {
  type BranchInitialisers,
  branchedConvolution,
  constantValue,
  convolution,
  foldBranches,
} from '../nn/index.js';
import type { Tensor, TensorValue } from '../tensor/index.js';
import {
  add,
  concat,
  constant,
  imageShape,
  multiply,
  pixelShuffle,
  sigmoid,
  silu,
  subtract,
} from '../tensor/index.js';
import { RevelaError } from '../errors.js';
import type { Architecture, NetworkDescription, StateDictShapes } from './architecture.js';
import { flagOf, type NetworkConfig, numberOf, numbersOf, textOf } from './network-config.js';
import { refuseOption, sizeOption } from './network-options.js';
import { spanAttention, spanBranches, spanFirst, spanJoining, spanLast } from './span-initialisation.js';

/**
 * How SPAN's 3×3 convolutions are held: as the `branches` that are learnt, or as the `plain` ones that these are together.
 */
export type SpanForm = 'branches' | 'plain';

/** SPAN's size, under the names of the original program. */
export interface SpanConfig {
  readonly num_in_ch: number;
  readonly num_out_ch: number;
  /** Width of the network: 48 in the paper. */
  readonly feature_channels: number;
  /** How many times as high and wide the result is. */
  readonly upscale: number;
  /** What pictures in [0, 1] are multiplied by, once their mean is subtracted. */
  readonly img_range: number;
  readonly rgb_mean: readonly number[];
  /** Whether that is done; false for checkpoints that say so by a tensor `no_norm`. */
  readonly norm: boolean;
  readonly form: SpanForm;
}

/** The paper's size, as it is learnt: 426,288 parameters once it is folded. */
export const spanPaperConfig: SpanConfig = {
  num_in_ch: 3,
  num_out_ch: 3,
  feature_channels: 48,
  upscale: 4,
  img_range: 255,
  rgb_mean: [0.4488, 0.4371, 0.404],
  norm: true,
  form: 'branches',
};

/** Attention blocks; which of them are joined at the end is a part of the design. */
const BLOCKS = 6;

/** By how much branches are wider. */
const GAIN = 2;

/** Where the plain convolution stands. */
const PLAIN = 'eval_conv';

type Layer = (scope: ParameterScope, x: Tensor, channels: number, first?: BranchInitialisers) => Tensor;

const layers: Readonly<Record<SpanForm, Layer>> = {
  branches: (scope, x, channels, first = spanBranches) =>
    branchedConvolution(scope, x, channels, GAIN, first),
  plain: (scope, x, channels) => convolution(scope.at(PLAIN), x, channels, 3, { padding: 1 }),
};

/** (x − mean) · range, or x where an empty parameter says that there is no such thing, as other programs mark their checkpoints. */
function normalised(scope: ParameterScope, x: Tensor, { img_range, rgb_mean, norm }: SpanConfig): Tensor {
  if (!norm) {
    scope.parameter('no_norm', [1], constantValue(0));
    return x;
  }
  const [, channels] = imageShape(x, 'SPAN');
  const mean = Float32Array.from({ length: channels }, (_, channel) => rgb_mean[channel] ?? 0);
  return multiply(subtract(x, constant(mean, [1, channels, 1, 1])), img_range);
}

/** Three convolutions whose result, y, is its own attention: (y + x) · (σ(y) − ½). Also what the first of them gives, activated. */
function attentionBlock(scope: ParameterScope, x: Tensor, layer: Layer): readonly [Tensor, Tensor] {
  const [, channels] = imageShape(x, 'SPAN');
  const first = silu(layer(scope.at('c1_r'), x, channels));
  const second = silu(layer(scope.at('c2_r'), first, channels));
  const third = layer(scope.at('c3_r'), second, channels, spanAttention);
  return [multiply(add(third, x), subtract(sigmoid(third), 0.5)), first];
}

/**
 * SPAN, the swift parameter-free attention network (Wan et al., CVPR workshops 2024; the winner of NTIRE 2024's efficient
 * super-resolution): six blocks of three 3×3 convolutions at the size of the input, whose results serve as their own attention; the
 * features before them, after the first and within the last are joined, and every pixel of the result has a channel, shuffled
 * into place. Images `[batch, num_in_ch, height, width]` in [0, 1] of any size →
 * `[batch, num_out_ch, height · upscale, width · upscale]`; all convolutions pad with zeros.
 *
 * The 3×3 convolutions, but for the last, are learnt as branches ({@link branchedConvolution}) and used as plain ones. What is joined of
 * the last block is its first convolution after the activation, as the published program has it, which activates in place.
 *
 * @example
 * const network = span(spanPaperConfig);
 */
export function span(config: SpanConfig): Network {
  const { feature_channels, num_out_ch, upscale, form } = config;
  const layer = layers[form];
  return (scope, x) => {
    const features = layer(
      scope.at('conv_1'),
      normalised(scope, x, config),
      feature_channels,
      spanFirst(num_out_ch),
    );
    let y = features;
    let [firstBlock, inLast] = [features, features];
    for (let block = 1; block <= BLOCKS; block++) {
      [y, inLast] = attentionBlock(scope.at(`block_${block}`), y, layer);
      if (block === 1) firstBlock = y;
    }
    const last = layer(scope.at('conv_2'), y, feature_channels);
    const joined = concat([features, last, firstBlock, inLast], 1);
    const merged = convolution(scope.at('conv_cat'), joined, feature_channels, 1, {
      weightInitialiser: spanJoining(num_out_ch),
      biasInitialiser: constantValue(0),
    });
    const phases = convolution(scope.at('upsampler').at(0), merged, num_out_ch * upscale ** 2, 3, {
      padding: 1,
      weightInitialiser: spanLast(num_out_ch, upscale),
      biasInitialiser: constantValue(0),
    });
    return pixelShuffle(phases, upscale);
  };
}

/** Whether a parameter belongs to the branches of a convolution. */
const branch = /^(.+)\.((?:sk|conv\.[012])\.(?:weight|bias))$/;

/** The parameters of the plain form that is the same network. */
function plainParameters(
  parameters: Readonly<Record<string, TensorValue>>,
): Readonly<Record<string, TensorValue>> {
  const convolutions = new Map<string, Record<string, TensorValue>>();
  const others: [string, TensorValue][] = [];
  for (const [key, value] of Object.entries(parameters)) {
    const [, owner, name] = branch.exec(key) ?? [];
    if (owner === undefined || name === undefined) {
      others.push([key, value]);
      continue;
    }
    const known = convolutions.get(owner) ?? {};
    known[name] = value;
    convolutions.set(owner, known);
  }
  const folded = [...convolutions].flatMap(([owner, branches]) =>
    Object.entries(foldBranches(branches)).map(
      ([name, value]) => [`${owner}.${PLAIN}.${name}`, value] as const,
    ),
  );
  return Object.fromEntries([...others, ...folded]);
}

function describe(config: SpanConfig): NetworkDescription {
  return {
    architecture: 'span',
    config: { ...config },
    network: span(config),
    inputChannels: config.num_in_ch,
    scale: config.upscale,
    multiple: 1,
    // conv_1, three of each block, conv_2 and the last.
    reach: 3 + 3 * BLOCKS,
    tilesExactly: true,
    blindSpot: false,
    width: Math.max(4 * config.feature_channels, config.num_out_ch * config.upscale ** 2),
    ...(config.form === 'plain'
      ? {}
      : { folded: { description: describe({ ...config, form: 'plain' }), parameters: plainParameters } }),
  };
}

function recognise(shapes: StateDictShapes): NetworkDescription | undefined {
  const form: SpanForm = shapes['conv_1.sk.weight'] === undefined ? 'plain' : 'branches';
  const [feature_channels, num_in_ch] =
    shapes[form === 'plain' ? `conv_1.${PLAIN}.weight` : 'conv_1.sk.weight'] ?? [];
  const [phases] = shapes['upsampler.0.weight'] ?? [];
  if (feature_channels === undefined || num_in_ch === undefined || phases === undefined) return undefined;
  if (shapes['conv_cat.weight']?.join() !== `${feature_channels},${4 * feature_channels},1,1`)
    return undefined;
  // Pictures keep their channels: the tensors do not tell them from the scale.
  const upscale = Math.sqrt(phases / num_in_ch);
  if (!Number.isInteger(upscale) || upscale < 1) return undefined;
  const norm = shapes['no_norm'] === undefined;
  return describe({
    ...spanPaperConfig,
    ...{ num_in_ch, num_out_ch: num_in_ch, feature_channels, upscale, norm, form },
  });
}

function formOf(config: NetworkConfig): SpanForm {
  const form = textOf(config, 'form', spanPaperConfig.form);
  if (form === 'branches' || form === 'plain') return form;
  throw new RevelaError(`SPAN's form must be branches or plain, got ${form}`);
}

/** SPAN among the architectures; its default size is the paper's. New networks take pictures as they are: their first values suit that. */
export const spanArchitecture: Architecture = {
  name: 'span',
  title: 'SPAN, a small network with attention that has no parameters (CVPR workshops 2024)',
  ofSize: ({ baseChannels = spanPaperConfig.feature_channels, modules, scale = spanPaperConfig.upscale }) => {
    refuseOption(modules, 'modules', 'span');
    return describe({
      ...spanPaperConfig,
      norm: false,
      feature_channels: sizeOption(baseChannels, 'baseChannels', { largest: 512 }),
      upscale: sizeOption(scale, 'scale', { largest: 4 }),
    });
  },
  ofConfig: (config) =>
    describe({
      num_in_ch: numberOf(config, 'num_in_ch', spanPaperConfig.num_in_ch),
      num_out_ch: numberOf(config, 'num_out_ch', spanPaperConfig.num_out_ch),
      feature_channels: numberOf(config, 'feature_channels', spanPaperConfig.feature_channels),
      upscale: numberOf(config, 'upscale', spanPaperConfig.upscale),
      img_range: numberOf(config, 'img_range', spanPaperConfig.img_range),
      rgb_mean: numbersOf(config, 'rgb_mean', spanPaperConfig.rgb_mean),
      norm: flagOf(config, 'norm', spanPaperConfig.norm),
      form: formOf(config),
    }),
  recognise,
  // Beside branches the published program keeps the convolution that it made of them last, which may be an older one.
  isBuffer: (key, { form } = {}) => form === 'branches' && key.includes(`.${PLAIN}.`),
};
