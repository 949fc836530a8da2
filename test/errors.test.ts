import { truncate, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import {
  codeOf,
  denoise,
  degrade,
  type ErrorCode,
  openMeasure,
  OptionError,
  readPicture,
  RevelaError,
  upscale,
} from '#src/index.js';
import { optionError, withFacts } from '#src/errors.js';
import { fileError } from '#src/file-errors.js';
import { draw, samples, temporaryFolder } from './images/drawing.js';

const { path, write } = temporaryFolder();

async function failure(work: () => Promise<unknown>): Promise<unknown> {
  return work().then(
    () => undefined,
    (error: unknown) => error,
  );
}

const png = () =>
  draw(64, 64, 3, samples(64 * 64 * 3, 8))
    .png()
    .toBuffer();

const cases: readonly (readonly [ErrorCode, string, () => Promise<unknown>])[] = [
  ['ERR_NOT_AN_IMAGE', 'a text', () => denoise(Buffer.from('This is no picture at all, but a text.'))],
  ['ERR_NOT_AN_IMAGE', 'no bytes', () => denoise(new Uint8Array())],
  ['ERR_NOT_AN_IMAGE', 'a folder', () => readPicture(path())],
  ['ERR_UNSUPPORTED_IMAGE', 'a GIF', () => upscale(Buffer.from('GIF89a aaaaaaaaaaaaaaaaaaaa'))],
  [
    'ERR_DAMAGED_IMAGE',
    'half a file',
    async () => {
      await write('half.png', await png());
      await truncate(path('half.png'), 900);
      return readPicture(path('half.png'));
    },
  ],
  ['ERR_FILE_MISSING', 'a missing file', () => readPicture(path('none.png'))],
  [
    'ERR_FILE_EXISTS',
    'a file that is there',
    async () => {
      await writeFile(path('there.png'), '');
      return (await readPicture(await png())).toFile(path('there.png'));
    },
  ],
  ['ERR_TOO_LARGE', 'a limit', async () => readPicture(await png(), { maxMegapixels: 0.001 })],
  ['ERR_TOO_LARGE', 'a large result', async () => upscale(await png(), { maxMegapixels: 0.001 })],
  ['ERR_OUT_OF_RANGE', 'a scale', async () => degrade(await png(), { scale: 99 })],
  ['ERR_MODEL_MISSING', 'a model', async () => openMeasure('clip-iqa', { clip: 'no-such-model' })],
  ['ERR_FILE_MISSING', 'missing weights', async () => upscale(await png(), { weights: path('none.pth') })],
  [
    'ERR_WEIGHTS',
    'what is no weights',
    async () => upscale(await png(), { weights: await write('a.pth', 'nothing') }),
  ],
  ['ERR_CANCELLED', 'a signal', async () => degrade(await png(), { signal: AbortSignal.abort() })],
  ['ERR_CANCELLED', 'a time-out', async () => denoise(await png(), { signal: AbortSignal.timeout(0) })],
];

it.each(cases)('%s is the code of %s', async (code, _, work) => {
  const error = await failure(work);
  expect(codeOf(error), String(error)).toBe(code);
});

it('a full disk is told by its code and path', () => {
  const error = fileError('cannot write a.png', Object.assign(new Error('no'), { code: 'ENOSPC' }), 'a.png');
  expect(error).toMatchObject({ code: 'ERR_DISK_FULL', path: 'a.png' });
  expect(codeOf(error)).toBe('ERR_DISK_FULL');
});

it('an option is told with what was expected and what came', async () => {
  const error = await failure(async () => degrade(await png(), { scale: 99 }));
  expect(error).toBeInstanceOf(OptionError);
  expect(error).toMatchObject({ option: 'scale', expected: 'a whole number from 1 to 8', received: 99 });
  expect(String(error)).toBe('OptionError: `scale` must be a whole number from 1 to 8, got 99');
  expect(new OptionError('`keepDetail: false` and `detail` disagree').option).toBe('keepDetail');
});

it('the path of a picture is told', async () => {
  expect(await failure(() => readPicture(path('none.png')))).toMatchObject({ path: path('none.png') });
  expect(await failure(() => readPicture(path('half.png')))).toMatchObject({ path: path('half.png') });
});

it('facts are added to what has none, and to nothing else', () => {
  const cause = new Error('why');
  const error = withFacts(new RevelaError('no', { cause }), { code: 'ERR_WEIGHTS', path: 'a' });
  expect(error).toMatchObject({ message: 'no', code: 'ERR_WEIGHTS', path: 'a', cause });
  expect(withFacts(error, { code: 'ERR_MEMORY', path: 'b' })).toMatchObject({
    code: 'ERR_WEIGHTS',
    path: 'a',
  });
  const option = optionError('tile', 'a number', 'x');
  expect(withFacts(option, { code: 'ERR_MEMORY' })).toBe(option);
  expect(codeOf(cause)).toBeUndefined();
});
