import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const source = new URL('../src/', import.meta.url);
const call =
  /\b(?:inThread|muchInThread|batchesAside)\(\s*(?:new URL\('([^']+)', import\.meta\.url\)|(\w+)),\s*(\w+)/g;

/** What each file asks other threads for: a function of a module, which is found there by its name. */
const asked = readdirSync(source, { recursive: true, encoding: 'utf8' })
  // by-numbers asks for what it is given, in a room of which test/measures tries each measure.
  .filter((file) => file.endsWith('.ts') && !file.startsWith('platform') && file !== 'measures/by-numbers.ts')
  .flatMap((file) => {
    const text = readFileSync(new URL(file, source), 'utf8');
    return [...text.matchAll(call)].map(([, module, variable = '', name = '']) => {
      const path = module ?? new RegExp(`const ${variable} = new URL\\('([^']+)'`).exec(text)?.[1] ?? '';
      const built = new URL(`../dist/${file}`, import.meta.url);
      return { file, name, module: new URL(path, built).href };
    });
  });

test('there are such calls', () => {
  expect(asked.length).toBeGreaterThan(20);
});

test.each(asked)('$file finds $name in another thread', async ({ name, module }) => {
  const found: Readonly<Record<string, unknown>> = await import(module);
  expect(found[name]).toBeTypeOf('function');
});
