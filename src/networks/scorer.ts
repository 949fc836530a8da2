import { gaussian } from '../pixels/index.js';
import type { Network, ParameterScope } from '../nn/index.js';
import { constantValue, convolution, kaimingNormal, scaledBy } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import {
  add,
  avgPool2d,
  concat,
  constant,
  conv2d,
  divide,
  globalAvgPool,
  leakyRelu,
  maximum,
  multiply,
  pixelUnshuffle,
  slice,
  sqrt,
  square,
  subtract,
} from '../tensor/index.js';
import type { Architecture, NetworkDescription, StateDictShapes } from './architecture.js';
import { numberOf } from './network-config.js';
import { refuseOption, sizeOption } from './network-options.js';

/** The scorer's size. */
export interface ScorerConfig {
  /** Width at half the picture's size: 32. It is 2, 4 and 6 times that at a quarter, an eighth and a sixteenth. */
  readonly channels: number;
}

/** The size that the package ships weights of. */
export const scorerDefaultConfig: ScorerConfig = { channels: 32 };

/** How often the picture is halved: a location of the result stands for 16 × 16 pixels. */
export const SCORER_STRIDE = 16;

/** The planes of {@link scorer}'s result, in their order. */
export const scorerPlanes = ['quality', 'logit', 'attention'] as const;

const SLOPE = 0.1;

const he = { weightInitialiser: kaimingNormal(SLOPE), biasInitialiser: constantValue(0) } as const;

/** A convolution and a leaky ReLU. */
const layer = (scope: ParameterScope, x: Tensor, width: number, kernel: 1 | 3): Tensor =>
  leakyRelu(convolution(scope, x, width, kernel, { padding: (kernel - 1) / 2, ...he }), SLOPE);

/** Shares of red, green and blue in luma and in two differences of colour (ITU-R BT.601), centred and of like range. */
function opponentColours(x: Tensor): Tensor {
  const weight = [0.598, 1.174, 0.228, -0.676, -1.324, 2, 2, -1.674, -0.326];
  return conv2d(
    x,
    constant(Float32Array.from(weight), [3, 3, 1, 1]),
    constant(Float32Array.of(-1, 0, 0), [3]),
  );
}

/** A Gaussian window of 7 pixels, σ 7/6, as NIQE and BRISQUE take it. */
function window(down: boolean): Tensor {
  return constant(Float32Array.from(gaussian(7, 7 / 6)), down ? [1, 1, 7, 1] : [1, 1, 1, 7]);
}

const soften = (x: Tensor): Tensor =>
  conv2d(conv2d(x, window(true), undefined, { padding: [3, 0] }), window(false), undefined, {
    padding: [0, 3],
  });

/**
 * Luma less its local mean, divided by its local deviation (MSCN, Ruderman 1994; the ground of NIQE and BRISQUE): what
 * is left of a picture when its light and its contrast are taken away. The constant is that of luma in 8 bits.
 */
function normalisedLuma(luma: Tensor): Tensor {
  const mean = soften(luma);
  const spread = sqrt(maximum(subtract(soften(square(luma)), square(mean)), 0));
  return divide(subtract(luma, mean), add(spread, 2 / 255));
}

/** Mean over the picture of each channel, and its deviation. */
function moments(x: Tensor): readonly [mean: Tensor, deviation: Tensor] {
  const mean = globalAvgPool(x);
  return [mean, sqrt(add(globalAvgPool(square(subtract(x, mean))), 1e-6))];
}

/**
 * A compact network that looks at every 16 × 16 pixels and at the picture as a whole, and says of each location how good it
 * looks, whether it seems undamaged, and how much it counts. This program's own, after the idea of SFD-IQA (CVPR 2025): logits
 * of middle features, one for each location. It sees luma, two differences of colour and normalised luma at half size;
 * what it finds at each of four sizes is averaged over the picture and told to all locations.
 * Images `[batch, 3, height, width]` in [0, 1], sides multiples of 16 → `[batch, 3, height / 16, width / 16]`, the
 * planes being {@link scorerPlanes}.
 *
 * @example
 * const network = scorer({ channels: 32 });
 */
export function scorer({ channels }: ScorerConfig): Network {
  return (scope, x) => {
    const colours = opponentColours(x);
    const luma = multiply(add(slice(colours, { axis: 1, start: 0, length: 1 }), 1), 0.5);
    const seen = pixelUnshuffle(concat([colours, normalisedLuma(luma)], 1), 2);
    const context: Tensor[] = [];
    let y = layer(scope.at('half'), seen, channels, 3);
    context.push(...moments(y));
    for (const [name, times] of [
      ['quarter', 2],
      ['eighth', 4],
      ['sixteenth', 6],
    ] as const) {
      y = layer(scope.at(name).at(0), avgPool2d(y, 2), times * channels, 3);
      y = layer(scope.at(name).at(1), y, times * channels, name === 'sixteenth' ? 1 : 3);
      context.push(...moments(y));
    }
    const told = layer(scope.at('context').at(0), concat(context, 1), 4 * channels, 1);
    const local = convolution(scope.at('local'), y, 4 * channels, 1, he);
    const both = leakyRelu(
      add(local, convolution(scope.at('context').at(1), told, 4 * channels, 1, he)),
      SLOPE,
    );
    return convolution(scope.at('head'), both, scorerPlanes.length, 1, {
      weightInitialiser: scaledBy(0.1, kaimingNormal(1)),
      biasInitialiser: constantValue(0),
    });
  };
}

function describe(config: ScorerConfig): NetworkDescription {
  return {
    architecture: 'scorer',
    config: { ...config },
    network: scorer(config),
    inputChannels: 3,
    scale: 1,
    multiple: SCORER_STRIDE,
    reach: 64,
    tilesExactly: false,
    blindSpot: false,
    width: 6 * config.channels,
  };
}

function recognise(shapes: StateDictShapes): NetworkDescription | undefined {
  const [channels, seen] = shapes['half.weight'] ?? [];
  const [planes] = shapes['head.weight'] ?? [];
  if (channels === undefined || seen !== 16 || planes !== scorerPlanes.length) return undefined;
  if (shapes['sixteenth.1.weight']?.[0] !== 6 * channels || shapes['context.0.weight'] === undefined)
    return undefined;
  return describe({ channels });
}

/** The scorer among the architectures. */
export const scorerArchitecture: Architecture = {
  name: 'scorer',
  title: 'a compact scorer of quality, after the idea of SFD-IQA',
  ofSize: ({ baseChannels = scorerDefaultConfig.channels, modules }) => {
    refuseOption(modules, 'modules', 'the scorer');
    return describe({ channels: sizeOption(baseChannels, 'baseChannels', { largest: 128, multiple: 2 }) });
  },
  ofConfig: (config) => describe({ channels: numberOf(config, 'channels', scorerDefaultConfig.channels) }),
  recognise,
  isBuffer: () => false,
};
