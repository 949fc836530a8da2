import { RevelaError } from '../errors.js';
import type { Network, ParameterScope } from '../nn/index.js';
import { constantValue, convolution, convolutionOfAffine } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import {
  add,
  concat,
  gelu,
  imageShape,
  l2Normalise,
  matmul,
  multiply,
  pixelShuffle,
  pixelUnshuffle,
  reshape,
  scaleToUnitVariance,
  slice,
  softmax,
  standardise,
} from '../tensor/index.js';
import type { Architecture, NetworkDescription, StateDictShapes } from './architecture.js';
import { channelByChannel } from './channel-by-channel.js';
import { flagOf, type NetworkConfig, numberOf, numbersOf, textOf } from './network-config.js';
import { pictureChannels, sizeOption } from './network-options.js';
import { type RestormerConfig, restormerPaperConfig } from './restormer-config.js';
import { countBelow } from './state-dict.js';

/** Sides must be divisible by this: three halvings. */
const MULTIPLE = 8;

/** Channels inside the feed-forward network of a level, of each of its two halves. */
const hiddenChannels = (channels: number, factor: number): number => Math.floor(channels * factor);

const EPSILON = 1e-5;

/** The 1×1 convolution `convolution` to `out` channels of the layer normalisation `norm` of x, over the channels of each pixel. */
function normalisedConvolution(
  { norm, convolution }: { readonly norm: ParameterScope; readonly convolution: ParameterScope },
  x: Tensor,
  out: number,
  { LayerNorm_type, bias }: RestormerConfig,
): Tensor {
  const [, channels] = imageShape(x, 'Restormer');
  const body = norm.at('body');
  const weight = body.parameter('weight', [channels], constantValue(1));
  if (LayerNorm_type === 'BiasFree')
    return convolutionOfAffine(convolution, scaleToUnitVariance(x, [1], EPSILON), { weight }, out, { bias });
  const affine = { weight, bias: body.parameter('bias', [channels], constantValue(0)) };
  return convolutionOfAffine(convolution, standardise(x, [1], EPSILON), affine, out, { bias });
}

/**
 * Attention between channels in place of pixels ("multi-Dconv head transposed attention", section 3.1):
 * softmax(τ · q̂ k̂ᵀ) v for every head, where q, k and v are made of LN x, q̂ and k̂ are rows of pixels scaled to length 1,
 * and τ is learnt.
 */
function attention(block: ParameterScope, x: Tensor, heads: number, config: RestormerConfig): Tensor {
  const [batch, channels, height, width] = imageShape(x, 'Restormer');
  const { bias } = config;
  const scope = block.at('attn');
  const temperature = scope.parameter('temperature', [heads, 1, 1], constantValue(1));
  const source = { norm: block.at('norm1'), convolution: scope.at('qkv') };
  const deep = normalisedConvolution(source, x, 3 * channels, config);
  const qkv = convolution(scope.at('qkv_dwconv'), deep, 3 * channels, 3, {
    bias,
    padding: 1,
    groups: 3 * channels,
  });
  const third = (index: number): Tensor =>
    reshape(slice(qkv, { axis: 1, start: index * channels, length: channels }), [
      batch,
      heads,
      channels / heads,
      height * width,
    ]);
  const similarity = matmul(l2Normalise(third(0)), l2Normalise(third(1)), { transposeB: true });
  const attended = matmul(softmax(multiply(similarity, temperature)), third(2));
  return convolution(scope.at('project_out'), reshape(attended, x.shape), channels, 1, { bias });
}

/** gelu(a) · b, a and b the halves of a 1×1 and a depthwise 3×3 convolution of LN x (section 3.2). */
function feedForward(block: ParameterScope, x: Tensor, config: RestormerConfig): Tensor {
  const [, channels] = imageShape(x, 'Restormer');
  const { bias } = config;
  const scope = block.at('ffn');
  const hidden = hiddenChannels(channels, config.ffn_expansion_factor);
  const source = { norm: block.at('norm2'), convolution: scope.at('project_in') };
  const deep = normalisedConvolution(source, x, 2 * hidden, config);
  const both = convolution(scope.at('dwconv'), deep, 2 * hidden, 3, { bias, padding: 1, groups: 2 * hidden });
  const half = (start: number): Tensor => slice(both, { axis: 1, start, length: hidden });
  return convolution(scope.at('project_out'), multiply(gelu(half(0)), half(hidden)), channels, 1, { bias });
}

/** y = x + attention(x), z = y + feedForward(y), as often as the level has blocks. */
function blocks(
  scope: ParameterScope,
  x: Tensor,
  { count, heads }: { readonly count: number; readonly heads: number },
  config: RestormerConfig,
): Tensor {
  let y = x;
  for (let i = 0; i < count; i++) {
    const block = scope.at(i);
    y = add(y, attention(block, y, heads, config));
    y = add(y, feedForward(block, y, config));
  }
  return y;
}

/** 3×3 convolution to half the channels, then 2×2 pixels to channels: half the size, twice the channels. */
function down(scope: ParameterScope, x: Tensor): Tensor {
  const [, channels] = imageShape(x, 'Restormer');
  const body = scope.at('body').at(0);
  return pixelUnshuffle(convolution(body, x, channels / 2, 3, { padding: 1, bias: false }), 2);
}

/** 3×3 convolution to twice the channels, then channels to 2×2 pixels: twice the size, half the channels. */
function up(scope: ParameterScope, x: Tensor): Tensor {
  const [, channels] = imageShape(x, 'Restormer');
  const body = scope.at('body').at(0);
  return pixelShuffle(convolution(body, x, channels * 2, 3, { padding: 1, bias: false }), 2);
}

/**
 * Restormer (Zamir et al., "Restormer: Efficient Transformer for High-Resolution Image Restoration", CVPR 2022), which
 * AMSNet trains: a U-shape of transformer blocks whose attention is between channels, so that its cost grows with the
 * number of pixels and not with its square. The result is added to the input.
 * Images `[batch, inp_channels, height, width]`, sides divisible by 8.
 *
 * Parameters start as in the original program: PyTorch's default for convolutions, 1 and 0 for normalisations, and
 * 1 for temperatures.
 *
 * @example
 * const network = restormer(restormerPaperConfig);
 */
export function restormer(config: RestormerConfig): Network {
  const { dim, num_refinement_blocks, bias, out_channels } = config;
  const level = (index: number) => ({
    count: config.num_blocks[index] ?? 0,
    heads: config.heads[index] ?? 1,
  });
  return (scope, input) => {
    const finest = convolution(scope.at('patch_embed').at('proj'), input, dim, 3, {
      padding: 1,
      bias: false,
    });
    const skip1 = blocks(scope.at('encoder_level1'), finest, level(0), config);
    const skip2 = blocks(scope.at('encoder_level2'), down(scope.at('down1_2'), skip1), level(1), config);
    const skip3 = blocks(scope.at('encoder_level3'), down(scope.at('down2_3'), skip2), level(2), config);
    let x = blocks(scope.at('latent'), down(scope.at('down3_4'), skip3), level(3), config);
    x = concat([up(scope.at('up4_3'), x), skip3], 1);
    x = convolution(scope.at('reduce_chan_level3'), x, dim * 4, 1, { bias });
    x = blocks(scope.at('decoder_level3'), x, level(2), config);
    x = concat([up(scope.at('up3_2'), x), skip2], 1);
    x = convolution(scope.at('reduce_chan_level2'), x, dim * 2, 1, { bias });
    x = blocks(scope.at('decoder_level2'), x, level(1), config);
    // The finest level keeps the channels of both.
    x = concat([up(scope.at('up2_1'), x), skip1], 1);
    x = blocks(scope.at('decoder_level1'), x, level(0), config);
    x = blocks(scope.at('refinement'), x, { ...level(0), count: num_refinement_blocks }, config);
    return add(convolution(scope.at('output'), x, out_channels, 3, { padding: 1, bias }), input);
  };
}

/** Pixels of context around a tile; see {@link restormerArchitecture}. */
const MARGIN = 32;

function describe(config: RestormerConfig): NetworkDescription {
  return {
    architecture: 'restormer',
    config: { ...config },
    network: channelByChannel(config.inp_channels, restormer(config)),
    inputChannels: config.inp_channels,
    scale: 1,
    multiple: MULTIPLE,
    reach: MARGIN,
    tilesExactly: false,
    blindSpot: false,
    // Queries, keys and values, or both halves of the feed-forward network, at full resolution on the way up.
    width: Math.max(6 * config.dim, 2 * hiddenChannels(2 * config.dim, config.ffn_expansion_factor)),
    authorsRate: 3e-4,
  };
}

/**
 * The factor that gives every level its hidden channels, ⌊channels · factor⌋: of all that do, the one that is written
 * with the fewest digits.
 */
function expansionFactor(levels: readonly { readonly channels: number; readonly hidden: number }[]): number {
  const suits = (factor: number): boolean =>
    levels.every(({ channels, hidden }) => hiddenChannels(channels, factor) === hidden);
  const least = Math.max(...levels.map(({ channels, hidden }) => hidden / channels));
  for (let digits = 0; digits < 6; digits++) {
    // Less what multiplying may round up.
    const factor = Math.ceil(least * 10 ** digits - 1e-9) / 10 ** digits;
    if (suits(factor)) return factor;
  }
  return least;
}

const LEVELS = ['encoder_level1', 'encoder_level2', 'encoder_level3', 'latent'] as const;

function recognise(shapes: StateDictShapes): NetworkDescription | undefined {
  const [dim, inp_channels] = shapes['patch_embed.proj.weight'] ?? [];
  const [out_channels] = shapes['output.weight'] ?? [];
  if (dim === undefined || dim % 2 !== 0 || inp_channels === undefined) return undefined;
  if (out_channels !== inp_channels) return undefined;
  const heads: number[] = [];
  const widths: { channels: number; hidden: number }[] = [];
  for (const level of LEVELS) {
    const [count] = shapes[`${level}.0.attn.temperature`] ?? [];
    const [channels, hidden] = shapes[`${level}.0.ffn.project_out.weight`] ?? [];
    if (count === undefined || channels === undefined || hidden === undefined) return undefined;
    heads.push(count);
    widths.push({ channels, hidden });
  }
  return describe({
    inp_channels,
    out_channels,
    dim,
    num_blocks: LEVELS.map((level) => countBelow(shapes, level)),
    num_refinement_blocks: countBelow(shapes, 'refinement'),
    heads,
    ffn_expansion_factor: expansionFactor(widths),
    bias: shapes['encoder_level1.0.attn.qkv.bias'] !== undefined,
    LayerNorm_type: shapes['encoder_level1.0.norm1.body.bias'] === undefined ? 'BiasFree' : 'WithBias',
  });
}

function normalisationOf(config: NetworkConfig): RestormerConfig['LayerNorm_type'] {
  const type = textOf(config, 'LayerNorm_type', restormerPaperConfig.LayerNorm_type);
  if (type !== 'BiasFree' && type !== 'WithBias')
    throw new RevelaError(
      `a Restormer's LayerNorm_type must be BiasFree or WithBias, got ${JSON.stringify(type)}`,
    );
  return type;
}

/**
 * Restormer among the architectures. Of the options of size, the base channels are `dim`, the channels at full
 * resolution (48), and the modules are the blocks at the coarsest level (8); the blocks of the other levels stay.
 *
 * Attention compares channels over the whole picture, so a tile of a picture is not denoised exactly as the picture is.
 */
export const restormerArchitecture: Architecture = {
  name: 'restormer',
  title: 'Restormer, a transformer over channels (Zamir et al., CVPR 2022)',
  ofSize: ({ channels, baseChannels = restormerPaperConfig.dim, modules = 8 }) =>
    describe({
      ...restormerPaperConfig,
      inp_channels: pictureChannels(channels),
      out_channels: pictureChannels(channels),
      dim: sizeOption(baseChannels, 'baseChannels', { multiple: 2, largest: 512 }),
      num_blocks: restormerPaperConfig.num_blocks.with(-1, sizeOption(modules, 'modules', { largest: 64 })),
    }),
  ofConfig: (config) =>
    describe({
      inp_channels: numberOf(config, 'inp_channels', restormerPaperConfig.inp_channels),
      out_channels: numberOf(config, 'out_channels', restormerPaperConfig.out_channels),
      dim: numberOf(config, 'dim', restormerPaperConfig.dim),
      num_blocks: numbersOf(config, 'num_blocks', restormerPaperConfig.num_blocks),
      num_refinement_blocks: numberOf(
        config,
        'num_refinement_blocks',
        restormerPaperConfig.num_refinement_blocks,
      ),
      heads: numbersOf(config, 'heads', restormerPaperConfig.heads),
      ffn_expansion_factor: numberOf(
        config,
        'ffn_expansion_factor',
        restormerPaperConfig.ffn_expansion_factor,
      ),
      bias: flagOf(config, 'bias', restormerPaperConfig.bias),
      LayerNorm_type: normalisationOf(config),
    }),
  recognise,
  isBuffer: () => false,
};
