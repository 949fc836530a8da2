import type { Network, ParameterScope } from '../nn/index.js';
import { constantValue, convolution, kaimingNormal } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { concat, leakyRelu, maxPool2d, upsampleNearest } from '../tensor/index.js';
import type { Architecture, NetworkDescription, StateDictShapes } from './architecture.js';
import { channelByChannel } from './channel-by-channel.js';
import { numberOf } from './network-config.js';
import { pictureChannels, refuseOption, sizeOption } from './network-options.js';
import { convolutionStep, doublingStep, poolingStep, receptiveFieldReach } from './receptive-field.js';

/** The student's size. */
export interface StudentConfig {
  readonly in_ch: number;
  readonly out_ch: number;
  /** Width of the encoder: 48 in the papers. The decoder is twice as wide. */
  readonly channels: number;
}

/** The size the papers use: 1,021,107 parameters. */
export const studentPaperConfig: StudentConfig = { in_ch: 3, out_ch: 3, channels: 48 };

const SLOPE = 0.1;
/** How often the encoder halves the picture. */
const POOLS = 5;

const first = { weightInitialiser: kaimingNormal(SLOPE), biasInitialiser: constantValue(0) } as const;

const layer = (scope: ParameterScope, x: Tensor, width: number): Tensor =>
  leakyRelu(convolution(scope.at('conv'), x, width, 3, { padding: 1, ...first }), SLOPE);

/**
 * The U-Net of about a million parameters into which AT-BSN, APR-RD and TM-BSN distil their blind-spot networks
 * (AT-BSN: Chen et al., CVPR 2024): six 3×3 convolutions with a 2×2 max pooling after each of the first five, then
 * five times doubling by repetition, the encoder's features of that size, and two 3×3 convolutions. Leaky ReLU of
 * slope 0.1 but after the last; no global residual.
 * Images `[batch, in_ch, height, width]`, height and width multiples of 32; all convolutions pad with zeros.
 *
 * @example
 * const network = studentUnet({ in_ch: 3, out_ch: 3, channels: 48 });
 */
export function studentUnet({ out_ch, channels }: StudentConfig): Network {
  return (scope, x) => {
    const skips: Tensor[] = [];
    let y = x;
    for (let level = 1; level <= POOLS; level++) {
      const features = layer(scope.at(`enc${level}`), y, channels);
      skips.push(features);
      y = maxPool2d(features, { kernel: 2 });
    }
    y = layer(scope.at(`enc${POOLS + 1}`), y, channels);
    for (const [index, skip] of [...skips.entries()].reverse()) {
      const level = index + 1;
      const merged = concat([upsampleNearest(y, 2), skip], 1);
      const wide = layer(scope.at(`dec${level}_2`), merged, 2 * channels);
      y =
        level > 1
          ? layer(scope.at(`dec${level}_1`), wide, 2 * channels)
          : convolution(scope.at('dec1_1'), wide, out_ch, 3, { padding: 1, ...first });
    }
    return y;
  };
}

/** How far an output pixel looks at most: 156. */
export const studentReach: number = receptiveFieldReach([
  ...Array.from({ length: POOLS }, () => [convolutionStep(3), poolingStep]).flat(),
  convolutionStep(3),
  ...Array.from({ length: POOLS }, () => [doublingStep, convolutionStep(3), convolutionStep(3)]).flat(),
]);

function describe(config: StudentConfig): NetworkDescription {
  return {
    architecture: 'student',
    config: { ...config },
    network: channelByChannel(config.in_ch, studentUnet(config)),
    inputChannels: config.in_ch,
    scale: 1,
    multiple: 2 ** POOLS,
    reach: studentReach,
    tilesExactly: true,
    blindSpot: false,
    width: 3 * config.channels,
  };
}

function recognise(shapes: StateDictShapes): NetworkDescription | undefined {
  const [channels, in_ch] = shapes['enc1.conv.weight'] ?? [];
  const [out_ch, decoded] = shapes['dec1_1.weight'] ?? [];
  if (channels === undefined || in_ch === undefined || out_ch === undefined) return undefined;
  if (decoded !== 2 * channels || shapes['enc6.conv.weight'] === undefined) return undefined;
  return describe({ in_ch, out_ch, channels });
}

/** The student U-Net among the architectures; its default size is the papers'. */
export const studentArchitecture: Architecture = {
  name: 'student',
  title: 'the student U-Net of AT-BSN, APR-RD and TM-BSN (CVPR 2024–2026)',
  ofSize: ({ channels, baseChannels = studentPaperConfig.channels, modules }) => {
    refuseOption(modules, 'modules', 'the student');
    return describe({
      in_ch: pictureChannels(channels),
      out_ch: pictureChannels(channels),
      channels: sizeOption(baseChannels, 'baseChannels', { largest: 512 }),
    });
  },
  ofConfig: (config) =>
    describe({
      in_ch: numberOf(config, 'in_ch', studentPaperConfig.in_ch),
      out_ch: numberOf(config, 'out_ch', studentPaperConfig.out_ch),
      channels: numberOf(config, 'channels', studentPaperConfig.channels),
    }),
  recognise,
  isBuffer: () => false,
};
