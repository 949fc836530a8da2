import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const dataOf = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

/** One line in one file for each: options that there are not, of denoising and of a training, beside those that there are. */
const declarations = [
  {
    file: '/apply/removal-options.js',
    before: 'strength: number(',
    line: "fluffColour: number({ from: 0, to: 9, default: 4, words: 'how much fluff to remove' }),",
  },
  {
    file: '/runs/upscaler/upscaler-options.js',
    before: 'leaveOutNoisy: flag(',
    line: "fluffDepth: whole({ from: 1, to: 9, default: 3, words: 'how deep the fluff is' }),",
  },
];
const hooks = `
  export async function load(url, context, next) {
    const loaded = await next(url, context);
    const found = ${JSON.stringify(declarations)}.find(({ file }) => url.endsWith(file));
    if (found === undefined) return loaded;
    return { ...loaded, source: String(loaded.source).replace(found.before, () => found.line + found.before) };
  }`;
const listening = dataOf(
  `import { register } from 'node:module'; register(${JSON.stringify(dataOf(hooks))});`,
);

/** What the package says once that line is there. */
const questions = `
  import { denoise, openDenoiser, evaluateDenoiser, trainUpscaler } from './dist/index.js';
  import { removalOptions } from './dist/apply/options.js';
  import { runCommandLine } from './dist/cli/program.js';
  import { settled } from './dist/options/index.js';
  import { typedOptions } from './dist/report/options.js';
  import { trainUpscalerOptions } from './dist/runs/options.js';
  import { optionPage } from './scripts/option-page.mjs';
  const lineOf = (work) => Promise.resolve().then(work).catch((error) => error.message);
  const revela = async (...args) => {
    let text = '';
    const stream = { write: (part) => (text += part) };
    const context = { stdout: stream, stderr: stream, colour: false, offline: true, modelFolder: '.', listenForStop() {} };
    return [await runCommandLine(args, context, false), text];
  };
  console.log(JSON.stringify({
    lines: await Promise.all([
      lineOf(() => denoise('a.png', { fluffColour: 10 })),
      lineOf(() => openDenoiser({ fluffColor: -1 })),
      lineOf(() => evaluateDenoiser({ pairs: [], fluffColour: 'a' })),
    ]),
    helps: await Promise.all([revela('denoise', '--help'), revela('evaluate', 'denoiser', '--help')]),
    typed: await Promise.all(['--fluff-colour', '--fluff-color'].map((flag) => revela('denoise', 'a.png', flag, '11'))),
    settled: settled(removalOptions, {}),
    training: [
      await lineOf(() => trainUpscaler({ fluffDepth: 10 })),
      ...(await Promise.all([
        revela('train', 'upscaler', '--help'),
        revela('train', 'upscaler', 'a.png', '--fluff-depth', '1.5'),
        revela('train', 'upscaler', '--resume', 'run', '--fluff-depth', '2'),
      ])).map(([, text]) => text),
      settled(trainUpscalerOptions, {}).fluffDepth,
      typedOptions({ fluffDepth: 5 }, trainUpscalerOptions),
    ],
    page: await optionPage(),
  }));`;

interface Answers {
  readonly lines: readonly string[];
  readonly helps: readonly (readonly [number, string])[];
  readonly typed: readonly (readonly [number, string])[];
  readonly settled: Readonly<Record<string, unknown>>;
  readonly training: readonly unknown[];
  readonly page: string;
}

test('an option is declared in one place: check, default, flag, help and page come from it', async () => {
  const child = spawn(process.execPath, ['--import', listening, '--input-type=module', '--eval', questions], {
    cwd: fileURLToPath(root),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { lines, helps, typed, settled, training, page }: Answers = JSON.parse(await text(child.stdout));
  expect(lines).toEqual([
    '`fluffColour` must be a number from 0 to 9, got 10',
    '`fluffColor` must be a number from 0 to 9, got -1',
    '`fluffColour` must be a number from 0 to 9, got a',
  ]);
  for (const [code, help] of helps) {
    expect(code).toBe(0);
    expect(help).toMatch(/--fluff-colour <N> +how much fluff to remove \(default: 4\)/);
    expect(help).not.toContain('--fluff-color ');
  }
  for (const [code, line] of typed)
    expect([code, line]).toEqual([2, expect.stringContaining('Expected a number from 0 to 9')]);
  expect(settled).toMatchObject({ fluffColour: 4, luma: 100 });
  expect(training).toEqual([
    '`fluffDepth` must be a whole number from 1 to 9, got 10',
    expect.stringMatching(/--fluff-depth <N> +how deep the fluff is \(default: 3\)/),
    expect.stringContaining('Expected a whole number from 1 to 9'),
    expect.stringContaining('leave out --fluff-depth; only --steps'),
    3,
    ['--fluff-depth 5'],
  ]);
  const row =
    '| `--fluff-colour <N>` | `fluffColour` | a number from 0 to 9 | 4 | how much fluff to remove |\n';
  expect(page.split(row)).toHaveLength(4); // of denoise, of evaluate denoiser and of fleet submit
  const trained =
    '| `--fluff-depth <N>` | `fluffDepth` | a whole number from 1 to 9 | 3 | how deep the fluff is |\n';
  expect(page.split(trained)).toHaveLength(2);

  // Without those lines the page is the one in docs/, which `npm run option-page` writes.
  const stored = readFileSync(new URL('docs/options.md', root), 'utf8');
  expect(page.replaceAll(row, '').replace(trained, '')).toBe(stored);
});
