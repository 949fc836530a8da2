import { expect, test } from 'vitest';
import { createRuntime } from '#src/runtime/node/index.js';
import { knownAnswers } from '#src/runtime/known-answers.js';
import { answersOfDevice } from '#src/runtime/self-check.js';
import { enginePage } from './built-page.js';
import { pages } from './chromium.js';

const open = pages();
const built = enginePage();

type Answers = Readonly<Record<string, readonly number[]>>;

/** The largest difference of answers, as a share of their size. */
function error(answers: Answers, expected: Answers): number {
  const errors = Object.entries(expected).flatMap(([name, sums]) =>
    sums.map((sum, i) => Math.abs((answers[name]?.[i] ?? Number.NaN) - sum) / (sums.at(-1) ?? 1)),
  );
  return Math.max(...errors);
}

test('the known answers of the self-check are those of a processor', async () => {
  await using runtime = await createRuntime({ device: 'cpu', threads: 1 });
  expect(error(await answersOfDevice(runtime), knownAnswers)).toBeLessThan(1e-4);
});

test.for([
  { engine: 'webassembly', graphics: false, description: /^WebAssembly/ },
  { engine: 'webgpu', graphics: true, description: /^GPU \(WebGPU\)$/ },
] as const)(
  'a program gives in a page, by $engine, the numbers of Node',
  { timeout: 600_000 },
  async ({ engine, graphics, description }, context) => {
    const { page, check } = await open(context, built, { graphics });
    const call = `answers(${JSON.stringify(engine)}, 'engine/')`;
    const result: { answers: Answers; description: string } = await page.evaluate(call);
    expect(result.description).toMatch(description);
    await using runtime = await createRuntime({ device: 'cpu', threads: 1 });
    expect(error(result.answers, await answersOfDevice(runtime))).toBeLessThan(1e-5);
    check();
  },
);

test('WebAssembly that rests begins anew, and goes on as it is where there is no network', async (context) => {
  const { page, leaveAlone, check } = await open(context, built);
  await page.evaluate("begin('webassembly', 'engine/')");
  const answers = await page.evaluate('use()');
  const [first] = page.workers();
  if (first === undefined) throw new Error('the engine has no worker');
  await page.evaluate('rest()');
  await expect.poll(() => page.workers().includes(first)).toBe(false);
  expect(await page.evaluate('use()')).toEqual(answers);
  const others = page.workers();
  await leaveAlone();
  await page.evaluate('rest()');
  expect(await page.evaluate('use()')).toEqual(answers);
  expect(others.every((worker) => page.workers().includes(worker))).toBe(true);
  check();
}, 600_000);
