import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const dataOf = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

/**
 * One line in one file for each: options that there are not, of denoising, of a training and of the arithmetic of measures (a number, a
 * choice and a switch), beside those that there are.
 */
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
  {
    file: '/quality/arithmetic-options.js',
    before: 'resamples: whole(',
    line: "fluffWidth: number({ above: 0, to: 2, default: 1, words: 'how wide the fluff is' }),",
  },
  {
    file: '/quality/arithmetic-options.js',
    before: 'window: choice(',
    line: "fluffKind: choice(['down', 'lint'], { default: 'lint', words: 'which fluff there is' }),",
  },
  {
    file: '/quality/arithmetic-options.js',
    before: 'eightBit: flag(',
    line: "fluffy: flag({ words: 'count the fluff', usual: 'where there is some' }),",
  },
];
const hooks = `
  export async function load(url, context, next) {
    const loaded = await next(url, context);
    const found = ${JSON.stringify(declarations)}.filter(({ file }) => url.endsWith(file));
    if (found.length === 0) return loaded;
    const withLine = (source, { before, line }) => source.replace(before, () => line + before);
    return { ...loaded, source: found.reduce(withLine, String(loaded.source)) };
  }`;
const listening = dataOf(
  `import { register } from 'node:module'; register(${JSON.stringify(dataOf(hooks))});`,
);

/** What the package says once that line is there. */
const questions = `
  import { denoise, openDenoiser, evaluateDenoiser, evaluateQuality, trainUpscaler } from './dist/index.js';
  import { removalOptions } from './dist/apply/options.js';
  import { runCommandLine } from './dist/cli/program.js';
  import { agreement, psnr, ssim } from './dist/doors/quality.js';
  import { settled } from './dist/options/index.js';
  import { agreementOptions } from './dist/quality/options.js';
  import { typedOptions } from './dist/report/options.js';
  import { trainUpscalerOptions } from './dist/runs/options.js';
  import { optionPage } from './scripts/option-page.mjs';
  const grey = { width: 16, height: 16, channels: 1, data: new Float32Array(256) };
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
    arithmetic: [
      ...(await Promise.all([
        lineOf(() => agreement([1, 2], [1, 2], { fluffWidth: 0 })),
        lineOf(() => ssim(grey, grey, { fluffKind: 'wool' })),
        lineOf(() => psnr(grey, grey, { fluffy: 'yes' })),
        lineOf(() => psnr(grey, grey, { fluffy: false, fluff: 1 })),
        lineOf(() => evaluateQuality({ scores: 'a.csv', images: 'b', fluffWidth: 3 })),
      ])),
      ...(await Promise.all([
        revela('evaluate', 'quality', '--help'),
        revela('evaluate', 'quality', 'a.csv', 'b', '--fluff-width', '3'),
      ])).map(([, text]) => text),
      settled(agreementOptions, {}).fluffWidth,
    ],
    page: await optionPage(),
  }));`;

interface Answers {
  readonly lines: readonly string[];
  readonly helps: readonly (readonly [number, string])[];
  readonly typed: readonly (readonly [number, string])[];
  readonly settled: Readonly<Record<string, unknown>>;
  readonly training: readonly unknown[];
  readonly arithmetic: readonly unknown[];
  readonly page: string;
}

test('an option is declared in one place: check, default, flag, help and page come from it', async () => {
  const child = spawn(process.execPath, ['--import', listening, '--input-type=module', '--eval', questions], {
    cwd: fileURLToPath(root),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const answers: Answers = JSON.parse(await text(child.stdout));
  const { lines, helps, typed, settled, training, arithmetic, page } = answers;
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
  expect(arithmetic).toEqual([
    '`fluffWidth` must be a number above 0, at most 2, got 0',
    '`fluffKind` must be one of down, lint, got wool',
    '`fluffy` must be true or false, got yes',
    'psnr has no option "fluff"; it has fluffy, eightBit',
    '`fluffWidth` must be a number above 0, at most 2, got 3',
    expect.stringMatching(/--fluff-width <N> +how wide the fluff is \(default: 1\)/),
    expect.stringContaining('Expected a number above 0, at most 2'),
    1,
  ]);
  const row =
    '| `--fluff-colour <N>` | `fluffColour` | a number from 0 to 9 | 4 | how much fluff to remove |\n';
  expect(page.split(row)).toHaveLength(4); // of denoise, of evaluate denoiser and of fleet submit
  const trained =
    '| `--fluff-depth <N>` | `fluffDepth` | a whole number from 1 to 9 | 3 | how deep the fluff is |\n';
  expect(page.split(trained)).toHaveLength(2);
  const measured = [
    '| `--fluff-width <N>` | `fluffWidth` | a number above 0, at most 2 | 1 | how wide the fluff is |\n',
    '| `fluffWidth` | a number above 0, at most 2 | 1 | how wide the fluff is |\n',
    '| `fluffKind` | `down`, `lint` | lint | which fluff there is |\n',
    '| `fluffy` | true or false | where there is some | count the fluff |\n',
  ];
  for (const one of measured) expect(page.split(`\n${one}`)).toHaveLength(2);

  // Without those lines the page is the one in docs/, which `npm run option-page` writes.
  const stored = readFileSync(new URL('docs/options.md', root), 'utf8');
  const others = measured.reduce((so, one) => so.replace(`\n${one}`, '\n'), page);
  expect(others.replaceAll(row, '').replace(trained, '')).toBe(stored);
});
