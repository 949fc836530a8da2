// `npm run api-report`: writes api-report/, what each door of the package gives, as its declarations say; a test compares.
// A change of it is a change that users notice: it belongs into CHANGELOG.md.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * The statements of a file of declarations, without comments, and the comment that each has; the compiler starts each at the
 * beginning of a line.
 */
function statementsOf(file) {
  const commented = readFileSync(file, 'utf8');
  const text = commented.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  const starts = [...text.matchAll(/^(?:export|import|declare|interface|type|const|function|class)\b/gm)].map(
    ({ index }) => index,
  );
  return starts.map((start, i) => ({
    text: text
      .slice(start, starts[i + 1])
      .split('\n')
      .map((line) => line.trimEnd())
      .filter((line) => line !== '')
      .join('\n'),
    comment: /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.exec(commented.slice(starts[i - 1] ?? 0, start))?.[0] ?? '',
  }));
}

const declares =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function|class|interface|type|const|enum) ([\w$]+)/;

/** Of a list of types, the first: `a | b` of `a | b, c, "optional">`. */
function firstType(text) {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if ('<({['.includes(text[i])) depth++;
    else if ('>)}]'.includes(text[i]) && text[i - 1] !== '=') depth--;
    else if (text[i] === ',' && depth === 0) return text.slice(0, i);
  }
  return text;
}

/** A group of declared options as the fields that programs give; `undefined` where it is none of these statements. */
function fieldsOf(group, statements) {
  const start = new RegExp(`^(?:export )?declare const ${group}: \\{`);
  const declaration = statements.find((one) => start.test(one));
  const entry = /^ {4}(?:readonly )?(\w+): (?:import\("[^"]+"\)\.)?Option<([\s\S]*?)>;$/gm;
  if (declaration === undefined) return undefined;
  return [...declaration.matchAll(entry)].map(([, name, types]) => {
    const value = firstType(types).replace(/import\("[^"]+"\)\./g, '');
    return `    readonly ${name}${types.endsWith('"required"') ? '' : '?'}: ${value};\n`;
  });
}

/** The statements, in which options stand as what programs give, in place of their declarations. */
function withOptions(statements) {
  const mention = /(, | extends )?OptionsOf<typeof (\w+)>/g;
  return statements.map((statement) => {
    const found = [...statement.matchAll(mention)].flatMap(([, , group]) => [
      ...(fieldsOf(group, statements) ?? []),
    ]);
    if (found.length === 0) return statement;
    const isType = statement.startsWith('export type');
    const rest = isType
      ? statement.replace(/OptionsOf<.*$/s, '{\n};')
      : statement.replace(mention, (whole, before, group) =>
          fieldsOf(group, statements) === undefined ? whole : before === ' extends ' ? ' extends ' : '',
        );
    const tidy = rest.replace('extends , ', 'extends ').replace(/extends +\{/, '{');
    const brace = tidy.indexOf('{') + 1;
    return `${tidy.slice(0, brace)}\n${found.join('')}${tidy.slice(brace).trimStart()}`;
  });
}

const files = new Map();

function read(file) {
  if (!files.has(file)) {
    const statements = statementsOf(file);
    const texts = withOptions(statements.map(({ text }) => text));
    files.set(
      file,
      statements.map(({ comment }, i) => ({ comment, text: texts[i] })),
    );
  }
  return files.get(file);
}

const declarationFile = (from, target) => resolve(dirname(from), target.replace(/\.js$/, '.d.ts'));

/** What a module exports: by name, the declarations, with their comments. */
function exportsOf(file, seen = new Set()) {
  if (seen.has(file)) return new Map();
  seen.add(file);
  const found = new Map();
  const add = (name, declared) => found.set(name, [...(found.get(name) ?? []), declared]);
  for (const declared of read(file)) {
    const { text: statement } = declared;
    const [, all] = /^export \* from '([^']+)'/.exec(statement) ?? [];
    if (all?.startsWith('.'))
      for (const [name, theirs] of exportsOf(declarationFile(file, all), seen))
        if (!found.has(name)) found.set(name, theirs);
    const [, list, from] = /^export (?:type )?\{([^}]*)\}(?: from '([^']+)')?/.exec(statement) ?? [];
    if (list !== undefined && from?.startsWith('.')) {
      const theirs = exportsOf(declarationFile(file, from), new Set());
      for (const entry of list
        .split(',')
        .map((part) => part.trim().replace(/^type /, ''))
        .filter(Boolean)) {
        const [own, alias = own] = entry.split(' as ');
        found.set(alias, theirs.get(own) ?? [{ text: `export ${own}; // of ${from}`, comment: '' }]);
      }
    }
    const [, name] = declares.exec(statement) ?? [];
    if (name !== undefined) add(name, declared);
  }
  return found;
}

/** What each door of the package gives, by what it is imported by: by name, the declarations, with their comments. */
export function doorExports() {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const doors = Object.entries(exports).filter(([, target]) => typeof target === 'object');
  return new Map(
    doors.map(([door, { types }]) => {
      const found = [...exportsOf(join(root, types))].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      return [`revela${door.slice(1)}`, new Map(found)];
    }),
  );
}

/** The doors of the package by their names, and the text of the report of each. */
export function apiReports() {
  return new Map(
    [...doorExports()].map(([door, found]) => {
      const title = `// What '${door}' gives: ${found.size} names. Made by npm run api-report.\n`;
      const texts = [...found.values()].map((declared) => declared.map(({ text }) => text).join('\n'));
      return [door.replace('revela/', ''), `${title}\n${texts.join('\n\n')}\n`];
    }),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  mkdirSync(join(root, 'api-report'), { recursive: true });
  for (const [name, text] of apiReports()) writeFileSync(join(root, 'api-report', `${name}.d.ts.txt`), text);
  console.log(`api-report: ${apiReports().size} doors`);
}
