import { readdirSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '#src/cli/context.js';
import { runCommandLine } from '#src/cli/program.js';
import { Stopped } from '#src/cli/terminal/stop.js';
import { describePicture } from '#src/images/index.js';
import { photograph, revela, temporaryFolder } from './command.js';

const path = temporaryFolder();

beforeAll(async () => {
  await mkdir(path('tmp'));
  await photograph(64, 48).png().toFile(path('photo.png'));
  await photograph(64, 48).jpeg().toFile(path('photo.jpg'));
});

/** Runs the command in a line of a shell, where it is called `revela`. */
const shell = (line: string, ...args: readonly string[]) =>
  revela(args, {
    cwd: path(),
    environment: { TMPDIR: path('tmp') },
    wrapper: ['sh', '-c', line.replace('revela', '"$@"'), 'sh'],
  });

const quiet = {
  stdout: { write: () => expect.fail('something was written') },
  colour: false,
  modelFolder: 'models',
  offline: false,
};

describe('- for standard input and output', () => {
  it('degrades what is piped in, and pipes the result out', async () => {
    const { code, stderr } = await shell('cat photo.png | revela > small.png', 'degrade', '-');
    expect([code, stderr]).toEqual([0, expect.stringContaining('standard input → standard output\n')]);
    expect(await describePicture(path('small.png'))).toMatchObject({ format: 'png', width: 16, height: 12 });
    await revela(['degrade', 'photo.png', '-o', 'same.png'], { cwd: path() });
    expect(await readFile(path('small.png'))).toEqual(await readFile(path('same.png')));
  });

  it('keeps the format of what comes in, and takes another by --format', async () => {
    const line = 'revela < photo.jpg > out';
    expect((await shell(line, 'denoise', '-', '--strength', '0')).code).toBe(0);
    expect(await describePicture(path('out'))).toMatchObject({ format: 'jpeg', width: 64 });
    expect((await shell(line, 'denoise', '-', '--strength', '0', '-f', 'webp')).code).toBe(0);
    expect(await describePicture(path('out'))).toMatchObject({ format: 'webp', width: 64 });
  });

  it('goes from a pipe to a file, and from a file to a pipe', async () => {
    const toFile = await shell('revela < photo.png', 'degrade', '-', '-o', 'from-pipe.png');
    expect([toFile.code, toFile.stdout]).toEqual([0, 'from-pipe.png\n']);
    const toPipe = await shell('revela > to-pipe.png', 'degrade', 'photo.png', '-o', '-');
    expect(toPipe.code).toBe(0);
    expect(await readFile(path('to-pipe.png'))).toEqual(await readFile(path('from-pipe.png')));
  });

  it('says in one line what is wrong with standard input, and leaves nothing behind', async () => {
    for (const [line, words] of [
      ['printf hello | revela', 'revela: standard input is not a picture that can be read'],
      ['revela < /dev/null', 'revela: standard input is empty'],
    ] as const) {
      const { code, stdout, stderr } = await shell(line, 'degrade', '-');
      expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining(words)]);
      expect(stderr).toMatch(/^[^\n]+\n$/);
    }
    expect(await readdir(path('tmp'))).toEqual([]);
  });

  it.each([
    ['a terminal to read from', ['degrade', '-', '-o', 'a.png'], 'standard input is a terminal'],
    ['a terminal to write to', ['degrade', 'photo.png', '-o', '-'], 'standard output is a terminal'],
    ['several pictures', ['degrade', '-', 'photo.png'], 'stands for one picture'],
  ])('refuses %s', async (_, args, words) => {
    let shown = '';
    const context: Context = {
      stdin: Object.assign((async function* () {})(), { isTTY: true }),
      stdout: { isTTY: true, write: () => expect.fail('something was written') },
      stderr: { write: (text) => (shown += String(text)) },
      colour: false,
      modelFolder: 'models',
      offline: false,
      listenForStop: () => expect.fail('the work began'),
    };
    expect(await runCommandLine(args, context, false)).toBe(2);
    expect(shown).toContain(words);
    expect(shown).toMatch(/^revela: [^\n]+\n$/);
  });

  it('refuses --json beside a picture, and folders', async () => {
    const json = await shell('revela < photo.png', 'degrade', '-', '--json');
    expect([json.code, json.stderr]).toEqual([2, expect.stringContaining('--json')]);
    const folder = await shell('revela > out', 'degrade', '.', '-o', '-');
    expect([folder.code, folder.stderr]).toEqual([2, expect.stringContaining('takes one picture')]);
  });

  it('refuses a pattern beside standard output in one line, whatever the options', async () => {
    for (const args of [[], ['-f', 'png']]) {
      const { code, stdout, stderr } = await shell('revela', 'denoise', 'photo.*', '-o', '-', ...args);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^revela: cannot read photo\.\*: it does not exist[^\n]*\n$/);
    }
  });

  it('listens for Ctrl-C before it makes its folder', async () => {
    let listens = 0;
    const reason = new Stopped('stopped', 130);
    const context: Context = {
      stdin: (async function* () {
        expect(listens).toBe(0);
        yield await readFile(path('photo.png'));
      })(),
      ...quiet,
      stderr: { write: () => undefined },
      listenForStop: () => ({
        signal: ++listens === 1 ? AbortSignal.abort(reason) : expect.fail(),
        onRequest() {},
        beforeEnd: () => () => {},
      }),
    };
    const before = await readdir(tmpdir());
    expect(await runCommandLine(['degrade', '-'], context, false)).toBe(130);
    const left = (await readdir(tmpdir())).filter((name) => /^revela-\w{6}$/.test(name));
    expect(left.filter((name) => !before.includes(name))).toEqual([]);
  });

  it('removes its folder before a second Ctrl-C ends the process', async () => {
    const before = new Set(await readdir(tmpdir()));
    const folders = (): readonly string[] =>
      readdirSync(tmpdir()).filter((name) => /^revela-\w{6}$/.test(name) && !before.has(name));
    const seen: number[] = [];
    const context: Context = {
      ...quiet,
      stdin: (async function* () {
        yield await readFile(path('photo.png'));
      })(),
      stderr: { write: () => undefined },
      listenForStop: () => ({
        signal: new AbortController().signal,
        onRequest() {},
        beforeEnd(tidy) {
          seen.push(folders().length);
          tidy();
          seen.push(folders().length);
          return () => seen.push(-1);
        },
      }),
    };
    await runCommandLine(['degrade', '-'], context, false);
    expect(seen).toEqual([1, 0, -1]);
  });

  it('reads no more of standard input than a picture file can have', async () => {
    const part = new Uint8Array(2 ** 26);
    let shown = '';
    const context: Context = {
      ...quiet,
      stdin: (async function* () {
        for (;;) yield part;
      })(),
      stderr: { write: (text) => (shown += String(text)) },
      listenForStop: () => expect.fail('the work began'),
    };
    expect(await runCommandLine(['degrade', '-'], context, false)).toBe(1);
    expect(shown).toMatch(/^revela: [^\n]*more than 1 GiB[^\n]*\n$/);
  });
});
