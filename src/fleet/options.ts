// A door of its own: the options of a fleet's work, for flags and help, without what does it.
import {
  applyingOptions,
  deviceOptions,
  encodingOptions,
  formatOptions,
  machineOptions,
  readOptions,
  searchOptions,
  upscaleOptions,
} from '../api/options.js';
import type { Shard } from '../api/index.js';
import {
  flag,
  given,
  list,
  number,
  overwriteOptions,
  path,
  text,
  unflagged,
  whole,
  without,
} from '../options/index.js';
import type { Tokens } from '../tokens.js';
import type { DoneShare } from './training/take-part.js';
import type { DonePicture, FailedWork } from './work-options.js';

/** Where a fleet's jobs wait. */
export const queueOptions = {
  /** The address of Redis: `redis://USER:PASSWORD@HOST:PORT/NUMBER`. */
  redis: text({
    ...{ value: 'URL', required: true, expected: 'an address' },
    words: 'redis://USER:PASSWORD@HOST:PORT of the queue',
  }),
  /** The name of the queue, for several fleets in one Redis; default `fleet`. */
  queue: text({ value: 'NAME', words: 'name of the queue', usual: 'fleet' }),
};

/** Where a fleet's jobs wait, and who listens. */
export const fleetOptions = {
  ...queueOptions,
  /** Hears, a line each, what is worth a word, such as that Redis is away. */
  tell: given<(line: string) => void>('function', {
    ...{ words: 'hears of what is worth a word', expected: 'a function' },
  }),
  /** Stops waiting, and working. */
  signal: given<AbortSignal>('object', { expected: 'a signal', words: 'stops waiting, and working' }),
};

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
  threads: machineOptions.threads,
};

/** Options of `submitPictures`. */
export const submitOptions = {
  ...fleetOptions,
  /**
   * The folder that all machines share, wherever each has it, or `s3://BUCKET/FOLDER`; pictures and results lie in it. Default: the
   * current folder, or the bucket of `output`.
   */
  shared: path({
    ...{ value: 'FOLDER', usual: "the current folder, or --output's bucket" },
    words: 'where this machine has the shared folder, or s3://BUCKET/FOLDER',
  }),
  /** The folder of the results: a path, or `s3://BUCKET/FOLDER`. Of scores, each picture's lie in a file of JSON. */
  output: path({
    ...{ short: 'o', value: 'PATH', required: true },
    words: 'folder of the results, in the shared folder or s3://',
  }),
  ...{ ...formatOptions, ...encodingOptions, ...overwriteOptions },
  /** Whether folders in folders are searched; default false. */
  recursive: searchOptions.recursive,
  /** Leaves out pictures of which the result is there: after a loss of Redis, that submits what is missing. */
  skipExisting: flag({ words: 'skip pictures whose result exists; resumes a batch' }),
  /** One share of the pictures, where several submit them. */
  shard: given<Shard>('object', {
    ...{ expected: 'a share: { index, count }', words: 'one share of the pictures' },
  }),
  /** The largest picture that workers take, in megapixels; default 300. */
  maxInput: readOptions.maxMegapixels,
  /** Hears how many pictures were submitted so far. */
  onSubmitted: given<(pictures: number) => void>('function', {
    ...{ words: 'hears how many pictures were submitted so far', expected: 'a function' },
  }),
};

/** Options of `workInFleet`. */
export const workOptions = {
  ...{ ...fleetOptions, ...machineOptions, lockSeconds: workerOptions.lockSeconds },
  /**
   * Where this machine has the folder that all share, `s3://BUCKET/FOLDER`, or the address of a `revela fleet share`; default: the current
   * folder. Nothing outside of it is read or written.
   */
  shared: path({
    ...{ value: 'FOLDER', usual: 'the current folder' },
    words:
      'where this machine has the shared folder; or s3://BUCKET/FOLDER, or http://HOST:PORT of fleet share',
  }),
  /** What lets in at the address of a `revela fleet share`. */
  token: unflagged(text({ words: 'what lets in at the http://HOST:PORT' })),
  /** Ends when nothing waits and nobody works; default false: waits for more. */
  untilEmpty: flag({ words: 'end when nothing is left', usual: 'wait for more' }),
  /** Hears of each picture of which the result is written. */
  onDone: given<(picture: DonePicture) => void>('function', {
    ...{ words: 'hears of each picture that is done', expected: 'a function' },
  }),
  /** Hears of each picture that could not be done, and whether it is tried again. */
  onFailed: given<(failure: FailedWork) => void>('function', {
    ...{ words: 'hears of each picture that could not be done', expected: 'a function' },
  }),
};

/** Options of `takePart`. The queue's name is `training` by default. */
export const takePartOptions = {
  ...{ ...fleetOptions, ...machineOptions },
  queue: text({ value: 'NAME', words: 'name of the queue', usual: 'training' }),
  ...{ shared: workOptions.shared, token: workOptions.token },
  /** Seconds without a sign of life after which a member's share is given to another one; default 30: members give them by themselves. */
  lockSeconds: { ...workerOptions.lockSeconds, default: 30 },
  /** Hears of each share that is done. */
  onShare: given<(share: DoneShare) => void>('function', {
    ...{ words: 'hears of each share that is done', expected: 'a function' },
  }),
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
