import type { Network, ParameterScope } from '../nn/index.js';
import { constantValue, convolution, kaimingNormal, scaledBy } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { add, concat, constant, imageShape, relu } from '../tensor/index.js';
import type { Architecture, NetworkDescription, StateDictShapes } from './architecture.js';
import { channelByChannel } from './channel-by-channel.js';
import { numberOf } from './network-config.js';
import { pictureChannels, sizeOption } from './network-options.js';

/** DBSNl's size, under the names of the original program. */
export interface DbsnlConfig {
  readonly in_ch: number;
  readonly out_ch: number;
  /** Width of the network: 128 in the papers. Even. */
  readonly base_ch: number;
  /** Dilated residual modules per branch: 9 in the papers. */
  readonly num_module: number;
}

/** The size the papers use: 3,656,131 parameters. */
export const dbsnlPaperConfig: DbsnlConfig = { in_ch: 3, out_ch: 3, base_ch: 128, num_module: 9 };

/** 1 everywhere but at the centre: a kernel under it never sees the pixel it predicts. */
function centreMask(kernel: number): Tensor {
  const data = new Float32Array(kernel * kernel).fill(1);
  data[(data.length - 1) / 2] = 0;
  return constant(data, [1, 1, kernel, kernel]);
}

/**
 * First values: normal with He's deviation √(2 / fanIn) and no bias, so that features keep their size through the
 * layers; modules start as little more than the identity, and the output small. The original program leaves
 * PyTorch's default, whose features shrink with every layer: from it the network draws grey for the first thousand
 * steps (on five pictures of 256², 250 steps: 21.0 dB from PyTorch's default, 28.7 dB from these).
 */
const first = {
  layer: { weightInitialiser: kaimingNormal(), biasInitialiser: constantValue(0) },
  module: { weightInitialiser: scaledBy(0.2, kaimingNormal()), biasInitialiser: constantValue(0) },
  output: { weightInitialiser: scaledBy(0.3, kaimingNormal()), biasInitialiser: constantValue(0) },
} as const;

/** x + [3×3 convolution of dilation d → ReLU → 1×1 convolution](x) */
function dilatedModule(scope: ParameterScope, x: Tensor, dilation: number): Tensor {
  const [, width] = imageShape(x, 'DBSNl');
  const wide = relu(
    convolution(scope.at('body').at(0), x, width, 3, { padding: dilation, dilation, ...first.layer }),
  );
  return add(x, convolution(scope.at('body').at(2), wide, width, 1, first.module));
}

/**
 * A centre-masked convolution of kernel 2s − 1 followed by convolutions of dilation s: every path to an output
 * pixel starts with a step to another pixel of the s-grid, and never comes back to the centre.
 */
function branch(scope: ParameterScope, x: Tensor, stride: number, modules: number): Tensor {
  const [, width] = imageShape(x, 'DBSNl');
  const body = scope.at('body');
  const kernel = 2 * stride - 1;
  let y = relu(
    convolution(body.at(0), x, width, kernel, {
      padding: stride - 1,
      mask: centreMask(kernel),
      ...first.layer,
    }),
  );
  y = relu(convolution(body.at(2), y, width, 1, first.layer));
  y = relu(convolution(body.at(4), y, width, 1, first.layer));
  for (let module = 0; module < modules; module++) y = dilatedModule(body.at(6 + module), y, stride);
  return relu(convolution(body.at(6 + modules), y, width, 1, first.layer));
}

/**
 * DBSNl, the blind-spot network of AP-BSN (Lee et al., CVPR 2022) that SDAP takes over: no output pixel depends on
 * the input at that pixel. Images `[batch, in_ch, height, width]` of any size; all convolutions pad with zeros.
 *
 * @example
 * const network = dbsnl({ in_ch: 3, out_ch: 3, base_ch: 32, num_module: 3 });
 */
export function dbsnl({ out_ch, base_ch, num_module }: DbsnlConfig): Network {
  return (scope, x) => {
    const features = relu(convolution(scope.at('head').at(0), x, base_ch, 1, first.layer));
    const merged = concat(
      [
        branch(scope.at('branch1'), features, 2, num_module),
        branch(scope.at('branch2'), features, 3, num_module),
      ],
      1,
    );
    const tail = scope.at('tail');
    let y = relu(convolution(tail.at(0), merged, base_ch, 1, first.layer));
    y = relu(convolution(tail.at(2), y, base_ch / 2, 1, first.layer));
    y = relu(convolution(tail.at(4), y, base_ch / 2, 1, first.layer));
    return convolution(tail.at(6), y, out_ch, 1, first.output);
  };
}

/**
 * How far an output pixel looks in each direction: the larger branch (stride 3) reaches 2 with its masked 5×5 kernel
 * and 3 with every module. 29 for the papers' nine modules.
 */
export function dbsnlReach({ num_module }: DbsnlConfig): number {
  return 2 + 3 * num_module;
}

function describe(config: DbsnlConfig): NetworkDescription {
  return {
    architecture: 'dbsnl',
    config: { ...config },
    network: channelByChannel(config.in_ch, dbsnl(config)),
    inputChannels: config.in_ch,
    scale: 1,
    multiple: 1,
    reach: dbsnlReach(config),
    tilesExactly: true,
    blindSpot: true,
    width: config.base_ch,
  };
}

function recognise(shapes: StateDictShapes): NetworkDescription | undefined {
  const [base_ch, in_ch] = shapes['head.0.weight'] ?? [];
  const modules = Object.keys(shapes).filter((key) => /^branch1\.body\.\d+\.body\.0\.weight$/.test(key));
  // The last layer by number: files keep their tensors in any order.
  const tail = Object.keys(shapes).flatMap((key) => /^tail\.(\d+)\.weight$/.exec(key)?.[1] ?? []);
  const last = `tail.${Math.max(...tail.map(Number))}.weight`;
  const [out_ch] = shapes[last] ?? [];
  if (base_ch === undefined || in_ch === undefined || out_ch === undefined) return undefined;
  if (shapes['branch2.body.0.weight'] === undefined || base_ch % 2 !== 0) return undefined;
  return describe({ in_ch, out_ch, base_ch, num_module: modules.length });
}

/** DBSNl among the architectures. Its default size here, 32 channels and 3 modules, learns from a few pictures in minutes. */
export const dbsnlArchitecture: Architecture = {
  name: 'dbsnl',
  title: 'DBSNl, a dilated blind-spot network (AP-BSN, CVPR 2022)',
  ofSize: ({ channels, baseChannels = 32, modules = 3 }) =>
    describe({
      in_ch: pictureChannels(channels),
      out_ch: pictureChannels(channels),
      base_ch: sizeOption(baseChannels, 'baseChannels', { multiple: 2, largest: 512 }),
      num_module: sizeOption(modules, 'modules', { largest: 32 }),
    }),
  ofConfig: (config) =>
    describe({
      in_ch: numberOf(config, 'in_ch', 3),
      out_ch: numberOf(config, 'out_ch', 3),
      base_ch: numberOf(config, 'base_ch', dbsnlPaperConfig.base_ch),
      num_module: numberOf(config, 'num_module', dbsnlPaperConfig.num_module),
    }),
  recognise,
  isBuffer: (key) => key.endsWith('.mask'),
};
