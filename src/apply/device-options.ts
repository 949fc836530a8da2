import { choice, given, type OptionsOf, whole } from '../options/index.js';
import type { DeviceChoice } from '../runtime/node/index.js';
import type { Progress } from './progress.js';

const devices = ['auto', 'cpu', 'webgpu', 'cuda'] as const satisfies readonly DeviceChoice[];

/** What work is stopped by, and who hears of it. */
export const callOptions = {
  /** Stops the work. */
  signal: given<AbortSignal>('object', { expected: 'a signal', words: 'stops the work' }),
  /** Hears how the work goes on. */
  onProgress: given<(progress: Progress) => void>('function', {
    expected: 'a function',
    words: 'hears how the work goes on',
  }),
};

/** What one call of something open may be told: what stops it and no other, and who hears of it in place of who was named before. */
export type CallOptions = OptionsOf<typeof callOptions>;

/** Where something is computed. */
export const machineOptions = {
  /** Default `auto`. */
  device: choice(devices, { default: 'auto', words: 'auto, cpu, webgpu or cuda' }),
  /** Threads of the CPU; default: as many as there are cores. */
  threads: whole({ from: 1, to: 256, short: 'j', words: 'CPU threads', usual: 'one per core' }),
};

/** Where something is computed, and who listens. */
export const deviceOptions = { ...machineOptions, ...callOptions };

/** Where something is computed, and who listens. */
export interface DeviceOptions extends OptionsOf<typeof machineOptions>, CallOptions {}

/** The parts that pictures are cut into. */
export const tileOptions = {
  /** Largest side of a tile, in pixels. Default: by what memory the network takes. */
  tile: whole({
    ...{ from: 32, to: 16_384, unit: 'pixels', short: 't', value: 'PIXELS' },
    ...{ words: 'side of the tiles; less needs less memory', usual: 'auto' },
  }),
};

/** How a picture is cut into tiles. */
export type TileOptions = OptionsOf<typeof tileOptions>;
