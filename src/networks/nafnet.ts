import type { Network, ParameterScope } from '../nn/index.js';
import { constantValue, convolution, convolutionOfAffine, scaledConvolution } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import {
  add,
  gelu,
  globalAvgPool,
  imageShape,
  multiply,
  padZero,
  pixelShuffle,
  relu,
  sigmoid,
  slice,
  standardise,
} from '../tensor/index.js';
import type { Architecture, NetworkDescription, StateDictShapes } from './architecture.js';
import { channelByChannel } from './channel-by-channel.js';
import { numberOf, numbersOf } from './network-config.js';
import { pictureChannels, sizeOption } from './network-options.js';
import { countBelow } from './state-dict.js';

/** The size of NAFNet's baseline, under the names of the original program. */
export interface NafnetConfig {
  readonly img_channel: number;
  /** Channels at full resolution; every level down has twice as many. Even. */
  readonly width: number;
  /** Blocks of each level on the way down, finest first. */
  readonly enc_blk_nums: readonly number[];
  readonly middle_blk_num: number;
  /** Blocks of each level on the way up, coarsest first. */
  readonly dec_blk_nums: readonly number[];
  /** Width of the depthwise convolution, as a multiple of the level's. */
  readonly dw_expand: number;
  /** Width between the two convolutions that end a block, as a multiple of the level's. */
  readonly ffn_expand: number;
}

/** The size that AMSNet uses: 29,056,227 parameters. */
export const nafnetPaperConfig: NafnetConfig = {
  img_channel: 3,
  width: 32,
  enc_blk_nums: [2, 2, 4, 8],
  middle_blk_num: 12,
  dec_blk_nums: [2, 2, 2, 2],
  dw_expand: 1,
  ffn_expand: 2,
};

/** The 1×1 convolution `convolution` to `out` channels of the layer normalisation `norm` of x, over the channels of each pixel. */
function normalisedConvolution(
  norm: ParameterScope,
  convolution: ParameterScope,
  x: Tensor,
  out: number,
): Tensor {
  const [, channels] = imageShape(x, 'NAFNet');
  const weight = norm.parameter('weight', [channels], constantValue(1));
  const bias = norm.parameter('bias', [channels], constantValue(0));
  return convolutionOfAffine(convolution, standardise(x, [1], 1e-6), { weight, bias }, out);
}

/** x · σ(W₂ relu(W₁ mean x)): every channel scaled by what the means of all channels say (squeeze and excite). */
function excited(scope: ParameterScope, x: Tensor): Tensor {
  const [, channels] = imageShape(x, 'NAFNet');
  const squeezed = relu(convolution(scope.at(1), globalAvgPool(x), Math.floor(channels / 2), 1));
  return multiply(x, sigmoid(convolution(scope.at(3), squeezed, channels, 1)));
}

/**
 * y = x + β · conv₃(SE(gelu(conv₂(conv₁(LN x))))), where conv₂ is 3×3 and depthwise and the others are 1×1;
 * z = y + γ · conv₅(gelu(conv₄(LN y)))
 */
function block(scope: ParameterScope, x: Tensor, { dw_expand, ffn_expand }: NafnetConfig): Tensor {
  const [, channels] = imageShape(x, 'NAFNet');
  const deep = channels * dw_expand;
  // 0 at first: every block starts as the identity.
  const scale = (name: string): Tensor => scope.parameter(name, [1, channels, 1, 1], constantValue(0));
  const mixed = normalisedConvolution(scope.at('norm1'), scope.at('conv1'), x, deep);
  const spread = gelu(convolution(scope.at('conv2'), mixed, deep, 3, { padding: 1, groups: deep }));
  const y = add(x, scaledConvolution(scope.at('conv3'), excited(scope.at('se'), spread), scale('beta')));
  const wide = normalisedConvolution(scope.at('norm2'), scope.at('conv4'), y, channels * ffn_expand);
  return add(y, scaledConvolution(scope.at('conv5'), gelu(wide), scale('gamma')));
}

function blocks(scope: ParameterScope, x: Tensor, count: number, config: NafnetConfig): Tensor {
  let y = x;
  for (let i = 0; i < count; i++) y = block(scope.at(i), y, config);
  return y;
}

/** Sides must be multiples of this, 2 to the number of levels; the network pads with zeros, below and right, to get there. */
const multipleOf = ({ enc_blk_nums }: NafnetConfig): number => 2 ** enc_blk_nums.length;

/**
 * The baseline network of NAFNet (Chen et al., "Simple Baselines for Image Restoration", ECCV 2022, section 3), which
 * AMSNet trains: a U-shape of blocks of 1×1 and depthwise convolutions with GELU and squeeze-and-excite, whose result
 * is added to the input. Images `[batch, img_channel, height, width]` of any size.
 *
 * Parameters start as in the original program: PyTorch's default for convolutions, 1 and 0 for normalisations, and 0
 * for the scales β and γ of the blocks.
 *
 * @example
 * const network = nafnet(nafnetPaperConfig);
 */
export function nafnet(config: NafnetConfig): Network {
  const { img_channel, width, enc_blk_nums, middle_blk_num, dec_blk_nums } = config;
  return (scope, input) => {
    const [, , height, breadth] = imageShape(input, 'NAFNet');
    const multiple = multipleOf(config);
    const missing = (side: number): number => (multiple - (side % multiple)) % multiple;
    const padded = padZero(input, { bottom: missing(height), right: missing(breadth) });
    let x = convolution(scope.at('intro'), padded, width, 3, { padding: 1 });
    const skips: Tensor[] = [];
    for (const [level, count] of enc_blk_nums.entries()) {
      x = blocks(scope.at('encoders').at(level), x, count, config);
      skips.push(x);
      x = convolution(scope.at('downs').at(level), x, width * 2 ** (level + 1), 2, { stride: 2 });
    }
    x = blocks(scope.at('middle_blks'), x, middle_blk_num, config);
    for (const [level, count] of dec_blk_nums.entries()) {
      const [, channels] = imageShape(x, 'NAFNet');
      const up = convolution(scope.at('ups').at(level).at(0), x, channels * 2, 1, { bias: false });
      x = add(pixelShuffle(up, 2), skips.pop() ?? up);
      x = blocks(scope.at('decoders').at(level), x, count, config);
    }
    const residual = convolution(scope.at('ending'), x, img_channel, 3, { padding: 1 });
    const restored = add(residual, padded);
    return slice(restored, { axis: 2, start: 0, length: height }, { axis: 3, start: 0, length: breadth });
  };
}

/** Pixels of context around a tile; see {@link nafnetArchitecture}. */
const MARGIN = 32;

function describe(config: NafnetConfig): NetworkDescription {
  return {
    architecture: 'nafnet',
    config: { ...config },
    network: channelByChannel(config.img_channel, nafnet(config)),
    inputChannels: config.img_channel,
    scale: 1,
    multiple: multipleOf(config),
    reach: MARGIN,
    tilesExactly: false,
    blindSpot: false,
    width: config.width * Math.max(config.dw_expand, config.ffn_expand),
    authorsRate: 1e-3,
  };
}

function recognise(shapes: StateDictShapes): NetworkDescription | undefined {
  const [width, img_channel] = shapes['intro.weight'] ?? [];
  const first = Object.keys(shapes).find((key) => key.endsWith('.se.1.weight'));
  if (width === undefined || img_channel === undefined || first === undefined) return undefined;
  if (shapes['ending.weight']?.[0] !== img_channel || width % 2 !== 0) return undefined;
  const block = first.slice(0, -'se.1.weight'.length);
  const [deep, channels] = shapes[`${block}conv1.weight`] ?? [];
  const [wide] = shapes[`${block}conv4.weight`] ?? [];
  if (deep === undefined || channels === undefined || wide === undefined) return undefined;
  const levels = countBelow(shapes, 'downs');
  if (levels === 0 || countBelow(shapes, 'ups') !== levels) return undefined;
  const counts = (part: string): number[] =>
    Array.from({ length: levels }, (_, level) => countBelow(shapes, `${part}.${level}`));
  return describe({
    img_channel,
    width,
    enc_blk_nums: counts('encoders'),
    middle_blk_num: countBelow(shapes, 'middle_blks'),
    dec_blk_nums: counts('decoders'),
    dw_expand: deep / channels,
    ffn_expand: wide / channels,
  });
}

/**
 * NAFNet's baseline among the architectures. Of the options of size, the base channels are its width at full resolution
 * (32) and the modules are the blocks in its middle, at the coarsest level (12); the blocks of the other levels stay.
 *
 * Every block pools over the whole picture, so a tile of a picture is not denoised exactly as the picture is.
 */
export const nafnetArchitecture: Architecture = {
  name: 'nafnet',
  title: "NAFNet's baseline (Chen et al., ECCV 2022), as AMSNet trains it",
  ofSize: ({
    channels,
    baseChannels = nafnetPaperConfig.width,
    modules = nafnetPaperConfig.middle_blk_num,
  }) =>
    describe({
      ...nafnetPaperConfig,
      img_channel: pictureChannels(channels),
      width: sizeOption(baseChannels, 'baseChannels', { multiple: 2, largest: 512 }),
      middle_blk_num: sizeOption(modules, 'modules', { largest: 64 }),
    }),
  ofConfig: (config) =>
    describe({
      img_channel: numberOf(config, 'img_channel', nafnetPaperConfig.img_channel),
      width: numberOf(config, 'width', nafnetPaperConfig.width),
      enc_blk_nums: numbersOf(config, 'enc_blk_nums', nafnetPaperConfig.enc_blk_nums),
      middle_blk_num: numberOf(config, 'middle_blk_num', nafnetPaperConfig.middle_blk_num),
      dec_blk_nums: numbersOf(config, 'dec_blk_nums', nafnetPaperConfig.dec_blk_nums),
      dw_expand: numberOf(config, 'dw_expand', nafnetPaperConfig.dw_expand),
      ffn_expand: numberOf(config, 'ffn_expand', nafnetPaperConfig.ffn_expand),
    }),
  recognise,
  isBuffer: () => false,
};
