import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const dataOf = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

/** One line in one file: an option that there is not, beside the first of those that say how much noise is removed. */
const declaration = "fluffColour: number({ from: 0, to: 9, default: 4, words: 'how much fluff to remove' }),";
const hooks = `
  export async function load(url, context, next) {
    const loaded = await next(url, context);
    if (!url.endsWith('/apply/removal-options.js')) return loaded;
    const source = String(loaded.source).replace(/(?=strength: number\\()/, () => ${JSON.stringify(declaration)});
    return { ...loaded, source };
  }`;
const listening = dataOf(
  `import { register } from 'node:module'; register(${JSON.stringify(dataOf(hooks))});`,
);

/** What the package says once that line is there. */
const questions = `
  import { denoise, openDenoiser, evaluateDenoiser } from './dist/index.js';
  import { removalOptions } from './dist/apply/options.js';
  import { runCommandLine } from './dist/cli/program.js';
  import { settled } from './dist/options/index.js';
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
    page: await optionPage(),
  }));`;

interface Answers {
  readonly lines: readonly string[];
  readonly helps: readonly (readonly [number, string])[];
  readonly typed: readonly (readonly [number, string])[];
  readonly settled: Readonly<Record<string, unknown>>;
  readonly page: string;
}

test('an option is declared in one place: check, default, flag, help and page come from it', async () => {
  const child = spawn(process.execPath, ['--import', listening, '--input-type=module', '--eval', questions], {
    cwd: fileURLToPath(root),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { lines, helps, typed, settled, page }: Answers = JSON.parse(await text(child.stdout));
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
  const row =
    '| `--fluff-colour <N>` | `fluffColour` | a number from 0 to 9 | 4 | how much fluff to remove |\n';
  expect(page.split(row)).toHaveLength(4); // of denoise, of evaluate denoiser and of fleet submit

  // Without that line the page is the one in docs/, which `npm run option-page` writes.
  const stored = readFileSync(new URL('docs/options.md', root), 'utf8');
  expect(page.replaceAll(row, '')).toBe(stored);
});
