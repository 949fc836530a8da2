import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, expect } from 'vitest';
import { saveDenoiserWeights } from '#src/api/index.js';
import { architectures } from '#src/networks/index.js';
import { declareParameters, initialiseParameters } from '#src/nn/index.js';
import { createRandom } from '#src/random.js';
import { defaultModelFolder } from '#src/model-folder.js';
import { program } from '../program.js';

/** The commands, with those of commands. */
export const everyCommand =
  'denoise,upscale,degrade,score,compare,evaluate denoiser,evaluate upscaler,evaluate quality,train denoiser,train upscaler,train scorer,train niqe,train il-niqe,train sfd-iqa,distill,models,models list,models pull,models add,models remove,info,report,export,weights convert,methods,web,doctor,fleet,fleet submit,fleet work,fleet train,fleet share,fleet status,fleet retry,fleet cancel'.split(
    ',',
  );

/** How a command ended. */
export interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run. */
export interface Circumstances {
  /** Where relative paths begin. */
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it is a process of its own, as where the process is what is tested; so it is with the options below too. */
  readonly ownProcess?: boolean;
  /** An open file that takes standard output; the ending then has none. */
  readonly stdout?: number;
  /** A program with its arguments that runs the command in turn. */
  readonly wrapper?: readonly string[];
  /** Sends a signal, once, when standard output shows a text. */
  readonly interrupt?: { readonly at: string; readonly signal: NodeJS.Signals };
}

/** What a command does not see of the environment of the tests: a graphics driver in software would be tried and measured. */
const hidden = { VK_DRIVER_FILES: undefined, NO_COLOR: undefined, REVELA_DEBUG: undefined };

/**
 * Runs the command, without a terminal, as other programs do. It has a process of its own only where its circumstances ask
 * for one: to start one takes longer than what most commands do.
 */
export function revela(
  args: readonly (string | number)[],
  circumstances: Circumstances = {},
): Promise<Ending> {
  const { ownProcess = false, stdout, wrapper, interrupt, environment } = circumstances;
  const ofNode = environment?.['NODE_OPTIONS'];
  const alone = ownProcess || [ofNode, stdout, wrapper, interrupt].some((option) => option !== undefined);
  return alone ? runProcess(args, circumstances) : runHere(args, circumstances);
}

let running: Promise<unknown> = Promise.resolve();

/** Runs the command in this process, one after another, since they share its folder and its environment. */
function runHere(args: readonly (string | number)[], circumstances: Circumstances): Promise<Ending> {
  const ending = running.then(() => runNow(args.map(String), circumstances));
  running = ending.catch(() => undefined);
  return ending;
}

async function runNow(
  args: readonly string[],
  { cwd = process.cwd(), environment = {} }: Circumstances,
): Promise<Ending> {
  const { runCommandLine } = await import('#src/cli/program.js');
  const before = { folder: process.cwd(), environment: { ...process.env } };
  let [stdout, stderr] = ['', ''];
  try {
    process.chdir(cwd);
    setEnvironment({ ...hidden, ...environment });
    const { REVELA_DEBUG: debug = '', REVELA_OFFLINE: offline = '' } = process.env;
    const context = {
      stdout: { write: (text: string) => (stdout += text) },
      stderr: { write: (text: string) => (stderr += text) },
      colour: false,
      get modelFolder() {
        return defaultModelFolder();
      },
      offline: offline !== '',
      listenForStop: () => ({
        signal: new AbortController().signal,
        onRequest: () => {},
        beforeEnd: () => () => {},
      }),
    };
    const code = await runCommandLine(args, context, debug !== '');
    return { code, stdout, stderr };
  } finally {
    process.chdir(before.folder);
    const added = Object.keys(process.env).filter((name) => !(name in before.environment));
    setEnvironment({ ...Object.fromEntries(added.map((name) => [name, undefined])), ...before.environment });
  }
}

function setEnvironment(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

function runProcess(
  args: readonly (string | number)[],
  { cwd, environment = {}, stdout: file, wrapper = [], interrupt }: Circumstances,
): Promise<Ending> {
  const [first = process.execPath, ...rest] = [...wrapper, process.execPath, program, ...args.map(String)];
  return new Promise((resolve, reject) => {
    const child = spawn(first, rest, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...hidden, ...environment },
      stdio: ['ignore', file ?? 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (interrupt === undefined || child.killed || !stdout.includes(interrupt.at)) return;
      child.kill(interrupt.signal);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Expects success; gives the ending, for more. */
export async function expectSuccess(running: Promise<Ending>): Promise<Ending> {
  const ending = await running;
  expect(ending.stderr).not.toMatch(/^revela: /m);
  expect(ending.code).toBe(0);
  return ending;
}

/** Expects a refusal: nothing on standard output and one line that holds the words on standard error. */
export async function expectRefusal(
  running: Promise<Ending>,
  code: 1 | 2,
  ...words: readonly string[]
): Promise<void> {
  const ending = await running;
  for (const word of words) expect(ending.stderr).toContain(word);
  expect(ending.stderr).toMatch(/^revela: [^\n]+\n$/);
  expect(ending.stdout).toBe('');
  expect(ending.code).toBe(code);
}

/** The environment of a process in which a package is not installed. */
export function environmentWithout(name: string): Readonly<Record<string, string>> {
  const hooks = `export async function resolve(name, context, next) {
    if (name === '${name}') throw Object.assign(new Error('Cannot find package ${name}'), { code: 'ERR_MODULE_NOT_FOUND' });
    return next(name, context);
  }`;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hooks)}`)});`;
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(register)}` };
}

/** The objects of lines of JSON. */
export function jsonLines(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const value: unknown = JSON.parse(line);
      if (typeof value !== 'object' || value === null) expect.fail(`no object: ${line}`);
      return { ...value };
    });
}

/** A folder of its own for the tests of a file: `path('a.png')` is a file in it. */
export function temporaryFolder(): (...parts: readonly string[]) => string {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'revela-cli-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return (...parts) => join(folder, ...parts);
}

/** The names in a folder, hidden ones too, in order. */
export function namesIn(folder: string): readonly string[] {
  return readdirSync(folder).sort();
}

/** A noisy picture of soft shapes for sharp to encode: interleaved bands, the second or fourth being its alpha. */
export function photograph(width: number, height: number, bands: 1 | 2 | 3 | 4 = 3, bits: 8 | 16 = 8): Sharp {
  const random = createRandom(width, height, bands);
  const white = 2 ** bits - 1;
  const value = (i: number): number => {
    const [x, y, band] = [Math.floor(i / bands) % width, Math.floor(i / bands / width), i % bands];
    const light = 0.5 + 0.3 * Math.sin(x / 14 + band) * Math.cos(y / 11 - band) + 0.06 * random.normal();
    return Math.round(white * Math.min(1, Math.max(0, light)));
  };
  const values =
    bits === 8 ? new Uint8Array(width * height * bands) : new Uint16Array(width * height * bands);
  const space = bands < 3 ? (bits === 8 ? 'b-w' : 'grey16') : bits === 8 ? 'srgb' : 'rgb16';
  return sharp(
    values.map((_, i) => value(i)),
    { raw: { width, height, channels: bands } },
  ).toColourspace(space);
}

/** On one thread of the CPU, so that numbers can be compared. */
export const onCpu = ['--device', 'cpu', '--threads', 1] as const;

/** The cells of lines of comma-separated values in which no cell has a comma or a quote. */
export function csvRows(text: string): readonly (readonly string[])[] {
  return text
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
}

/** The lines of standard error that say what went wrong. */
export function complaintsIn(stderr: string): readonly string[] {
  return stderr.split('\n').filter((line) => line.startsWith('revela: '));
}

/** The smallest sensible network, for commands that learn. */
export const smallNetwork = ['--base-channels', 4, '--modules', 1, '--patch', 40] as const;

/**
 * Writes weights of such a network that were never trained: they turn pictures into patterns of their own, which differ
 * from pixel to pixel.
 */
export async function drawWeights(path: string, changes: { readonly value?: number } = {}): Promise<void> {
  const description = architectures['dbsnl']?.ofSize({ baseChannels: 4, modules: 1 });
  if (description === undefined) expect.fail('there is no dbsnl');
  const bias = Float32Array.of(0.4, changes.value ?? 0.5, 0.6);
  const parameters = {
    ...initialiseParameters(declareParameters(description.network, [1, 3, 64, 64]), 7),
    'tail.6.bias': { data: bias, shape: [3], dtype: 'float32' as const },
  };
  await saveDenoiserWeights(path, {
    method: 'sdap',
    description,
    parameters,
    record: { method: 'sdap', steps: 3, seconds: 65, seed: 1, pictures: 2 },
    licence: 'CC0-1.0',
  });
}
