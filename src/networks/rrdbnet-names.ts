import { RevelaError } from '../errors.js';

/** What the layers of an RRDBNet are called in a state dict. */
export interface RrdbnetLayerNames {
  readonly first: string;
  /** Convolution `conv` (from 1) of dense block `part` (from 1) of block number `block` (from 0). */
  dense(block: number, part: number, conv: number): string;
  trunk(blocks: number): string;
  /** The convolution after doubling number `doubling` (from 1). */
  up(doubling: number): string;
  high(doublings: number): string;
  last(doublings: number): string;
}

/** The programs whose names are known. */
export type RrdbnetNaming = 'bsrgan' | 'real-esrgan' | 'esrgan';

/**
 * The names that published checkpoints have:
 * - `bsrgan`: KAIR's BSRGAN and RRDB, ESRGAN's own later ones, SeD, LDL, and SFD's generator;
 * - `real-esrgan`: BasicSR's and Real-ESRGAN's;
 * - `esrgan`: ESRGAN's first ones, where all is one nested sequence and the places of layers without parameters count.
 */
export const rrdbnetNames: Readonly<Record<RrdbnetNaming, RrdbnetLayerNames>> = {
  bsrgan: {
    first: 'conv_first',
    dense: (block, part, conv) => `RRDB_trunk.${block}.RDB${part}.conv${conv}`,
    trunk: () => 'trunk_conv',
    up: (doubling) => `upconv${doubling}`,
    high: () => 'HRconv',
    last: () => 'conv_last',
  },
  'real-esrgan': {
    first: 'conv_first',
    dense: (block, part, conv) => `body.${block}.rdb${part}.conv${conv}`,
    trunk: () => 'conv_body',
    up: (doubling) => `conv_up${doubling}`,
    high: () => 'conv_hr',
    last: () => 'conv_last',
  },
  esrgan: {
    first: 'model.0',
    dense: (block, part, conv) => `model.1.sub.${block}.RDB${part}.conv${conv}.0`,
    trunk: (blocks) => `model.1.sub.${blocks}`,
    // Doubling, convolution, activation: three places each.
    up: (doubling) => `model.${3 * doubling}`,
    high: (doublings) => `model.${3 * doublings + 2}`,
    last: (doublings) => `model.${3 * doublings + 4}`,
  },
};

/** The naming of that name. */
export function rrdbnetNamingOf(text: string): RrdbnetNaming {
  if (text === 'bsrgan' || text === 'real-esrgan' || text === 'esrgan') return text;
  throw new RevelaError(
    `an RRDBNet's names must be one of ${Object.keys(rrdbnetNames).join(', ')}, got ${text}`,
  );
}
