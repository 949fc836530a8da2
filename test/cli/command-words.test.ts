import { Command } from 'commander';
import { expect, it } from 'vitest';
import { metricsOptions, trainUpscalerOptions } from '#src/api/options.js';
import { addOptions } from '#src/cli/options/add-options.js';
import { failureOf } from '#src/cli/terminal/failure.js';
import { factsInCommandWords, inCommandWords } from '#src/cli/terminal/command-words.js';
import { optionError, RevelaError } from '#src/errors.js';

// How options are typed is known once they are added to a command.
addOptions(new Command(), undefined, { ...trainUpscalerOptions, ...metricsOptions });

const sentences: readonly (readonly [string, string])[] = [
  ['`patch` must be a multiple of 5, got 41', '--patch must be a multiple of 5, got 41'],
  ['leave out `adapt: false`', 'leave out --no-adapt'],
  ['give one with `ilNiqeModel`', 'give one with --il-niqe-model'],
  ['`lossWeights.image` is for pictures', '--weight-image is for pictures'],
  ['`metrics` names psnr twice', '--metric names psnr twice'],
  [
    "get it with `pullModel('RN50')`, or with `addModel(FILE, { name: 'RN50' })`",
    'get it with revela models pull RN50, or with revela models add FILE --name RN50',
  ],
  ["a run of `trainUpscaler({ stage: 'sfd' })`", 'a run of revela train upscaler --stage sfd'],
  ['use it with `denoise()`', 'use it with revela denoise'],
  ['allow it with `readPicture(…, { maxMegapixels: 312 })`', 'allow it with --max-input 312'],
  ['`FILE::params` takes the part alone', '--key params takes the part alone'],
  ['what is `no code at all` stays', 'what is `no code at all` stays'],
  ['--steps and the like stay', '--steps and the like stay'],
];

it.each(sentences)('%s', (told, typed) => {
  expect(inCommandWords(told)).toBe(typed);
  expect(failureOf(new RevelaError(told), 'revela', false).message).toBe(typed);
});

it('messages within facts are translated, and nothing else', () => {
  const failure = { input: '`a`', message: '`tile` is wrong' };
  expect(factsInCommandWords({ kind: 'done', failures: [failure], name: '`tile`' })).toEqual({
    kind: 'done',
    failures: [{ input: '`a`', message: '--tile is wrong' }],
    name: '`tile`',
  });
});

it('a wrong option is wrong usage', () => {
  const error = optionError('maxMegapixels', 'more than 0', -1);
  expect(failureOf(error, 'revela upscale', false)).toEqual({
    message: '--max-megapixels must be more than 0, got -1; see revela upscale --help',
    exitCode: 2,
  });
});
