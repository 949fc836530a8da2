import { afterAll, expect, test } from 'vitest';
import { ofPages } from './example-modules.js';
import { exampleRunner } from './example-runner.js';
import { layOutPages, readyFor } from './page-world.js';

/** Examples of README and docs/ that are compiled and not run, by why not. */
const compiledOnly: Readonly<Record<string, readonly string[]>> = {
  'a page: run in a browser by test/web': ['docs/web.md 1', 'docs/web.md 2', 'docs/web.md 3'],
  'downloads: run against a server of its own by test/weights': ['docs/models.md 1'],
  'files that others publish, of which the store knows the SHA-256: run on small ones by test/measures': [
    'docs/compare.md 1',
  ],
  'a VGG19, which is large: run on small networks by test/runs': ['docs/sfd.md 1'],
};

/** Where pages learn for minutes, a step of a small patch is enough to see that it works; SDAP takes multiples of 5, others of 32. */
const sooner = (code: string): string =>
  code
    .replaceAll('minutes: 30', 'steps: 1, patch: 64, batch: 1') // a scorer
    .replaceAll(/minutes: \d+/g, 'steps: 1, patch: 32, batch: 1')
    .replaceAll(/steps: \d+_\d+/g, 'steps: 1, patch: 40, batch: 1')
    .replaceAll("preset: 'paper'", "preset: 'paper', steps: 1, patch: 40, batch: 1")
    .replaceAll("method: 'diagonal'", "method: 'diagonal', steps: 1, batch: 1");

const only = new Set(Object.values(compiledOnly).flat());
const run = ofPages.filter(({ name }) => !only.has(name));

const runner = exampleRunner('pages-run', layOutPages);
afterAll(() => runner.tidy());

test('nearly all examples are run, and the list of the others names none that is not there', () => {
  const there = new Set(ofPages.map(({ name }) => name));
  expect([...only].filter((name) => !there.has(name))).toEqual([]);
  expect(run.length).toBeGreaterThan(4 * only.size);
});

// What one example writes is there for the next of its page.
let page = '';
test.each(run.map((example) => [example.name, example] as const))('%s works', async (name, example) => {
  const [own = ''] = name.split(' ');
  if (own !== page) {
    await runner.tidy();
    await readyFor[own]?.();
    page = own;
  }
  await runner.run({ ...example, code: sooner(example.code) });
});
