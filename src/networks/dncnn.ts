import { RevelaError } from '../errors.js';
import type { Network, ParameterScope } from '../nn/index.js';
import { batchNormalisation, convolution } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { relu, subtract } from '../tensor/index.js';
import type { Architecture, NetworkDescription, StateDictShapes } from './architecture.js';
import { numberOf, textOf } from './network-config.js';
import { sizeOption } from './network-options.js';

/** What follows a convolution: ReLU, or batch normalisation and ReLU. */
export type DncnnActivation = 'R' | 'BR';

/** DnCNN's size, under the names of the original program. */
export interface DncnnConfig {
  readonly in_nc: number;
  readonly out_nc: number;
  /** Width of the network: 64 in the paper. */
  readonly nc: number;
  /** Number of convolutions: 17 in the paper, 20 for unknown noise levels. */
  readonly nb: number;
  readonly act_mode: DncnnActivation;
}

/** The size AMSNet uses: 559,363 parameters, and 1,920 running statistics. */
export const dncnnPaperConfig: DncnnConfig = { in_nc: 3, out_nc: 3, nc: 64, nb: 17, act_mode: 'BR' };

/** The program's constant, ten times PyTorch's default. */
const EPSILON = 1e-4;

/** Where the i-th convolution stands in the sequence of all layers. */
const positionOf = (i: number, act_mode: DncnnActivation): number =>
  i === 0 ? 0 : 2 + (i - 1) * (1 + act_mode.length);

/**
 * DnCNN (Zhang et al., IEEE TIP 2017): 3×3 convolutions and ReLU, with or without batch normalisation in between,
 * predict the noise: `output = input − noise(input)`.
 * Images `[batch, in_nc, height, width]` of any size; all convolutions pad with zeros.
 *
 * @param statistics what batch normalisation uses: the `running` ones that a checkpoint brings, which stay as they are,
 * or those of the `batch`, as the original does in training.
 *
 * @example
 * const network = dncnn({ in_nc: 3, out_nc: 3, nc: 64, nb: 20, act_mode: 'R' });
 */
export function dncnn(config: DncnnConfig, statistics: 'running' | 'batch' = 'running'): Network {
  const { out_nc, nc, nb, act_mode } = config;
  return (scope, x) => {
    const at = (position: number): ParameterScope => scope.at('model').at(position);
    let y: Tensor = relu(convolution(at(0), x, nc, 3, { padding: 1 }));
    for (let i = 1; i < nb - 1; i++) {
      const position = positionOf(i, act_mode);
      y = convolution(at(position), y, nc, 3, { padding: 1 });
      if (act_mode === 'BR') y = batchNormalisation(at(position + 1), y, { statistics, epsilon: EPSILON });
      y = relu(y);
    }
    const noise = convolution(at(positionOf(nb - 1, act_mode)), y, out_nc, 3, { padding: 1 });
    return subtract(x, noise);
  };
}

function describe(config: DncnnConfig, statistics: 'running' | 'batch' = 'running'): NetworkDescription {
  return {
    architecture: 'dncnn',
    config: { ...config },
    network: dncnn(config, statistics),
    inputChannels: config.in_nc,
    scale: 1,
    multiple: 1,
    reach: config.nb,
    tilesExactly: true,
    blindSpot: false,
    width: config.nc,
    authorsRate: 1e-3,
  };
}

function recognise(shapes: StateDictShapes): NetworkDescription | undefined {
  const layer = /^model\.(\d+)\.(weight|bias|running_mean|running_var|num_batches_tracked)$/;
  const convolutions: number[] = [];
  let act_mode: DncnnActivation = 'R';
  for (const [key, shape] of Object.entries(shapes)) {
    const match = layer.exec(key);
    if (match === null) return undefined;
    if (match[2] === 'running_mean') act_mode = 'BR';
    if (match[2] !== 'weight' || shape.length !== 4) continue;
    if (shape[2] !== 3 || shape[3] !== 3) return undefined;
    convolutions.push(Number(match[1]));
  }
  const nb = convolutions.length;
  convolutions.sort((a, b) => a - b);
  if (nb < 2 || convolutions.some((position, i) => position !== positionOf(i, act_mode))) return undefined;
  const [nc, in_nc] = shapes['model.0.weight'] ?? [];
  const [out_nc] = shapes[`model.${positionOf(nb - 1, act_mode)}.weight`] ?? [];
  // A network of other inputs than outputs cannot subtract the one from the other.
  if (nc === undefined || in_nc === undefined || out_nc !== in_nc) return undefined;
  return describe({ in_nc, out_nc, nc, nb, act_mode });
}

function activationOf(text: string): DncnnActivation {
  if (text !== 'R' && text !== 'BR')
    throw new RevelaError(
      `DnCNN's act_mode must be R or BR, got ${text}; other activations are not supported`,
    );
  return text;
}

/**
 * DnCNN among the architectures. Its default here has 17 convolutions of 64 channels as in the paper, but no batch
 * normalisation: its statistics would be those of masked sub-images in training and of whole pictures in use.
 */
export const dncnnArchitecture: Architecture = {
  name: 'dncnn',
  title: 'DnCNN, a plain residual network (IEEE TIP 2017)',
  ofSize: ({ baseChannels = dncnnPaperConfig.nc, modules = dncnnPaperConfig.nb }) =>
    describe({
      ...dncnnPaperConfig,
      nc: sizeOption(baseChannels, '--base-channels', { largest: 512 }),
      nb: sizeOption(modules, '--modules', { smallest: 3, largest: 64 }),
      act_mode: 'R',
    }),
  ofConfig: (config) =>
    describe(
      {
        in_nc: numberOf(config, 'in_nc', dncnnPaperConfig.in_nc),
        out_nc: numberOf(config, 'out_nc', dncnnPaperConfig.out_nc),
        nc: numberOf(config, 'nc', dncnnPaperConfig.nc),
        nb: numberOf(config, 'nb', dncnnPaperConfig.nb),
        act_mode: activationOf(textOf(config, 'act_mode', dncnnPaperConfig.act_mode)),
      },
      textOf(config, 'mode', 'eval') === 'train' ? 'batch' : 'running',
    ),
  recognise,
  isBuffer: (key) => key.endsWith('.num_batches_tracked'),
};
