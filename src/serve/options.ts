import { callOptions, machineOptions } from '../api/options.js';
import {
  flag,
  given,
  list,
  number,
  type OptionsOf,
  path,
  type Settled,
  text,
  whole,
} from '../options/index.js';
import type { Tokens } from '../tokens.js';

/** Seconds of a limit: as many as timers can count, and more than anyone waits. */
const seconds = { above: 0, to: 1e6, unit: 'seconds' } as const;

/** What a service allows. */
export const limitOptions = {
  maxBytes: whole({ from: 1, default: 1e8, words: 'bytes of the body of a request' }),
  maxMegapixels: number({
    ...{ above: 0, to: 1400, default: 100, unit: 'megapixels' },
    words: 'size of a picture that comes in',
  }),
  jobsPerClient: whole({
    ...{ from: 1, default: 32 },
    words: 'jobs of one client that arrive, wait or are worked on',
  }),
  queueLength: whole({ from: 1, default: 256, words: 'jobs of all that arrive or wait' }),
  places: whole({
    ...{ from: 0, to: 256, default: 2 },
    words: 'jobs that are worked on at once; with --redis also 0: only workers do',
  }),
  transferSeconds: number({
    ...{ ...seconds, default: 60 },
    words: 'within which a request must have arrived, and an answer must have been taken',
  }),
  workSeconds: number({ ...seconds, default: 600, words: 'that a job may be worked on' }),
  resultSeconds: number({ ...seconds, default: 900, words: 'that the result of a job is kept' }),
  storedBytes: whole({ from: 1, default: 4e9, words: 'bytes of pictures and results on the disk' }),
  graceSeconds: number({ ...seconds, default: 30, words: 'that what runs is given when the service ends' }),
  adaptMinutes: number({
    ...{ from: 0.01, to: 1e4, default: 3, unit: 'minutes' },
    words: 'learning that adapt may be asked for',
  }),
};

/** What a service allows, each with its value. */
export type Limits = Settled<typeof limitOptions>;

/** Where a service listens. */
export const listeningOptions = {
  host: text({
    ...{ value: 'ADDRESS', default: '127.0.0.1' },
    words: 'address to listen at; only this machine reaches the usual one',
  }),
  port: whole({ short: 'p', from: 0, to: 65_535, default: 8787, words: 'port; 0: any that is free' }),
  open: flag({ words: 'let anyone on other machines in, without tokens' }),
};

/** Where jobs wait, and pictures and results lie. */
export const queueOptions = {
  redis: text({
    ...{ value: 'URL', words: 'let jobs wait in this Redis (redis://HOST:PORT), for workers of any machine' },
    usual: 'in memory',
  }),
  folder: path({
    ...{
      value: 'FOLDER',
      words: 'folder for pictures that wait and results; with --redis all machines share it',
    },
    usual: "the system's for temporary files",
  }),
};

/** What is told while something serves. */
const tellingOptions = {
  onNote: given<(line: string) => void>('function', {
    ...{ words: 'hears that Redis is away, and that it is back', expected: 'a function' },
  }),
  signal: callOptions.signal,
};

/** The options of `serve`. */
export const serveOptions = {
  ...listeningOptions,
  tokens: given<Tokens>('object', {
    ...{ words: 'who may ask, by name: what they send as `Authorization: Bearer TOKEN`' },
    ...{ usual: 'whoever reaches the address', expected: 'tokens by name' },
  }),
  limits: given<OptionsOf<typeof limitOptions>>('object', {
    ...{ words: 'what is allowed', expected: 'an object of limits' },
  }),
  ...{ ...queueOptions, ...tellingOptions, ...machineOptions },
};

/** The options of `serveWork`. */
export const serveWorkOptions = {
  redis: text({ value: 'URL', required: true, words: "the service's Redis, redis://HOST:PORT" }),
  folder: path({
    ...{ value: 'FOLDER', required: true, words: 'folder that the service and all workers share' },
  }),
  places: whole({ from: 1, to: 256, default: 2, words: 'jobs that are worked on at once' }),
  graceSeconds: limitOptions.graceSeconds,
  ...{ ...tellingOptions, ...machineOptions },
};

/** The options of `serveMcp`. */
export const mcpOptions = {
  folders: list(path({ words: 'a folder' }), {
    ...{ expected: 'folders', least: 1, required: true },
    words: 'folders outside of which nothing is read or written; relative paths begin in the first',
  }),
  signal: callOptions.signal,
  ...machineOptions,
};
