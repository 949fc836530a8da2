import { RevelaError } from '../errors.js';
import type { Network, ParameterScope } from '../nn/index.js';
import { constantValue, convolution, kaimingNormal, scaledBy } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';
import { add, concat, leakyRelu, multiply, pixelUnshuffle, upsampleNearest } from '../tensor/index.js';
import type { Architecture, NetworkDescription, StateDictShapes } from './architecture.js';
import { channelByChannel } from './channel-by-channel.js';
import { numberOf, textOf } from './network-config.js';
import { pictureChannels, sizeOption } from './network-options.js';
import {
  convolutionStep,
  doublingStep,
  type PathStep,
  poolingStep,
  receptiveFieldReach,
} from './receptive-field.js';
import {
  type RrdbnetLayerNames,
  type RrdbnetNaming,
  rrdbnetNames,
  rrdbnetNamingOf,
} from './rrdbnet-names.js';
import { present } from '../present.js';

/** RRDBNet's size, under the names of the original program. */
export interface RrdbnetConfig {
  readonly in_nc: number;
  readonly out_nc: number;
  /** Width of the network: 64 in the papers. */
  readonly nf: number;
  /** Number of blocks of three dense blocks: 23 in the papers. */
  readonly nb: number;
  /** Channels that each convolution of a dense block adds: 32 in the papers. */
  readonly gc: number;
  /** How many times as high and wide the result is: 1, 2, 4 or 8. */
  readonly sf: number;
  /** Whose names the parameters have, which for less than ×4 also says where the size changes; see {@link rrdbnet}. */
  readonly names: RrdbnetNaming;
  /** By how much pixels are un-shuffled into channels first: 1, 2 or 4. Left out: as the program of these names does. */
  readonly unshuffle?: number;
}

/** The size of ESRGAN, BSRGAN, Real-ESRGAN and SFD: 16,697,987 parameters. */
export const rrdbnetPaperConfig: RrdbnetConfig = {
  in_nc: 3,
  out_nc: 3,
  nf: 64,
  nb: 23,
  gc: 32,
  sf: 4,
  names: 'bsrgan',
};

const SLOPE = 0.2;
/** By how much residuals are scaled before they are added. */
const RESIDUAL = 0.2;
/** Dense blocks of a block, and convolutions of a dense block. */
const [PARTS, CONVOLUTIONS] = [3, 5] as const;
/** ×8 without un-shuffling. */
const MOST_DOUBLINGS = 3;

/** Of the dense blocks; all other layers begin as PyTorch's. */
const first = {
  weightInitialiser: scaledBy(0.1, kaimingNormal()),
  biasInitialiser: constantValue(0),
} as const;

/** By how much the program of these names un-shuffles pixels: Real-ESRGAN's doubles twice and so makes small first. */
const usualUnshuffle = ({ sf, names }: Pick<RrdbnetConfig, 'sf' | 'names'>): number =>
  names === 'real-esrgan' ? Math.max(1, 4 / sf) : 1;

/** How often the picture is doubled, and by how much its pixels are un-shuffled into channels before. */
function sizeChanges(config: Pick<RrdbnetConfig, 'sf' | 'names' | 'unshuffle'>): {
  readonly doublings: number;
  readonly unshuffle: number;
} {
  const { unshuffle = usualUnshuffle(config) } = config;
  return { doublings: Math.log2(config.sf * unshuffle), unshuffle };
}

/** x + 0.2 · (five 3×3 convolutions, each of which sees x and the results of all before it) */
function denseBlock(at: (conv: number) => ParameterScope, x: Tensor, { nf, gc }: RrdbnetConfig): Tensor {
  let known: readonly Tensor[] = [x];
  for (let conv = 1; conv < CONVOLUTIONS; conv++) {
    const added = convolution(at(conv), concat(known, 1), gc, 3, { padding: 1, ...first });
    known = [...known, leakyRelu(added, SLOPE)];
  }
  const residual = convolution(at(CONVOLUTIONS), concat(known, 1), nf, 3, { padding: 1, ...first });
  return add(x, multiply(residual, RESIDUAL));
}

/**
 * RRDBNet, the generator of ESRGAN (Wang et al., ECCV workshops 2018) that BSRGAN, Real-ESRGAN and SFD take over:
 * residual-in-residual dense blocks at the size of the input, then doubling by repetition and a convolution, once for ×2,
 * twice for ×4 and three times for ×8, and two last convolutions. Leaky ReLU of slope 0.2; no normalisation, no clamp.
 *
 * Real-ESRGAN's always doubles twice: for ×2 and ×1 it first un-shuffles 2×2 or 4×4 pixels into channels. Others do so
 * with other names, or leave the doublings out.
 * Images `[batch, in_nc, height, width]` → `[batch, out_nc, height · sf, width · sf]`, of any size, or of multiples of 2
 * or 4 where pixels are un-shuffled; all convolutions pad with zeros.
 *
 * @example
 * const network = rrdbnet({ in_nc: 3, out_nc: 3, nf: 64, nb: 23, gc: 32, sf: 4, names: 'bsrgan' });
 */
export function rrdbnet(config: RrdbnetConfig): Network {
  const { out_nc, nf, nb } = config;
  const names = rrdbnetNames[config.names];
  const { doublings, unshuffle } = sizeChanges(config);
  return (scope, x) => {
    const layer = (name: string, input: Tensor, channels: number): Tensor =>
      convolution(scope.at(name), input, channels, 3, { padding: 1 });
    const features = layer(names.first, unshuffle === 1 ? x : pixelUnshuffle(x, unshuffle), nf);
    let y = features;
    for (let block = 0; block < nb; block++) {
      let inner = y;
      for (let part = 1; part <= PARTS; part++)
        inner = denseBlock((conv) => scope.at(names.dense(block, part, conv)), inner, config);
      y = add(y, multiply(inner, RESIDUAL));
    }
    y = add(features, layer(names.trunk(nb), y, nf));
    for (let doubling = 1; doubling <= doublings; doubling++)
      y = leakyRelu(layer(names.up(doubling), upsampleNearest(y, 2), nf), SLOPE);
    return layer(names.last(doublings), leakyRelu(layer(names.high(doublings), y, nf), SLOPE), out_nc);
  };
}

/** How far a pixel of the result looks at most, in pixels of the input: 349 for ×4 and the papers' 23 blocks. */
export function rrdbnetReach(config: RrdbnetConfig): number {
  const { doublings, unshuffle } = sizeChanges(config);
  const steps = (count: number, ...each: PathStep[]): PathStep[] =>
    Array.from({ length: count }, () => each).flat();
  return receptiveFieldReach([
    // An un-shuffled cell is seen whole, as a pooled one is.
    ...steps(Math.log2(unshuffle), poolingStep),
    ...steps(1 + config.nb * PARTS * CONVOLUTIONS + 1, convolutionStep(3)),
    ...steps(doublings, doublingStep, convolutionStep(3)),
    ...steps(2, convolutionStep(3)),
  ]);
}

/**
 * A margin of tiles that is no hardship, in cells of un-shuffled pixels. With 23 blocks of random weights a tile with this
 * margin differs from the whole picture by some 10⁻⁵ of its deviation, which is rounding; see docs/upscaling.md.
 */
const ADVISED_REACH = 32;

function describe(config: RrdbnetConfig): NetworkDescription {
  const { unshuffle } = sizeChanges(config);
  const [reach, advised] = [rrdbnetReach(config), ADVISED_REACH * unshuffle];
  return {
    architecture: 'rrdbnet',
    config: { ...config },
    network: channelByChannel(config.in_nc, rrdbnet(config)),
    inputChannels: config.in_nc,
    scale: config.sf,
    multiple: unshuffle,
    reach: Math.min(reach, advised),
    tilesExactly: reach <= advised,
    blindSpot: false,
    width: config.nf + (CONVOLUTIONS - 1) * config.gc,
    authorsRate: 2e-4,
  };
}

function recogniseNamed(shapes: StateDictShapes, naming: RrdbnetNaming): NetworkDescription | undefined {
  const names = rrdbnetNames[naming];
  // ESRGAN+ has more paths through its blocks.
  if (Object.keys(shapes).some((key) => key.includes('.conv1x1.'))) return undefined;
  const has = (layer: string): boolean => shapes[`${layer}.weight`] !== undefined;
  const [nf, seen] = shapes[`${names.first}.weight`] ?? [];
  const [gc] = shapes[`${names.dense(0, 1, 1)}.weight`] ?? [];
  let nb = 0;
  while (has(names.dense(nb, 1, 1))) nb += 1;
  const doublings = doublingsOf(names, has);
  if (nf === undefined || seen === undefined || gc === undefined || doublings === undefined) return undefined;
  const [out_nc] = shapes[`${names.last(doublings)}.weight`] ?? [];
  if (out_nc === undefined || !has(names.trunk(nb))) return undefined;
  // There is no telling 48 channels from 3 that were un-shuffled, but nobody has pictures of 48.
  const root = Math.sqrt(seen / out_nc);
  const unshuffle = root === 2 || root === 4 ? root : 1;
  const sf = 2 ** doublings / unshuffle;
  if (sf < 1 || seen !== out_nc * unshuffle ** 2) return undefined;
  const config = { in_nc: out_nc, out_nc, nf, nb, gc, sf, names: naming };
  return describe(unshuffle === usualUnshuffle(config) ? config : { ...config, unshuffle });
}

/** How often a network with these layers doubles the picture; undefined where its last layers are missing. */
function doublingsOf(names: RrdbnetLayerNames, has: (layer: string) => boolean): number | undefined {
  for (let doublings = MOST_DOUBLINGS; doublings >= 0; doublings--) {
    const ups = Array.from({ length: doublings }, (_, i) => names.up(i + 1));
    if ([...ups, names.high(doublings), names.last(doublings)].every(has)) return doublings;
  }
  return undefined;
}

function checked(config: RrdbnetConfig): RrdbnetConfig {
  const { sf, unshuffle = usualUnshuffle(config) } = config;
  if (![1, 2, 4, 8].includes(sf)) throw new RevelaError(`an RRDBNet's sf must be 1, 2, 4 or 8, got ${sf}`);
  if (![1, 2, 4].includes(unshuffle))
    throw new RevelaError(`an RRDBNet's unshuffle must be 1, 2 or 4, got ${unshuffle}`);
  return config;
}

/** RRDBNet among the architectures; its default size is the papers'. */
export const rrdbnetArchitecture: Architecture = {
  name: 'rrdbnet',
  title: 'RRDBNet, the generator of ESRGAN, BSRGAN, Real-ESRGAN and SFD (ECCV workshops 2018)',
  ofSize: ({
    channels,
    baseChannels = rrdbnetPaperConfig.nf,
    modules = rrdbnetPaperConfig.nb,
    scale = rrdbnetPaperConfig.sf,
  }) => {
    const nf = sizeOption(baseChannels, 'baseChannels', { multiple: 2, largest: 512 });
    const sf = sizeOption(scale, 'scale', { multiple: 2, largest: 4 });
    const nb = sizeOption(modules, 'modules', { largest: 64 });
    const [in_nc, out_nc] = [pictureChannels(channels), pictureChannels(channels)];
    return describe({ ...rrdbnetPaperConfig, in_nc, out_nc, nf, nb, gc: nf / 2, sf });
  },
  ofConfig: (config) =>
    describe(
      checked({
        in_nc: numberOf(config, 'in_nc', rrdbnetPaperConfig.in_nc),
        out_nc: numberOf(config, 'out_nc', rrdbnetPaperConfig.out_nc),
        nf: numberOf(config, 'nf', rrdbnetPaperConfig.nf),
        nb: numberOf(config, 'nb', rrdbnetPaperConfig.nb),
        gc: numberOf(config, 'gc', rrdbnetPaperConfig.gc),
        sf: numberOf(config, 'sf', rrdbnetPaperConfig.sf),
        names: rrdbnetNamingOf(textOf(config, 'names', rrdbnetPaperConfig.names)),
        ...present({
          unshuffle: config['unshuffle'] === undefined ? undefined : numberOf(config, 'unshuffle', 1),
        }),
      }),
    ),
  recognise: (shapes) =>
    recogniseNamed(shapes, 'bsrgan') ??
    recogniseNamed(shapes, 'real-esrgan') ??
    recogniseNamed(shapes, 'esrgan'),
  isBuffer: () => false,
};
