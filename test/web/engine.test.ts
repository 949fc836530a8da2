import { join } from 'node:path';
import { build, type InlineConfig } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import { createRuntime } from '#src/runtime/node/index.js';
import { knownAnswers } from '#src/runtime/known-answers.js';
import { answersOfDevice } from '#src/runtime/self-check.js';
import { temporaryFolder } from '../weights/files.js';
import { pages, root } from './chromium.js';

const path = temporaryFolder();
const open = pages();
const built = (): string => path('engine');

type Answers = Readonly<Record<string, readonly number[]>>;

/** The largest difference of answers, as a share of their size. */
function error(answers: Answers, expected: Answers): number {
  const errors = Object.entries(expected).flatMap(([name, sums]) =>
    sums.map((sum, i) => Math.abs((answers[name]?.[i] ?? Number.NaN) - sum) / (sums.at(-1) ?? 1)),
  );
  return Math.max(...errors);
}

beforeAll(async () => {
  const config: InlineConfig = {
    configFile: join(root, 'web', 'vite.config.mjs'),
    root: join(root, 'test', 'web', 'engine-page'),
    build: { outDir: built(), emptyOutDir: true },
    logLevel: 'warn',
  };
  await build(config);
}, 240_000);

test('the known answers of the self-check are those of a processor', async () => {
  await using runtime = await createRuntime({ device: 'cpu', threads: 1 });
  expect(error(await answersOfDevice(runtime), knownAnswers)).toBeLessThan(1e-4);
});

test.for([
  { engine: 'webassembly', graphics: false, description: /^WebAssembly/ },
  { engine: 'webgpu', graphics: true, description: /^GPU \(WebGPU\)$/ },
] as const)(
  'a program gives in a page, by $engine, the numbers of Node',
  { timeout: 300_000 },
  async ({ engine, graphics, description }, context) => {
    const { page, check } = await open(context, built(), { graphics });
    const call = `answers(${JSON.stringify(engine)}, 'engine/')`;
    const result: { answers: Answers; description: string } = await page.evaluate(call);
    expect(result.description).toMatch(description);
    await using runtime = await createRuntime({ device: 'cpu', threads: 1 });
    expect(error(result.answers, await answersOfDevice(runtime))).toBeLessThan(1e-5);
    check();
  },
);
