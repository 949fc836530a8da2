import type { ConvolutionLayerOptions, Network, ParameterScope } from '../nn/index.js';
import { biasUniform, convolution, xavierNormal } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import {
  add,
  concat,
  imageShape,
  multiply,
  relu,
  sigmoid,
  subtract,
  upsampleNearest,
} from '../tensor/index.js';
import type { Architecture, NetworkDescription, StateDictShapes } from './architecture.js';
import { channelByChannel } from './channel-by-channel.js';
import { flagOf, numberOf } from './network-config.js';
import { pictureChannels, sizeOption } from './network-options.js';
import {
  convolutionStep,
  doublingStep,
  type PathStep,
  receptiveFieldReach,
  stridedConvolutionStep,
} from './receptive-field.js';

/** DeamNet's size. The original program has `Isreal` only: 64 channels and 4 iterations are written into it. */
export interface DeamnetConfig {
  /** Colour pictures (real noise) if true, grey ones if not. */
  readonly Isreal: boolean;
  /** A multiple of 16. */
  readonly channels: number;
  /** How often the shared network is applied: 1 to 9. */
  readonly iterations: number;
}

/** The size of the paper for real noise: 2,228,131 parameters. */
export const deamnetPaperConfig: DeamnetConfig = { Isreal: true, channels: 64, iterations: 4 };

/** How often the encoder halves the features. */
const LEVELS = 4;
/** By how much the attention's inner layer is narrower. */
const REDUCTION = 16;

/** A convolution that keeps the size at stride 1, without an activation. Biases start as PyTorch's default. */
const linear = (
  scope: ParameterScope,
  x: Tensor,
  width: number,
  kernel = 3,
  options: ConvolutionLayerOptions = {},
): Tensor =>
  convolution(scope, x, width, kernel, {
    padding: (kernel - 1) / 2,
    weightInitialiser: xavierNormal,
    ...options,
  });

const widthOf = (x: Tensor): number => imageShape(x, 'DeamNet')[1];

/** 3×3 convolution → ReLU, of the same width. */
const rectified = (scope: ParameterScope, x: Tensor, stride = 1): Tensor =>
  relu(linear(scope.at('block').at(0), x, widthOf(x), 3, { stride }));

/** Doubles the size by repetition, then a convolution. */
const upsampled = (scope: ParameterScope, x: Tensor): Tensor =>
  rectified(scope.at('ConvTranspose').at('conv2d'), upsampleNearest(x, 2));

/** y + [3×3 → ReLU → 3×3](y): what is added to the features by the two transforms. */
function refined(scope: ParameterScope, y: Tensor): Tensor {
  const inner = relu(linear(scope.at('pre').at(0).at('conv2d'), y, widthOf(y)));
  return add(y, linear(scope.at('pre').at(2).at('conv2d'), inner, widthOf(y)));
}

/** σ(3×3 → ReLU → 3×3), the inner layer narrower: a weight in (0, 1) for every pixel and channel. */
function weightOf(scope: ParameterScope, features: Tensor): Tensor {
  const width = widthOf(features);
  const narrow = relu(linear(scope.at('conv_du').at(0).at('conv2d'), features, width / REDUCTION));
  return sigmoid(linear(scope.at('conv_du').at(2).at('conv2d'), narrow, width));
}

/** (1 − δ)·a + δ·b */
const mixed = (delta: Tensor, a: Tensor, b: Tensor): Tensor =>
  add(multiply(subtract(1, delta), a), multiply(delta, b));

/** The weight with which `b` enters a mixture with `a`: from both, side by side. */
function mixtureWeight(scope: ParameterScope, weight: ParameterScope, a: Tensor, b: Tensor): Tensor {
  const both = concat([linear(scope.at('C').at('conv2d'), b, widthOf(b)), a], 1);
  return weightOf(weight, linear(scope.at('cat').at('conv2d'), both, widthOf(b), 1));
}

/** One level of the decoder: deeper features, doubled, meet the encoder's, weighted by attention. */
function decoded(scope: ParameterScope, level: number, encoded: Tensor, deeper: Tensor): Tensor {
  const attention = scope.at(`attention${level}`);
  const doubled = upsampled(attention, deeper);
  const rich = mixed(mixtureWeight(attention, attention, doubled, encoded), doubled, encoded);
  const block = scope.at(`de${level}`);
  const merge = block.at('upsample');
  const both = concat([rectified(merge.at('conv1'), rich), upsampled(merge, deeper)], 1);
  const merged = linear(merge.at('cat').at('conv2d'), both, widthOf(encoded), 1);
  return rectified(block.at('body').at(1), rectified(block.at('body').at(0), merged));
}

/** Layers that the published checkpoints hold and the original program never applies: they keep their first values. */
function unusedLayers(scope: ParameterScope, width: number): void {
  for (const [name, inputs, kernel] of [
    ['conv_dila1.conv2d', width, 3],
    ['conv_dila2.conv2d', width, 5],
    ['conv_dila3.conv2d', width, 7],
    ['cat1', 3 * width, 1],
  ] as const) {
    scope.at(name).parameter('weight', [width, inputs, kernel, kernel], xavierNormal);
    scope.at(name).parameter('bias', [width], biasUniform(inputs * kernel * kernel));
  }
}

/** The non-linear operator of every iteration (NLO in the paper): x + a U-Net of x with attention at every level. */
function nonLinearOperator(scope: ParameterScope, x: Tensor): Tensor {
  unusedLayers(scope, widthOf(x));
  const encoded: Tensor[] = [];
  let y = x;
  for (let level = 0; level < LEVELS; level++) {
    const body = scope.at(`e${level}`).at('body');
    const features = rectified(body.at(1), rectified(body.at(0), y));
    encoded.push(features);
    y = rectified(body.at(2), features, 2);
  }
  y = rectified(scope.at('mid').at(1), rectified(scope.at('mid').at(0), y));
  for (const [level, features] of [...encoded.entries()].reverse()) y = decoded(scope, level, features, y);
  return add(x, linear(scope.at('final').at('conv2d'), y, widthOf(x)));
}

/**
 * DeamNet (Ren et al., CVPR 2021), the unfolding of an iteration with an adaptive consistency prior: from features y
 * of the picture, `xᵢ₊₁ = (1 − δᵢ)·NLO(xᵢ) + δᵢ·y`, where NLO is the same network every time and the weights δᵢ
 * come from a small network of each iteration's own.
 * Images `[batch, 3 or 1, height, width]`, height and width multiples of 16; all convolutions pad with zeros.
 *
 * @example
 * const network = deamnet({ Isreal: true, channels: 64, iterations: 4 });
 */
export function deamnet({ Isreal, channels, iterations }: DeamnetConfig): Network {
  return (scope, picture) => {
    const forward = scope.at('transform_function');
    const y = refined(forward, linear(forward.at('ext').at('conv2d'), picture, channels));
    let x = y;
    for (let i = 1; i <= iterations; i++) {
      const operated = nonLinearOperator(scope.at('net2'), x);
      const line = scope.at(`line${i}${i}`);
      x = mixed(mixtureWeight(line, line.at('weight'), operated, y), operated, y);
    }
    const inverse = scope.at('inverse_transform_function');
    return linear(inverse.at('ext').at('conv2d'), refined(inverse, x), Isreal ? 3 : 1);
  };
}

/** How far an output pixel looks at most: 719 pixels for the paper's four iterations. */
export function deamnetReach({ iterations }: DeamnetConfig): number {
  const convolutions = (count: number): PathStep[] => Array.from({ length: count }, () => convolutionStep(3));
  const down = Array.from({ length: LEVELS }, () => [...convolutions(2), stridedConvolutionStep]).flat();
  // Up at every level: the convolution after doubling, two of the attention, one before and two after the merge.
  const up = Array.from({ length: LEVELS }, () => [doublingStep, ...convolutions(6)]).flat();
  // The last convolution of the operator, and two that weigh its result.
  const iteration = [...down, ...convolutions(2), ...up, ...convolutions(3)];
  return receptiveFieldReach([
    ...convolutions(3),
    ...Array.from({ length: iterations }, () => iteration).flat(),
    ...convolutions(3),
  ]);
}

/**
 * A margin of tiles that is no hardship. With the first values, a hundred-millionth of the influence on an output pixel (the
 * sum of absolute derivatives) comes from further away than this.
 */
const ADVISED_REACH = 128;

function describe(config: DeamnetConfig): NetworkDescription {
  return {
    architecture: 'deamnet',
    config: { ...config },
    network: channelByChannel(config.Isreal ? 3 : 1, deamnet(config)),
    inputChannels: config.Isreal ? 3 : 1,
    scale: 1,
    multiple: 2 ** LEVELS,
    reach: Math.min(ADVISED_REACH, deamnetReach(config)),
    tilesExactly: deamnetReach(config) <= ADVISED_REACH,
    blindSpot: false,
    width: 2 * config.channels,
    authorsRate: 1e-4,
  };
}

function recognise(shapes: StateDictShapes): NetworkDescription | undefined {
  const [channels, inputs] = shapes['transform_function.ext.conv2d.weight'] ?? [];
  if (channels === undefined || channels % REDUCTION !== 0 || (inputs !== 3 && inputs !== 1))
    return undefined;
  if (shapes['net2.final.conv2d.weight'] === undefined) return undefined;
  let iterations = 0;
  while (shapes[`line${iterations + 1}${iterations + 1}.cat.conv2d.weight`] !== undefined) iterations += 1;
  return iterations === 0 ? undefined : describe({ Isreal: inputs === 3, channels, iterations });
}

/** DeamNet among the architectures; its default size is the paper's. */
export const deamnetArchitecture: Architecture = {
  name: 'deamnet',
  title: 'DeamNet, an unfolded iteration with attention (CVPR 2021)',
  ofSize: ({
    channels,
    baseChannels = deamnetPaperConfig.channels,
    modules = deamnetPaperConfig.iterations,
  }) =>
    describe({
      Isreal: pictureChannels(channels) === 3,
      channels: sizeOption(baseChannels, 'baseChannels', { multiple: REDUCTION, largest: 512 }),
      iterations: sizeOption(modules, 'modules', { largest: 9 }),
    }),
  ofConfig: (config) =>
    describe({
      Isreal: flagOf(config, 'Isreal', true),
      channels: numberOf(config, 'channels', deamnetPaperConfig.channels),
      iterations: numberOf(config, 'iterations', deamnetPaperConfig.iterations),
    }),
  recognise,
  isBuffer: () => false,
};
