import { RevelaError } from '../errors.js';
import type { Network, ParameterScope } from '../nn/index.js';
import { constantValue, convolution, kaimingNormal, scaledBy, transposedConvolution } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { concat, leakyRelu, maxPool2d } from '../tensor/index.js';
import type { Architecture, NetworkDescription, StateDictShapes } from './architecture.js';
import { channelByChannel } from './channel-by-channel.js';
import { flagOf, numberOf } from './network-config.js';
import { pictureChannels, refuseOption, sizeOption } from './network-options.js';
import { convolutionStep, doublingStep, poolingStep, receptiveFieldReach } from './receptive-field.js';

/** The U-Net's size, under the names of the original program. */
export interface UnetConfig {
  readonly in_nc: number;
  readonly out_nc: number;
  /** Width of the encoder: 128 in AMSNet, 48 in Laine et al. The decoder is twice as wide. */
  readonly n_feature: number;
}

/** The size AMSNet uses: 7,935,555 parameters. */
export const unetPaperConfig: UnetConfig = { in_nc: 3, out_nc: 3, n_feature: 128 };

const SLOPE = 0.2;
/** How often the encoder halves the picture. */
const POOLS = 5;
/** Width of the layers at the end, whatever that of the rest. */
const OUTPUT_WIDTH = 96;

/** A tenth of He's deviation and no bias: the network starts as nearly nothing, and its output near 0. */
const first = {
  weightInitialiser: scaledBy(0.1, kaimingNormal()),
  biasInitialiser: constantValue(0),
} as const;

const layer = (scope: ParameterScope, x: Tensor, width: number, kernel = 3): Tensor =>
  leakyRelu(convolution(scope, x, width, kernel, { padding: (kernel - 1) / 2, ...first }), SLOPE);

/**
 * The U-Net of Laine et al. (NeurIPS 2019) as AMSNet (ECCV 2024) uses it, without a blind spot: two 3×3 convolutions
 * and one after each of five 2×2 max poolings; then five times a transposed 2×2 convolution of stride 2, the pooled
 * features of that size (the picture itself at last), and two 3×3 convolutions; three 1×1 convolutions at the end.
 * Leaky ReLU of slope 0.2 but after the last; no global residual.
 * Images `[batch, in_nc, height, width]`, height and width multiples of 32; all convolutions pad with zeros.
 *
 * @example
 * const network = unet({ in_nc: 3, out_nc: 3, n_feature: 48 });
 */
export function unet({ out_nc, n_feature }: UnetConfig): Network {
  return (scope, x) => {
    const skips: Tensor[] = [];
    let y = layer(scope.at('enc_conv0'), x, n_feature);
    let skip = x;
    for (let level = 1; level <= POOLS; level++) {
      skips.unshift(skip);
      skip = maxPool2d(layer(scope.at(`enc_conv${level}`), y, n_feature), { kernel: 2 });
      y = skip;
    }
    y = layer(scope.at(`enc_conv${POOLS + 1}`), y, n_feature);
    for (const [index, features] of skips.entries()) {
      const level = POOLS - index;
      const inner = level === POOLS ? n_feature : 2 * n_feature;
      const doubled = transposedConvolution(scope.at(`up${level}`).at('deconv'), y, inner, 2, {
        stride: 2,
        ...first,
      });
      const width = level === 1 ? OUTPUT_WIDTH : 2 * n_feature;
      y = layer(scope.at(`dec_conv${level}a`), concat([doubled, features], 1), width);
      y = layer(scope.at(`dec_conv${level}b`), y, width);
    }
    y = layer(scope.at('nin_a'), y, OUTPUT_WIDTH, 1);
    y = layer(scope.at('nin_b'), y, OUTPUT_WIDTH, 1);
    return convolution(scope.at('nin_c'), y, out_nc, 1, first);
  };
}

/** How far an output pixel looks at most. */
export const unetReach: number = receptiveFieldReach([
  convolutionStep(3),
  ...Array.from({ length: POOLS }, () => [convolutionStep(3), poolingStep]).flat(),
  convolutionStep(3),
  ...Array.from({ length: POOLS }, () => [doublingStep, convolutionStep(3), convolutionStep(3)]).flat(),
]);

function describe(config: UnetConfig): NetworkDescription {
  return {
    architecture: 'unet',
    config: { ...config },
    network: channelByChannel(config.in_nc, unet(config)),
    inputChannels: config.in_nc,
    scale: 1,
    multiple: 2 ** POOLS,
    reach: unetReach,
    tilesExactly: true,
    blindSpot: false,
    width: Math.max(2 * config.n_feature + config.in_nc, OUTPUT_WIDTH),
    authorsRate: 1e-3,
  };
}

function recognise(shapes: StateDictShapes): NetworkDescription | undefined {
  const [n_feature, in_nc] = shapes['enc_conv0.weight'] ?? [];
  const [out_nc] = shapes['nin_c.weight'] ?? [];
  if (n_feature === undefined || in_nc === undefined || out_nc === undefined) return undefined;
  // The blind-spot form of the same program has four times as many channels here.
  if (shapes['nin_a.weight']?.[1] !== OUTPUT_WIDTH || shapes['up5.deconv.weight'] === undefined)
    return undefined;
  return describe({ in_nc, out_nc, n_feature });
}

/** The U-Net among the architectures. Its default size here is Laine's, 48 channels. */
export const unetArchitecture: Architecture = {
  name: 'unet',
  title: 'the U-Net with five poolings of AMSNet (after Laine et al., NeurIPS 2019)',
  ofSize: ({ channels, baseChannels = 48, modules }) => {
    refuseOption(modules, 'modules', 'the U-Net');
    return describe({
      in_nc: pictureChannels(channels),
      out_nc: pictureChannels(channels),
      n_feature: sizeOption(baseChannels, 'baseChannels', { largest: 512 }),
    });
  },
  ofConfig: (config) => {
    if (flagOf(config, 'blindspot', false))
      throw new RevelaError(
        "a U-Net's blindspot must be false, got true; this program has the U-Net without a blind spot only",
      );
    return describe({
      in_nc: numberOf(config, 'in_nc', unetPaperConfig.in_nc),
      out_nc: numberOf(config, 'out_nc', unetPaperConfig.out_nc),
      n_feature: numberOf(config, 'n_feature', unetPaperConfig.n_feature),
    });
  },
  recognise,
  isBuffer: () => false,
};
