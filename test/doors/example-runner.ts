import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Example, moduleOf, root } from './example-modules.js';

/** What a comment after an expression says it is, where that is a value by itself. */
function toldValue(code: string): unknown {
  const [, text = ''] = /^[^\n]*; \/\/ ((?:\[|\{|')[^\n]*|[\d.]+)$/.exec(code.trim()) ?? [];
  return text === '' ? undefined : new Function(`return ${text}`)();
}

const plain = (view: ArrayBufferView): readonly number[] => (view instanceof Float64Array ? [...view] : []);

/** Runs examples where the files lie that they speak of. */
export interface ExampleRunner {
  /** Runs one, and compares what it gives with what it says. */
  run(example: Example): Promise<void>;
  /** Removes what examples wrote, so that it is not there for the next. */
  tidy(): Promise<void>;
}

/**
 * A runner of examples for the tests of a file, in a folder of its own, which is the current one meanwhile.
 *
 * @param name of the folder in `build` for the modules that examples become
 * @param layOut puts what examples speak of into the current folder; gives what they are given
 */
export function exampleRunner(name: string, layOut: () => Promise<object>): ExampleRunner {
  const modules = join(root, 'build', name);
  const before = process.cwd();
  let folder = '';
  let given: object = {};
  let laidOut = new Set<string>();

  beforeAll(async () => {
    rmSync(modules, { recursive: true, force: true });
    mkdirSync(modules, { recursive: true });
    folder = await mkdtemp(join(tmpdir(), 'revela-examples-'));
    process.chdir(folder);
    given = await layOut();
    Object.assign(globalThis, { given });
    laidOut = new Set(await readdir('.', { recursive: true }));
  });
  afterAll(async () => {
    if ('close' in given && typeof given.close === 'function') await given.close();
    process.chdir(before);
    await rm(folder, { recursive: true, force: true });
  });

  return {
    async run(example) {
      const file = join(modules, `${example.name.replace(/\W+/g, '-')}.ts`);
      // An expression alone is what it is said to be, unless that depends on what is given.
      const isExpression = /^[\w$]+\(/.test(example.code) && !example.code.trim().includes('\n');
      const code = isExpression ? `return ${example.code}` : example.code;
      const text = moduleOf({ ...example, code }, true);
      writeFileSync(file, text);
      const { example: work }: { example: () => Promise<unknown> } = await import(/* @vite-ignore */ file);
      if (code.startsWith('throw ')) {
        await expect(work()).rejects.toThrow();
        return;
      }
      const result = await work();
      const depends = /globalThis\.given|readPicture/.test(text);
      const told = isExpression && !depends ? toldValue(example.code) : undefined;
      if (told !== undefined) expect(ArrayBuffer.isView(result) ? plain(result) : result).toEqual(told);
    },
    async tidy() {
      for (const name of await readdir(folder, { recursive: true }))
        if (!laidOut.has(name)) await rm(join(folder, name), { recursive: true, force: true });
    },
  };
}
