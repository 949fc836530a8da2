import type { Network, ParameterScope } from '../nn/index.js';
import { constantValue, convolution, kaimingNormal, scaledBy, transposedConvolution } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { add, relu } from '../tensor/index.js';
import type { Architecture, NetworkDescription, StateDictShapes } from './architecture.js';
import { numberOf } from './network-config.js';
import { pictureChannels, sizeOption } from './network-options.js';
import { convolutionStep, doublingStep, poolingStep, receptiveFieldReach } from './receptive-field.js';

/** The size of a residual U-Net. */
export interface ResunetConfig {
  readonly in_nc: number;
  readonly out_nc: number;
  /** Channels at full size; half, quarter and eighth size have 2, 3 and 4 times as many. */
  readonly width: number;
  /** Residual blocks at each size on the way down, and as many on the way up. */
  readonly blocks: number;
}

/** What ships: 1.8 million parameters, 206,000 multiplications a pixel. */
export const resunetDefaultConfig: ResunetConfig = { in_nc: 3, out_nc: 3, width: 32, blocks: 2 };

/** How often the picture is halved. */
const LEVELS = 3;

const he = { weightInitialiser: kaimingNormal(), biasInitialiser: constantValue(0) } as const;
/** The second convolution of a block, and the last one, begin with little: the network starts as nearly nothing. */
const faint = {
  weightInitialiser: scaledBy(0.1, kaimingNormal()),
  biasInitialiser: constantValue(0),
} as const;

/** x + conv(relu(conv(x))) */
function block(scope: ParameterScope, x: Tensor, width: number): Tensor {
  const inner = relu(convolution(scope.at(0), x, width, 3, { padding: 1, ...he }));
  return add(x, convolution(scope.at(2), inner, width, 3, { padding: 1, ...faint }));
}

function blocksOf(scope: ParameterScope, x: Tensor, width: number, count: number): Tensor {
  let y = x;
  for (let i = 0; i < count; i++) y = block(scope.at(i), y, width);
  return y;
}

/**
 * A residual U-Net that predicts the noise: `output = input + network(input)`. It has the form of DRUNet (Zhang et al.,
 * TPAMI 2021): residual blocks at four sizes, halved by 2×2 convolutions of stride 2, doubled by transposed ones, and the
 * features of the way down added on the way up. This project's own are the narrow widths, the biases, the global residual
 * and that no noise level is given. All operations are plain convolutions, which ONNX Runtime does best.
 * Images `[batch, in_nc, height, width]`, height and width multiples of 8; convolutions pad with zeros.
 *
 * @example
 * const network = resunet({ in_nc: 3, out_nc: 3, width: 32, blocks: 2 });
 */
export function resunet({ out_nc, width, blocks }: ResunetConfig): Network {
  return (scope, x) => {
    const skips: Tensor[] = [];
    let y = convolution(scope.at('head'), x, width, 3, { padding: 1, ...he });
    for (let level = 0; level < LEVELS; level++) {
      skips.unshift(y);
      y = blocksOf(scope.at(`encoder${level}`), y, (level + 1) * width, blocks);
      y = convolution(scope.at(`down${level}`), y, (level + 2) * width, 2, { stride: 2, ...he });
    }
    y = blocksOf(scope.at('body'), y, (LEVELS + 1) * width, blocks);
    for (const [index, skip] of skips.entries()) {
      const level = LEVELS - 1 - index;
      const doubled = transposedConvolution(scope.at(`up${level}`), y, (level + 1) * width, 2, {
        stride: 2,
        ...he,
      });
      y = blocksOf(scope.at(`decoder${level}`), add(doubled, skip), (level + 1) * width, blocks);
    }
    return add(x, convolution(scope.at('tail'), y, out_nc, 3, { padding: 1, ...faint }));
  };
}

/** How far an output pixel looks at most. */
export function resunetReach(blocks: number): number {
  const part = Array.from({ length: 2 * blocks }, () => convolutionStep(3));
  return receptiveFieldReach([
    convolutionStep(3),
    ...Array.from({ length: LEVELS }, () => [...part, poolingStep]).flat(),
    ...part,
    ...Array.from({ length: LEVELS }, () => [doublingStep, ...part]).flat(),
    convolutionStep(3),
  ]);
}

function describe(config: ResunetConfig): NetworkDescription {
  return {
    architecture: 'resunet',
    config: { ...config },
    network: resunet(config),
    inputChannels: config.in_nc,
    scale: 1,
    multiple: 2 ** LEVELS,
    reach: resunetReach(config.blocks),
    tilesExactly: true,
    blindSpot: false,
    width: config.width,
    authorsRate: 1e-3,
  };
}

function recognise(shapes: StateDictShapes): NetworkDescription | undefined {
  const [width, in_nc] = shapes['head.weight'] ?? [];
  const [out_nc] = shapes['tail.weight'] ?? [];
  if (width === undefined || in_nc === undefined || out_nc === undefined) return undefined;
  if (shapes['body.0.0.weight']?.[0] !== (LEVELS + 1) * width || shapes['up0.weight'] === undefined)
    return undefined;
  let blocks = 0;
  while (shapes[`body.${blocks}.0.weight`] !== undefined) blocks++;
  return describe({ in_nc, out_nc, width, blocks });
}

/** The residual U-Net among the architectures. */
export const resunetArchitecture: Architecture = {
  name: 'resunet',
  title: 'a narrow residual U-Net after DRUNet (TPAMI 2021), the general denoiser',
  ofSize: ({ channels, baseChannels = resunetDefaultConfig.width, modules = resunetDefaultConfig.blocks }) =>
    describe({
      in_nc: pictureChannels(channels),
      out_nc: pictureChannels(channels),
      width: sizeOption(baseChannels, 'baseChannels', { largest: 256 }),
      blocks: sizeOption(modules, 'modules', { smallest: 1, largest: 16 }),
    }),
  ofConfig: (config) =>
    describe({
      in_nc: numberOf(config, 'in_nc', resunetDefaultConfig.in_nc),
      out_nc: numberOf(config, 'out_nc', resunetDefaultConfig.out_nc),
      width: numberOf(config, 'width', resunetDefaultConfig.width),
      blocks: numberOf(config, 'blocks', resunetDefaultConfig.blocks),
    }),
  recognise,
  isBuffer: () => false,
};
