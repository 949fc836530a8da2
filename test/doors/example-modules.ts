import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { given } from './given.js';

/** The folder of the package. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the script that reads declarations exports; it is JavaScript. */
interface Reporter {
  doorExports(): ReadonlyMap<
    string,
    ReadonlyMap<string, readonly { readonly text: string; readonly comment: string }[]>
  >;
}
const address: string = new URL('../../scripts/api-report.mjs', import.meta.url).href;
const { doorExports }: Reporter = await import(address);
/** What each door of the package gives, by name. */
export const doors = doorExports();

/** An example of the documentation. */
export interface Example {
  /** The name of a file for it. */
  readonly name: string;
  /** Where names come from first that it does not declare. */
  readonly door: string;
  readonly code: string;
  /** What it takes as given, the last first: see `given`. */
  readonly given: readonly string[];
}

/** What a comment has as its example. */
export function exampleIn(comment: string): string | undefined {
  const text = comment.replace(/^[ \t]*\*(?: |\/$|$)?/gm, '').replace(/\*\/\s*$/, '');
  return /@example\s*\n([\s\S]*?)(?=^@\w|$(?![\s\S]))/m.exec(text)?.[1];
}

/** Those of comments on what the doors give. */
export const ofComments: readonly Example[] = [...doors].flatMap(([door, names]) =>
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
/** Those of README and docs/. */
export const ofPages: readonly Example[] = pages
  .filter((page) => page.endsWith('.md'))
  .flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/^```(?:ts|js)\n([\s\S]*?)^```/gm)].map(
      ([, code = ''], i) => ({ name: `${page} ${i + 1}`, door: 'revela', code, given: ['docs', page] }),
    ),
  )
  .filter(({ code }) => !isFile(code));

/**
 * One example a module, in which what it speaks of is imported, or given.
 *
 * @param runs whether it is run, with what is given as fields of an object; otherwise it is compiled alone
 */
export function moduleOf({ door, code, given: places }: Example, runs = false): string {
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
    if (own === undefined && type !== undefined)
      return [runs ? `const { ${name} } = globalThis.given;` : `declare const ${name}: ${type};`];
    const from = own ?? [...doors].find(([, names]) => names.has(name))?.[0];
    return from === undefined ? [] : [`import { ${name} } from '${from}';`];
  });
  // An example may return, as from a function of a server.
  return `${[...imports, ...lines].join('\n')}\nexport async function example(): Promise<unknown> {\n${body}\nreturn;\n}\n`;
}
