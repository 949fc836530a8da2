import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSafetensors } from '#src/weights/index.js';
import {
  type Circumstances,
  drawWeights,
  expectRefusal,
  namesIn,
  photograph,
  revela,
  temporaryFolder,
} from './command.js';

const path = temporaryFolder();

/** Would learn for an hour and write into `out/`, if it were not refused before. */
function denoise(
  inputs: readonly string[],
  options: readonly string[] = [],
  circumstances: Circumstances = {},
): ReturnType<typeof revela> {
  const learning = options.includes('--no-adapt') ? [] : ['--minutes', '60'];
  const weights = ['--weights', '--from-scratch'].some((option) => options.includes(option));
  return revela(
    [
      'denoise',
      ...inputs,
      ...(options.includes('--output') ? [] : ['--output', 'out/']),
      ...(weights ? [] : ['--weights', 'good.safetensors']),
      ...(options.includes('--device') ? [] : ['--device', 'cpu']),
      ...learning,
      ...options,
    ],
    { cwd: path(), ...circumstances },
  );
}

let before: readonly string[];

beforeAll(async () => {
  await drawWeights(path('good.safetensors'));
  await drawWeights(path('nan.safetensors'), { value: Number.NaN });
  await writeSafetensors(path('other.safetensors'), {
    tensors: new Map([['encoder.weight', { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) }]]),
    metadata: {},
  });
  const weights = await readFile(path('good.safetensors'));
  await writeFile(path('short.safetensors'), weights.subarray(0, weights.length - 100));
  const png = await photograph(64, 64).png().toBuffer();
  await writeFile(path('good.png'), png);
  await writeFile(path('empty.png'), '');
  await writeFile(path('short.png'), png.subarray(0, png.length >> 1));
  await writeFile(path('text.jpg'), 'No picture.');
  await photograph(96, 96, 4).png().toFile(path('clear.png'));
  await photograph(32, 32).toColourspace('cmyk').jpeg().toFile(path('cmyk.jpg'));
  const frames = { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } } as const;
  await sharp(await photograph(8, 16).raw().toBuffer(), frames)
    .webp()
    .toFile(path('moving.webp'));
  await mkdir(path('nothing'));
  await writeFile(path('nothing', 'notes.txt'), 'No picture.');
  before = namesIn(path());
});

describe('inputs are refused before anything is learnt', () => {
  it.each([
    ['gone.png', 'gone.png does not exist'],
    ['empty.png', 'empty.png is empty (0 bytes)'],
    ['short.png', 'short.png is damaged or cut short'],
    ['text.jpg', 'text.jpg is not a picture that can be read'],
    ['moving.webp', 'moving.webp holds 2 pictures'],
    ['cmyk.jpg', 'cmyk.jpg has CMYK colours'],
    ['nothing', 'the folder nothing holds no pictures'],
    ['*.tif', 'no picture matches *.tif'],
    ['good.safetensors', 'good.safetensors is not a picture that can be read'],
  ])('%s', async (input, words) => {
    await expectRefusal(denoise([input]), 1, words);
    expect(namesIn(path())).toEqual(before);
  });

  it.each(['gone.png', 'nothing', '*.tif'])('%s beside a good one', async (input) => {
    await expectRefusal(denoise(['good.png', input]), 1, input);
    expect(namesIn(path())).toEqual(before);
  });
});

describe('outputs are refused before anything is learnt', () => {
  it.each<[options: readonly string[], ...words: readonly string[]]>([
    [['--output', 'clear.png'], 'clear.png exists already', '--overwrite'],
    [['--output', 'good.png', '--overwrite'], 'would replace the input good.png'],
    [['--output', 'out.xyz'], 'the extension .xyz is unknown'],
    [['--output', 'empty.png/out.png'], 'a part of its path is a file'],
    [['--save-weights', 'other.safetensors'], 'other.safetensors exists already'],
    [['--save-weights', 'good.safetensors'], 'would replace the file good.safetensors'],
    [['--save-weights', 'nothing'], 'nothing: it is a folder'],
  ])('%j', async (options, ...words) => {
    await expectRefusal(denoise(['good.png'], options), 1, ...words);
    expect(namesIn(path())).toEqual(before);
  });

  it('several inputs and one file', () =>
    expectRefusal(denoise(['good.png', 'clear.png'], ['--output', 'cmyk.jpg']), 1, 'cmyk.jpg is a file'));

  it('transparency that the format cannot hold', () =>
    expectRefusal(denoise(['clear.png'], ['--output', 'clear.jpg']), 1, 'cannot hold the picture', '.png'));

  it('a kind that the name contradicts', () =>
    expectRefusal(denoise(['good.png'], ['--output', 'x.png', '--format', 'jpeg']), 2, 'disagree'));

  it('a folder that cannot be written', async () => {
    await mkdir(path('locked'));
    await chmod(path('locked'), 0o555);
    // To root every folder is open, unless that privilege is taken away.
    const wrapper =
      process.geteuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
    await expectRefusal(
      denoise(['good.png'], ['--output', 'locked/new/'], { wrapper }),
      1,
      'cannot write locked/new/good.png: access is not allowed',
    );
    expect(namesIn(path('locked'))).toEqual([]);
    await chmod(path('locked'), 0o755);
  });
});

describe('on a full disk', () => {
  it('the result is refused and nothing half-written is left', async () => {
    await mkdir(path('full'));
    const wrapper = ['sh', '-c', 'ulimit -f 8; exec "$0" "$@"'];
    const { code, stdout, stderr } = await denoise(
      ['clear.png'],
      ['--output', 'full/clear.png', '--no-adapt'],
      {
        wrapper,
      },
    );
    expect(stderr).toMatch(/^revela: cannot write full\/clear\.png: [^\n]+$/m);
    expect([code, stdout, namesIn(path('full'))]).toEqual([1, '', []]);
  });
});

describe('weights are refused before anything is learnt', () => {
  it.each<[options: readonly string[], ...words: readonly string[]]>([
    [['--weights', 'gone.safetensors'], 'gone.safetensors: it does not exist'],
    [['--weights', 'other.safetensors'], 'holds no network that denoises', 'encoder.weight'],
    [['--weights', 'nan.safetensors'], 'nan.safetensors', 'tail.6.bias', 'NaN'],
    [['--weights', 'short.safetensors'], 'short.safetensors is truncated'],
    [['--weights', 'good.png'], 'good.png holds no weights'],
    [['--weights', 'empty.png', '--no-adapt'], 'empty.png is empty'],
  ])('%j', async (options, ...words) => {
    await expectRefusal(denoise(['good.png'], options), 1, ...words);
  });
});

describe('options that do not go together or with the method end with code 2', () => {
  it.each([
    [['--from-scratch', '--no-adapt'], 'leave out --no-adapt'],
    [['--from-scratch', '--weights', 'good.safetensors'], 'leave out --weights'],
    [['--base-channels', '8'], 'add --from-scratch'],
    [['--from-scratch', '--base-channels', '7'], '--base-channels must be an even whole number'],
    [['--from-scratch', '--patch', '41'], '--patch must be a multiple of 5 for sdap, got 41'],
    [['--from-scratch', '--network', 'unet'], '--method sdap needs a network'],
    [['--from-scratch', '--network', 'vgg'], '--network must be one of dbsnl, '],
    [['--method', 'magic'], '--method must be one of sdap, amsnet, '],
  ])('%j', async (options, words) => {
    await expectRefusal(denoise(['good.png'], options), 2, words, 'see revela denoise --help');
  });
});

it('a device that is not there is refused with what to do', () =>
  expectRefusal(
    denoise(['good.png'], ['--device', 'cuda']),
    1,
    '--device cuda does not work here',
    '--device cpu',
  ));

describe('train denoiser refuses', () => {
  const train = (...options: readonly string[]) =>
    revela(['train', 'denoiser', ...options, '--device', 'cpu'], { cwd: path() });

  it('a broken picture', () =>
    expectRefusal(
      train('short.png', '--output', 'run', '--steps', '3'),
      1,
      'short.png is damaged or cut short',
    ));

  it('a folder that has something in it', () =>
    expectRefusal(train('good.png', '--output', 'nothing', '--steps', '3'), 1, 'nothing is not empty'));

  it('to go on with what is no run', () =>
    expectRefusal(train('--resume', 'nothing'), 1, 'nothing is not a run folder'));

  it('to go on with a run that is not there', () =>
    expectRefusal(train('--resume', 'gone'), 1, 'gone', 'does not exist'));

  it('a size beside weights, which have one', () =>
    expectRefusal(
      train('good.png', '--output', 'run', '--steps', '3', '--weights', 'good.safetensors', '--modules', '2'),
      2,
      'leave out --network',
    ));
});

it('nothing of all this left anything', () => {
  expect(namesIn(path())).toEqual([...before, 'full', 'locked'].sort());
});

describe('an error that nobody foresaw', () => {
  // A file system whose functions fail as no file system does.
  const fault = `data:text/javascript,${encodeURIComponent("import fs from 'node:fs/promises'; fs.stat = () => { throw new Error('fault') }; import { syncBuiltinESMExports } from 'node:module'; syncBuiltinESMExports();")}`;
  const environment = { NODE_OPTIONS: `--import ${fault}` };

  it('is one line that says how to report it', () =>
    expectRefusal(
      denoise(['good.png'], [], { environment }),
      1,
      'should not have happened: fault',
      'REVELA_DEBUG=1',
    ));

  it('has its stack with REVELA_DEBUG', async () => {
    const { code, stderr } = await denoise(['good.png'], [], {
      environment: { ...environment, REVELA_DEBUG: '1' },
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^revela: this should not have happened: fault; please report it\nError: fault\n {4}at /,
    );
  });
});
