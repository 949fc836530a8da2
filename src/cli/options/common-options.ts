import type { Command } from 'commander';
import type { Shard } from '../../api/index.js';
import {
  encodingOptions,
  formatOptions,
  machineOptions,
  searchOptions,
  selectionOptions as selection,
  weightsNaming,
} from '../../api/options.js';
import {
  flag,
  flagOrText,
  type FlagsOf,
  list,
  number,
  overwriteOptions,
  parsed,
  path,
  retold,
  text,
} from '../../options/index.js';
import { allowMegapixels } from '../../picture-limit.js';
import { addOptions } from './add-options.js';

// What several commands have and no function of the library: where files go, and how results are shown.

export const keyOptions = {
  key: text({ value: 'NAME', words: 'which weights of a checkpoint', usual: 'averaged' }),
};

export type KeyFlags = FlagsOf<typeof keyOptions>;

export { overwriteOptions };

/** How networks that no run trains, such as CLIP, are named, for people. */
export const fileNaming = 'a file or a model name';

export const jsonOptions = { json: flag({ words: 'write JSON lines to standard output' }) };

export const csvOptions = { csv: flag({ words: 'write the table as CSV' }) };

export const recursiveOptions = { recursive: searchOptions.recursive };

const inputOptions = {
  maxInput: number({
    above: 0,
    to: 1e6,
    default: 300,
    unit: 'megapixels',
    words: 'largest input, in megapixels',
  }),
};

/** Options of every command that computes. */
export const computingOptions = { ...machineOptions, ...inputOptions, ...jsonOptions };
export type MachineFlags = FlagsOf<typeof computingOptions>;

/** Which share of many pictures is done; checked where they are found. */
export const shardOptions = {
  shard: parsed<Shard>(shardIn, (value) => value !== undefined, {
    ...{ value: 'I/N', expected: 'I/N with I from 1 to N, such as 2/4' },
    ...{ words: 'do the Ith of N shares of the pictures', usual: 'all' },
  }),
};

/** Reads `2/4`. */
function shardIn(typed: string): Shard | undefined {
  const [, index = '', count = ''] = /^(\d{1,7})\/(\d{1,7})$/.exec(typed.trim()) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  return shard.index >= 1 && shard.index <= shard.count ? shard : undefined;
}

/** Options of commands that make pictures of pictures. */
export const resultOptions = {
  output: path({ short: 'o', value: 'PATH', words: 'file, folder or -' }),
  ...{ ...formatOptions, ...encodingOptions },
  ...retold(overwriteOptions, { overwrite: { words: 'replace existing results' } }),
  skipExisting: flag({ words: 'skip pictures whose result exists; resumes a batch' }),
  ...retold(recursiveOptions, {
    recursive: { words: 'search subfolders, and rebuild them in the output' },
  }),
  ...shardOptions,
};
export type ResultFlags = FlagsOf<typeof resultOptions>;

export const scoreOptions = {
  /** The name of a measure, or `true` for the usual one. */
  score: flagOrText({
    value: '[METRIC]',
    words: 'print a quality score before and after: revela or niqe; write --score=niqe',
    usual: 'revela',
  }),
};

export type ScoreFlags = FlagsOf<typeof scoreOptions>;

/** Options of which pictures are taken. */
export const selectionOptions = { every: selection.every, limit: selection.limit };

/** Which of the pictures, or pairs, are taken. */
export const selected = (what: string): typeof selectionOptions =>
  retold(selectionOptions, {
    every: { words: `use every Nth ${what}` },
    limit: { words: `use at most N ${what}s` },
  });

/** Weights of which several may be named. */
export const severalWeights = list(text({ value: 'WEIGHTS', words: '' }), {
  ...{ short: 'w', expected: 'weights', words: `${weightsNaming}; several are compared` },
  usual: 'built-in',
});

/** Adds the options of {@link MachineFlags}; larger pictures can then be read. */
export function addMachineOptions(command: Command): Command {
  addOptions(command, 'Machine:', machineOptions);
  addInputOption(command);
  return addOptions(command, undefined, jsonOptions);
}

/** Adds the option that lets larger pictures be read. */
export function addInputOption(command: Command): Command {
  addOptions(command, undefined, inputOptions);
  return command.on('option:max-input', (megapixels: string) => allowMegapixels(Number(megapixels)));
}
