import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { given } from './given.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the script that reads declarations exports; it is JavaScript. */
interface Reporter {
  doorExports(): ReadonlyMap<
    string,
    ReadonlyMap<string, readonly { readonly text: string; readonly comment: string }[]>
  >;
}
const address: string = new URL('../../scripts/api-report.mjs', import.meta.url).href;
const { doorExports }: Reporter = await import(address);
const doors = doorExports();

/** An example of the documentation. */
interface Example {
  /** The name of a file for it. */
  readonly name: string;
  /** Where names come from first that it does not declare. */
  readonly door: string;
  readonly code: string;
  /** What it takes as given, the last first: see `given`. */
  readonly given: readonly string[];
}

/** What a comment has as its example. */
function exampleIn(comment: string): string | undefined {
  const text = comment.replace(/^[ \t]*\*(?: |\/$|$)?/gm, '').replace(/\*\/\s*$/, '');
  return /@example\s*\n([\s\S]*?)(?=^@\w|$(?![\s\S]))/m.exec(text)?.[1];
}

const ofComments: readonly Example[] = [...doors].flatMap(([door, names]) =>
  [...names].flatMap(([name, declared]) =>
    declared.flatMap(({ comment }, i) => {
      const code = exampleIn(comment);
      return code === undefined ? [] : [{ name: `${door} ${name} ${i}`, door, code, given: [door] }];
    }),
  ),
);

/** A file by itself, such as a plug-in, is tried where it is described. */
const isFile = (code: string): boolean => /^export default/m.test(code);

const pages = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];
const ofPages: readonly Example[] = pages
  .filter((page) => page.endsWith('.md'))
  .flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/^```(?:ts|js)\n([\s\S]*?)^```/gm)].map(
      ([, code = ''], i) => ({ name: `${page} ${i + 1}`, door: 'revela', code, given: ['docs', page] }),
    ),
  )
  .filter(({ code }) => !isFile(code));

/** One example a module, in which what it speaks of is imported, or given. */
function moduleOf({ door, code, given: places }: Example): string {
  const imports = code.match(/^import [\s\S]*?;$/gm) ?? [];
  const body = code.replace(/^import [\s\S]*?;$/gm, '');
  const imported = new Set(imports.join(' ').match(/[\w$]+/g));
  const spoken = new Set(body.replace(/'[^'\n]*'|\.{3}/g, ' ').match(/(?<![\w$.])[A-Za-z_$][\w$]*/g));
  const types = new Map(
    places.flatMap((place) =>
      Object.entries(given[place] ?? {}).flatMap(([names, type]) =>
        names.split(' ').map((name) => [name, type] as const),
      ),
    ),
  );
  const lines = [...spoken].flatMap((name) => {
    if (imported.has(name)) return [];
    const own = doors.get(door)?.has(name) ? door : undefined;
    const type = types.get(name);
    if (own === undefined && type !== undefined) return [`declare const ${name}: ${type};`];
    const from = own ?? [...doors].find(([, names]) => names.has(name))?.[0];
    return from === undefined ? [] : [`import { ${name} } from '${from}';`];
  });
  // An example may return, as from a function of a server.
  return `${[...imports, ...lines].join('\n')}\nexport async function example(): Promise<unknown> {\n${body}\nreturn;\n}\n`;
}

test('there are examples', () => {
  expect(ofComments.length).toBeGreaterThan(150);
  expect(ofPages.length).toBeGreaterThan(25);
});

test('every example of a comment and of a page compiles', () => {
  const folder = join(root, 'build', 'examples');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = new Map<string, string>();
  for (const example of [...ofComments, ...ofPages]) {
    const file = `${example.name.replace(/\W+/g, '-')}.ts`;
    files.set(file, example.name);
    writeFileSync(join(folder, file), moduleOf(example));
  }
  // As strict as a project of one's own is that says so, and no more.
  const compilerOptions = {
    ...{ target: 'ES2022', module: 'NodeNext', strict: true, noEmit: true, skipLibCheck: true },
    ...{ types: ['node'], lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'] },
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], {
    encoding: 'utf8',
    cwd: folder,
  });
  const told = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^([^(]+\.ts)\(/, (_, file: string) => `${files.get(file) ?? file}: (`));
  expect(told).toEqual([]);
});

/** Of operators and layers the name and the types say most. */
const spare: ReadonlySet<string> = new Set(['revela/engine', 'revela/networks']);

test.each([...doors])('what %s gives has comments, and its functions have examples', (door, names) => {
  const lacking = [...names].flatMap(([name, declared]) => {
    if (declared.every(({ comment }) => comment === '')) return [name];
    const isFunction = declared.some(({ text }) => /^export declare function /.test(text));
    const has = declared.some(({ comment }) => exampleIn(comment) !== undefined);
    return isFunction && !has && !spare.has(door) ? [`${name}: no example`] : [];
  });
  expect(lacking).toEqual([]);
});
