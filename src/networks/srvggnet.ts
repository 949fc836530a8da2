import { RevelaError } from '../errors.js';
import type { Network, ParameterScope } from '../nn/index.js';
import { constantValue, convolution, kaimingNormal, scaledBy } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { add, imageShape, leakyRelu, pixelShuffle, prelu, relu, upsampleNearest } from '../tensor/index.js';
import type { Architecture, NetworkDescription, StateDictShapes } from './architecture.js';
import { channelByChannel } from './channel-by-channel.js';
import { numberOf, textOf } from './network-config.js';
import { pictureChannels, sizeOption } from './network-options.js';

/** SRVGGNet's size, under the names of the original program. */
export interface SrvggnetConfig {
  readonly num_in_ch: number;
  readonly num_out_ch: number;
  readonly num_feat: number;
  /** Convolutions between the first and the last one. */
  readonly num_conv: number;
  /** How many times as high and wide the result is. */
  readonly upscale: number;
  /** What follows a convolution; default `prelu`, whose slopes are parameters. */
  readonly act_type?: SrvggnetActivation;
}

/** What may follow SRVGGNet's convolutions. */
export type SrvggnetActivation = 'prelu' | 'relu' | 'leakyrelu';

/** The size of Real-ESRGAN's `realesr-animevideov3`: 621,424 parameters. */
export const srvggnetPublishedConfig: SrvggnetConfig = {
  num_in_ch: 3,
  num_out_ch: 3,
  num_feat: 64,
  num_conv: 16,
  upscale: 4,
};

/** A convolution and the activation after it stand at neighbouring places of one sequence. */
const lastPlace = (num_conv: number): number => 2 * (num_conv + 1);

/** PyTorch's default. */
const FIRST_SLOPE = 0.25;
/** The original program's, of its leaky ReLU. */
const LEAK = 0.1;

/**
 * He's initialisation, where the original program takes PyTorch's default: with that the row passes a tenth of a
 * millionth of its input on, and thousands of steps go by before anything is learnt. The last convolution starts small, so
 * that the network begins near the enlarged input.
 */
const initialisation = {
  weightInitialiser: kaimingNormal(FIRST_SLOPE),
  biasInitialiser: constantValue(0),
} as const;
const lastInitialisation = {
  ...initialisation,
  weightInitialiser: scaledBy(0.1, initialisation.weightInitialiser),
} as const;

function activated(scope: ParameterScope, x: Tensor, act_type: SrvggnetActivation): Tensor {
  if (act_type === 'relu') return relu(x);
  if (act_type === 'leakyrelu') return leakyRelu(x, LEAK);
  const [, channels] = imageShape(x, 'SRVGGNet');
  return prelu(x, scope.parameter('weight', [channels], constantValue(FIRST_SLOPE)));
}

/**
 * SRVGGNet-compact, the small generator of Real-ESRGAN (Wang et al., ICCV workshops 2021; added with its version 0.2.5):
 * a row of 3×3 convolutions with PReLU (some have ReLU) at the size of the input, the last of which gives every pixel of the result a
 * channel; these are shuffled into place, and the input, enlarged by repetition of its pixels, is added.
 * Images `[batch, num_in_ch, height, width]` of any size → `[batch, num_out_ch, height · upscale, width · upscale]`;
 * all convolutions pad with zeros.
 *
 * @example
 * const network = srvggnet({ num_in_ch: 3, num_out_ch: 3, num_feat: 64, num_conv: 16, upscale: 4 });
 */
export function srvggnet({
  num_out_ch,
  num_feat,
  num_conv,
  upscale,
  act_type = 'prelu',
}: SrvggnetConfig): Network {
  return (scope, x) => {
    const body = scope.at('body');
    const last = lastPlace(num_conv);
    let y = x;
    for (let place = 0; place < last; place += 2)
      y = activated(
        body.at(place + 1),
        convolution(body.at(place), y, num_feat, 3, { padding: 1, ...initialisation }),
        act_type,
      );
    const phases = convolution(body.at(last), y, num_out_ch * upscale ** 2, 3, {
      padding: 1,
      ...lastInitialisation,
    });
    return add(pixelShuffle(phases, upscale), upsampleNearest(x, upscale));
  };
}

function describe(config: SrvggnetConfig): NetworkDescription {
  return {
    architecture: 'srvggnet',
    config: { ...config, act_type: config.act_type ?? 'prelu' },
    network: channelByChannel(config.num_in_ch, srvggnet(config)),
    inputChannels: config.num_in_ch,
    scale: config.upscale,
    multiple: 1,
    reach: config.num_conv + 2,
    tilesExactly: true,
    blindSpot: false,
    width: Math.max(config.num_feat, config.num_out_ch * config.upscale ** 2),
  };
}

function recognise(shapes: StateDictShapes): NetworkDescription | undefined {
  const [num_feat, num_in_ch, height, width] = shapes['body.0.weight'] ?? [];
  if (num_feat === undefined || num_in_ch === undefined || height !== 3 || width !== 3) return undefined;
  let last = 0;
  for (const key of Object.keys(shapes)) {
    const place = /^body\.(\d+)\.(?:weight|bias)$/.exec(key)?.[1];
    if (place === undefined) return undefined;
    last = Math.max(last, Number(place));
  }
  if (last < lastPlace(0) || last % 2 !== 0) return undefined;
  const slopes = Array.from({ length: last / 2 }, (_, i) => shapes[`body.${2 * i + 1}.weight`]);
  const isPrelu = slopes.every((shape) => shape?.join() === String(num_feat));
  if (!isPrelu && slopes.some((shape) => shape !== undefined)) return undefined;
  // The input is added to the result, so that it has as many channels.
  const [phases = 0] = shapes[`body.${last}.weight`] ?? [];
  const upscale = Math.sqrt(phases / num_in_ch);
  if (!Number.isInteger(upscale) || upscale < 1) return undefined;
  const config = { num_in_ch, num_out_ch: num_in_ch, num_feat, num_conv: last / 2 - 1, upscale };
  // Without slopes it is ReLU, or the leaky one that hardly anybody takes: the tensors do not tell.
  return describe(isPrelu ? config : { ...config, act_type: 'relu' });
}

function activationOf(text: string): SrvggnetActivation {
  if (text === 'prelu' || text === 'relu' || text === 'leakyrelu') return text;
  throw new RevelaError(`SRVGGNet's act_type must be prelu, relu or leakyrelu, got ${text}`);
}

/** SRVGGNet among the architectures. Its default size, Real-ESRGAN's smaller one, is also what can be trained on a CPU. */
export const srvggnetArchitecture: Architecture = {
  name: 'srvggnet',
  title: 'SRVGGNet-compact, the small generator of Real-ESRGAN (ICCV workshops 2021)',
  ofSize: ({
    channels,
    baseChannels = srvggnetPublishedConfig.num_feat,
    modules = srvggnetPublishedConfig.num_conv,
    scale = srvggnetPublishedConfig.upscale,
  }) =>
    describe({
      num_in_ch: pictureChannels(channels),
      num_out_ch: pictureChannels(channels),
      num_feat: sizeOption(baseChannels, 'baseChannels', { largest: 512 }),
      num_conv: sizeOption(modules, 'modules', { largest: 64 }),
      upscale: sizeOption(scale, 'scale', { largest: 4 }),
    }),
  ofConfig: (config) =>
    describe({
      act_type: activationOf(textOf(config, 'act_type', 'prelu')),
      num_in_ch: numberOf(config, 'num_in_ch', srvggnetPublishedConfig.num_in_ch),
      num_out_ch: numberOf(config, 'num_out_ch', srvggnetPublishedConfig.num_out_ch),
      num_feat: numberOf(config, 'num_feat', srvggnetPublishedConfig.num_feat),
      num_conv: numberOf(config, 'num_conv', srvggnetPublishedConfig.num_conv),
      upscale: numberOf(config, 'upscale', srvggnetPublishedConfig.upscale),
    }),
  recognise,
  isBuffer: () => false,
};
