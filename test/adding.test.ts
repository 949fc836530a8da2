import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// How many files one touches to add something: the package is copied, the files of test/adding/ are added and named in one list
// each, it is compiled, and what was added must be everywhere.

const root = fileURLToPath(new URL('..', import.meta.url));
let folder = '';
const path = (...parts: readonly string[]): string => join(folder, ...parts);

/** What is added: a file, and the list that names it. */
const additions = [
  { file: 'measures/brightness/brightness.ts', list: 'measures/list.ts', name: 'brightness' },
  { file: 'measures/mean-error/mean-error.ts', list: 'measures/list.ts', name: 'meanError' },
  { file: 'denoise/echo.ts', list: 'denoise/methods.ts', name: 'echo' },
  { file: 'networks/two-layers.ts', list: 'networks/architectures.ts', name: 'twoLayers' },
] as const;

/** The lists with what is added: an import and an entry, and nothing else. */
const entries: Readonly<Record<string, (text: string, name: string) => string>> = {
  'measures/list.ts': (text, name) => text.replace('\n] as const;', `\n  ${name},\n] as const;`),
  'denoise/methods.ts': (text, name) => text.replace('apBsn, distilled', `apBsn, ${name}, distilled`),
  'networks/architectures.ts': (text, name) => text.replace('\n};', `\n  [${name}.name]: ${name},\n};`),
};

const run = promisify(execFile);

/** Runs a program of the copy; its standard output. */
async function node(...args: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 26 });
  return stdout;
}

const revela = (...args: readonly string[]): Promise<string> => node('dist/cli/main.js', ...args);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'revela-adding-'));
  for (const name of [
    'src',
    'dist',
    'build/src.tsbuildinfo',
    'tsconfig.base.json',
    'scripts/doc-tables.mjs',
    'docs/score.md',
    'docs/compare.md',
    'tsconfig.build.json',
    'package.json',
  ])
    await cp(join(root, name), path(name), { recursive: true });
  for (const name of ['node_modules', 'models']) await symlink(join(root, name), path(name));
  for (const { file, list, name } of additions) {
    await mkdir(join(path('src', file), '..'), { recursive: true });
    await cp(
      fileURLToPath(new URL(`adding/${file.split('/').at(-1)}.txt`, import.meta.url)),
      path('src', file),
    );
    const text = await readFile(path('src', list), 'utf8');
    const added = entries[list]?.(text, name) ?? text;
    expect(added).not.toBe(text);
    const from = `./${file.slice(list.lastIndexOf('/') + 1).replace(/\.ts$/, '.js')}`;
    await writeFile(path('src', list), `import { ${name} } from '${from}';\n${added}`);
  }
  // What programs say of it is typed: the file is compiled with the rest.
  await cp(fileURLToPath(new URL('adding/program.ts.txt', import.meta.url)), path('src', 'program.ts'));
  await node('node_modules/typescript/bin/tsc', '-b', 'tsconfig.build.json').catch((error: unknown) => {
    const told: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'stdout') : error;
    expect.fail(String(told));
  });
  const dots = { create: { width: 64, height: 48, channels: 3 as const, background: '#808080' } };
  await sharp(dots).png().toFile(path('grey.png'));
  await sharp({ ...dots, create: { ...dots.create, background: '#c0c0c0' } })
    .png()
    .toFile(path('light.png'));
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a measure without a reference: one file and one list', () => {
  it('is listed, and stands in every help with its option', async () => {
    expect(await revela('score', '--list')).toMatch(/^brightness\n {2}what +Brightness: /m);
    for (const command of [['score'], ['evaluate', 'quality']]) {
      const help = (await revela(...command, '--help')).replace(/\s+/g, ' ');
      expect(help).toMatch(/--metric <NAME> revela, [^(]*brightness; several/);
      expect(help).toContain('--best-brightness <SHARE> brightness: the value that is best (default: 0.5)');
    }
    expect(await revela('denoise', '--help')).toMatch(/brightness/);
  });

  it('scores by the command, with its option, which a record knows', async () => {
    const scored = async (...more: readonly string[]): Promise<unknown> => {
      const [line = ''] = (
        await revela('score', 'light.png', '-m', 'brightness', '--json', '--record', 'r.jsonl', ...more)
      ).split('\n');
      const { scores, known }: { scores: Readonly<Record<string, number>>; known: boolean } =
        JSON.parse(line);
      return [scores['brightness']?.toFixed(3), known];
    };
    expect(await scored()).toEqual(['0.747', false]);
    expect(await scored()).toEqual(['0.747', true]);
    expect(await scored('--best-brightness', '0.75')).toEqual(['0.997', false]);
    await expect(revela('score', 'light.png', '--best-brightness', '0.75')).rejects.toThrow(
      '--best-brightness is for brightness: leave it out, or add --metric brightness',
    );
    await expect(revela('score', 'light.png', '-m', 'brightness', '--best-brightness', '2')).rejects.toThrow(
      '0 to 1',
    );
  });
});

describe('a measure with a reference: one file and one list', () => {
  it('stands in the help of compare with its option, and compares in a thread', async () => {
    const help = (await revela('compare', '--help')).replace(/\s+/g, ' ');
    expect(help).toMatch(/--metric <NAME> psnr, [^;]*mean-error/);
    expect(help).toContain('--error-power <N> mean-error: the power (default: 1)');
    const csv = await revela('compare', 'light.png', 'grey.png', '-m', 'mean-error,psnr', '--csv');
    expect(csv).toMatch(/^kind,.*,mean-error,psnr\r?\npicture,.*,0\.25098\d*,/);
    const squared = ['-m', 'mean-error', '--error-power', '2', '--csv'];
    expect(await revela('compare', 'light.png', 'grey.png', ...squared)).toMatch(/,0\.06299\d*/);
  });
});

it('programs have the names, the options and the losses, and their types', async () => {
  expect(JSON.parse(await node('dist/program.js'))).toEqual({
    score: expect.closeTo(0.997, 3),
    refusal: '`bestBrightness` must be a number from 0 to 1, got 3',
    compared: expect.closeTo(0.063, 3),
    losses: ['mean-error', 'brightness'],
    loss: expect.closeTo(-0.747, 3),
    measures: true,
    referenceMeasures: true,
  });
});

it('the tables of docs/ have a row for each, and one for each option', async () => {
  await node('scripts/doc-tables.mjs');
  const score = await readFile(path('docs/score.md'), 'utf8');
  expect(score).toContain('| `brightness` | 0 to 1 | higher | no | no | nothing | [score.md](score.md) |');
  expect(score).toContain('| `--best-brightness` | `brightness` | the value that is best | 0.5 |');
  expect(await readFile(path('docs/compare.md'), 'utf8')).toContain(
    '| `mean-error` | the mean of what values are apart | lower | 0 to 1 | 1×1 |',
  );
});

it('the tables of docs/ say what the measures say', async () => {
  await run(process.execPath, ['scripts/doc-tables.mjs', '--check'], { cwd: root });
});

describe('a method, and a network: one file and one list each', () => {
  it('are listed, chosen, trained and used', async () => {
    expect(await revela('methods')).toContain('echo\n  what         Echo: ');
    const help = (await revela('train', 'denoiser', '--help')).replace(/\s+/g, ' ');
    expect(help).toMatch(/--method <NAME> [^;]*echo/);
    expect(help).toMatch(/--network <NAME> [^(]*two-layers/);
    await sharp(path('light.png')).resize(96, 80).toFile(path('noisy.png'));
    await revela(
      ...['train', 'denoiser', 'noisy.png', '--method', 'echo', '--network', 'two-layers', '--steps', '1'],
      ...['--output', 'run', '--patch', '32', '--device', 'cpu', '--threads', '1'],
    );
    expect(await revela('info', 'run')).toMatch(/echo[\s\S]*two-layers|two-layers[\s\S]*echo/);
    const files = ['noisy.png', '--weights', 'run', '--no-adapt', '--output', 'clean.png'];
    await revela('denoise', ...files, '--device', 'cpu', '--threads', '1');
    expect((await sharp(path('clean.png')).metadata()).width).toBe(96);
  }, 120_000);
});
