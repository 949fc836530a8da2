import { RevelaError } from '../errors.js';
import type { Network } from '../nn/index.js';
import { batchNormalisation, convolution } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { add, relu, subtract } from '../tensor/index.js';
import type { Architecture, NetworkDescription, StateDictShapes } from './architecture.js';
import { channelByChannel } from './channel-by-channel.js';
import {
  type DncnnActivation,
  dncnnLayer,
  dncnnLayersOf,
  type DncnnNaming,
  dncnnNamingOf,
} from './dncnn-names.js';
import { numberOf, textOf } from './network-config.js';
import { pictureChannels, sizeOption } from './network-options.js';
import { present } from '../present.js';

/** DnCNN's size, under the names of the original program. */
export interface DncnnConfig {
  readonly in_nc: number;
  readonly out_nc: number;
  /** Width of the network: 64 in the paper. */
  readonly nc: number;
  /** Number of convolutions: 17 in the paper, 20 for unknown noise levels. */
  readonly nb: number;
  readonly act_mode: DncnnActivation;
  /** How the layers are called; default `model`, as KAIR does. */
  readonly names?: DncnnNaming;
  /** Which convolutions have no bias: any of `first`, `middle`, `last`, with blanks between; default: none. */
  readonly unbiased?: string;
  /** What batch normalisation adds to the variance; default 1e-4, KAIR's and the authors' value. */
  readonly eps?: number;
}

/** The size AMSNet uses: 559,363 parameters, and 1,920 running statistics. */
export const dncnnPaperConfig: DncnnConfig = { in_nc: 3, out_nc: 3, nc: 64, nb: 17, act_mode: 'BR' };

/** The authors' constant, ten times PyTorch's default, which re-implementations leave. */
const EPSILON = { authors: 1e-4, default: 1e-5 } as const;

/**
 * DnCNN (Zhang et al., IEEE TIP 2017): 3×3 convolutions and ReLU, with or without batch normalisation in between,
 * predict the noise: `output = input − noise(input)`; with DeepInverse's names the sign is the other one.
 * Images `[batch, in_nc, height, width]` of any size; all convolutions pad with zeros.
 *
 * @param statistics what batch normalisation uses: the `running` ones that a checkpoint brings, which stay as they are,
 * or those of the `batch`, as the original does in training.
 *
 * @example
 * const network = dncnn({ in_nc: 3, out_nc: 3, nc: 64, nb: 20, act_mode: 'R' });
 */
export function dncnn(config: DncnnConfig, statistics: 'running' | 'batch' = 'running'): Network {
  const { out_nc, nc, nb, act_mode, names = 'model', unbiased = '', eps: epsilon = EPSILON.authors } = config;
  const without = new Set(unbiased.split(' '));
  return (scope, x) => {
    const convolved = (i: number, input: Tensor, place: 'first' | 'middle' | 'last'): Tensor =>
      convolution(
        scope.at(dncnnLayer(names, act_mode, i, nb).convolution),
        input,
        place === 'last' ? out_nc : nc,
        3,
        { padding: 1, bias: !without.has(place) },
      );
    let y = relu(convolved(0, x, 'first'));
    for (let i = 1; i < nb - 1; i++) {
      y = convolved(i, y, 'middle');
      const { normalisation } = dncnnLayer(names, act_mode, i, nb);
      if (act_mode === 'BR') y = batchNormalisation(scope.at(normalisation), y, { statistics, epsilon });
      y = relu(y);
    }
    const noise = convolved(nb - 1, y, 'last');
    return names === 'list' ? add(x, noise) : subtract(x, noise);
  };
}

function describe(config: DncnnConfig, statistics: 'running' | 'batch' = 'running'): NetworkDescription {
  return {
    architecture: 'dncnn',
    config: { ...config },
    network: channelByChannel(config.in_nc, dncnn(config, statistics)),
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
  const layers = dncnnLayersOf(shapes);
  if (layers === undefined) return undefined;
  const { names, act_mode, nb, first, middle, last } = layers;
  const [nc, in_nc] = shapes[`${dncnnLayer(names, act_mode, 0, nb).convolution}.weight`] ?? [];
  const [out_nc] = shapes[`${dncnnLayer(names, act_mode, nb - 1, nb).convolution}.weight`] ?? [];
  // A network of other inputs than outputs cannot subtract the one from the other.
  if (nc === undefined || in_nc === undefined || out_nc !== in_nc) return undefined;
  const unbiased = [...(first ? [] : ['first']), ...(middle ? [] : ['middle']), ...(last ? [] : ['last'])];
  // The authors' program in PyTorch has a bias in the first convolution and its own constant; what came after has neither.
  const isAuthors = names === 'model' || (names === 'dncnn' && first);
  return describe({
    ...{ in_nc, out_nc, nc, nb, act_mode },
    ...(names === 'model' ? {} : { names }),
    ...(unbiased.length === 0 ? {} : { unbiased: unbiased.join(' ') }),
    ...(act_mode === 'BR' && !isAuthors ? { eps: EPSILON.default } : {}),
  });
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
  ofSize: ({ channels, baseChannels = dncnnPaperConfig.nc, modules = dncnnPaperConfig.nb }) =>
    describe({
      in_nc: pictureChannels(channels),
      out_nc: pictureChannels(channels),
      nc: sizeOption(baseChannels, 'baseChannels', { largest: 512 }),
      nb: sizeOption(modules, 'modules', { smallest: 3, largest: 64 }),
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
        ...present({
          names: config['names'] === undefined ? undefined : dncnnNamingOf(textOf(config, 'names', 'model')),
          unbiased: config['unbiased'] === undefined ? undefined : textOf(config, 'unbiased', ''),
          eps: config['eps'] === undefined ? undefined : numberOf(config, 'eps', EPSILON.authors),
        }),
      },
      textOf(config, 'mode', 'eval') === 'train' ? 'batch' : 'running',
    ),
  recognise,
  isBuffer: (key) => key.endsWith('.num_batches_tracked'),
};
