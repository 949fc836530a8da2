// `npm run api-report`: writes api-report/, what each door of the package gives, as its declarations say; a test compares.
// A change of it is a change that users notice: it belongs into CHANGELOG.md.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A file of declarations without its comments, as its statements; the compiler starts each at the beginning of a line. */
function statementsOf(file) {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const starts = [...text.matchAll(/^(?:export|import|declare|interface|type|const|function|class)\b/gm)].map(
    ({ index }) => index,
  );
  return starts.map((start, i) =>
    text
      .slice(start, starts[i + 1])
      .split('\n')
      .map((line) => line.trimEnd())
      .filter((line) => line !== '')
      .join('\n'),
  );
}

const declares =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function|class|interface|type|const|enum) ([\w$]+)/;

const files = new Map();
const read = (file) => files.get(file) ?? files.set(file, statementsOf(file)).get(file);
const declarationFile = (from, target) => resolve(dirname(from), target.replace(/\.js$/, '.d.ts'));

/** What a module exports: by name, the declarations. */
function exportsOf(file, seen = new Set()) {
  if (seen.has(file)) return new Map();
  seen.add(file);
  const found = new Map();
  const add = (name, text) => found.set(name, [...(found.get(name) ?? []), text]);
  for (const statement of read(file)) {
    const [, all] = /^export \* from '([^']+)'/.exec(statement) ?? [];
    if (all?.startsWith('.'))
      for (const [name, texts] of exportsOf(declarationFile(file, all), seen))
        if (!found.has(name)) found.set(name, texts);
    const [, list, from] = /^export (?:type )?\{([^}]*)\}(?: from '([^']+)')?/.exec(statement) ?? [];
    if (list !== undefined && from?.startsWith('.')) {
      const theirs = exportsOf(declarationFile(file, from), new Set());
      for (const entry of list
        .split(',')
        .map((part) => part.trim().replace(/^type /, ''))
        .filter(Boolean)) {
        const [own, alias = own] = entry.split(' as ');
        found.set(alias, theirs.get(own) ?? [`export ${own}; // of ${from}`]);
      }
    }
    const [, name] = declares.exec(statement) ?? [];
    if (name !== undefined) add(name, statement);
  }
  return found;
}

/** The doors of the package by their names, and the text of the report of each. */
export function apiReports() {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const doors = Object.entries(exports).filter(([, target]) => typeof target === 'object');
  return new Map(
    doors.map(([door, { types }]) => {
      const found = [...exportsOf(join(root, types))].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      const name = door === '.' ? 'revela' : door.slice(2);
      const title = `// What ${door === '.' ? "'revela'" : `'revela/${name}'`} gives: ${found.length} names. Made by npm run api-report.\n`;
      return [name, `${title}\n${found.map(([, texts]) => texts.join('\n')).join('\n\n')}\n`];
    }),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  mkdirSync(join(root, 'api-report'), { recursive: true });
  for (const [name, text] of apiReports()) writeFileSync(join(root, 'api-report', `${name}.d.ts.txt`), text);
  console.log(`api-report: ${apiReports().size} doors`);
}
