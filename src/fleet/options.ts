// A door of its own: the options of a fleet's work, for flags and help, without what does it.
import { applyingOptions, deviceOptions, machineOptions, upscaleOptions } from '../api/options.js';
import { flag, given, list, number, path, text, whole, without } from '../options/index.js';
import type { Tokens } from '../tokens.js';

/** What denoising may be told: weights are applied as they are, to any picture. */
export const fleetDenoiseOptions = without(applyingOptions, machineOptions);

const { pictures: _, ...enlarging } = without(upscaleOptions, deviceOptions);

/** What enlarging may be told. */
export const fleetUpscaleOptions = enlarging;

/** What scoring may be told. */
export const fleetScoreOptions = {
  /** Measures by name; default `revela`. */
  metrics: list(text({ value: 'NAME', words: '' }), {
    ...{ short: 'm', flag: 'metric', expected: 'measures', words: 'measures, with commas between them' },
    ...{ usual: 'revela', commas: true, least: 1 },
  }),
};

/** How a worker works. */
export const workerOptions = {
  /** Seconds without a sign of life after which the job of a worker is given to another one; longer than a tile takes. Default 120. */
  lockSeconds: number({
    ...{ from: 1, to: 86_400, default: 120, unit: 'seconds' },
    words: 'until the jobs of a silent worker are given to others',
  }),
  threads: whole({ from: 1, to: 256, short: 'j', words: 'CPU threads', usual: 'one per core' }),
};

/** How several train together: what the numbers of a run depend on. */
export const teamOptions = {
  /** How many shares a round has. */
  workers: whole({
    from: 1,
    to: 1024,
    default: 1,
    words: 'shares of a round, each with pictures of its own',
  }),
  /** Steps that each does alone between two rounds. */
  localSteps: whole({
    ...{ from: 1, to: 10_000, words: 'steps that each does alone between rounds' },
    usual: 'none; gradients are added',
  }),
  /** How far a round of local steps moves the weights. */
  outerRate: number({ above: 0, to: 10, default: 0.7, words: 'local steps: rate of the outer optimiser' }),
  /** Nesterov's momentum of these moves. */
  outerMomentum: number({ from: 0, below: 1, default: 0.9, words: 'local steps: its momentum' }),
};

/** How a coordinator waits for those who train with it. */
export const roundOptions = {
  /** How many shares are enough once the time of a round is over. */
  quorum: whole({
    ...{ from: 1, to: 1024, words: 'shares that are enough once a round is over its time' },
    usual: 'more than half',
  }),
  /** Seconds after which a round no longer waits for those who are not needed. */
  roundSeconds: number({
    ...{ above: 0, to: 1e6, default: 300, unit: 'seconds' },
    words: 'until a round no longer waits for all',
  }),
};

/** Where a shared folder is offered. */
export const shareListeningOptions = {
  /** Default `127.0.0.1`, which only this machine reaches. */
  host: text({
    ...{ value: 'ADDRESS', default: '127.0.0.1' },
    words: 'address to listen at; only this machine reaches the usual one',
  }),
  port: whole({ short: 'p', from: 0, to: 65_535, default: 8788, words: 'port; 0: any that is free' }),
  /** Lets in whoever reaches the address, without tokens. */
  open: flag({ words: 'let anyone on other machines in, without tokens' }),
};

/** How a folder is shared. */
export const shareOptions = {
  /** Default: the current folder. */
  shared: path({ value: 'FOLDER', default: '.', words: 'the folder' }),
  ...shareListeningOptions,
  /** Who may ask, by name: what they send as `Authorization: Bearer TOKEN`. */
  tokens: given<Tokens>('object', {
    ...{ words: 'who may ask, by name', usual: 'whoever reaches the address', expected: 'tokens by name' },
  }),
  /** Hears, a line each, of each result that came and of what failed here. */
  tell: given<(line: string) => void>('function', {
    ...{ words: 'hears of results and of what failed', expected: 'a function' },
  }),
};
