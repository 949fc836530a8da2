// `npm run option-page`: writes docs/options.md, every option of every command, as it was declared; a test compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const silent = { write() {} };
const context = { stdout: silent, stderr: silent, colour: false, offline: true, modelFolder: '.' };

/** A text in a cell of a table; what stands in backquotes already is code. */
const cell = (text) =>
  (text.startsWith('`') ? text : text.replaceAll('<', '\\<')).replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A description without what stands in a column of its own. */
const withoutDefault = (text) => text.replace(/ \((?:default: (?:[^()]|\([^()]*\))*|required)\)/, '');

/** What an option takes: its bounds and unit, or what can be chosen; nothing for a switch. */
function valuesOf({ declaration, flags }) {
  if (declaration === undefined) return /[<[]([^>\]]*)[>\]]/.exec(flags)?.[1] ?? '';
  return declaration.read === undefined ? '' : takenBy(declaration);
}

function takenBy({ expected, unit, choices }) {
  if (choices !== undefined) return choices.map((choice) => `\`${choice}\``).join(', ');
  return unit === undefined ? expected : `${expected}, in ${unit}`;
}

/** The row of an option. */
function rowOf(option, library) {
  const { flags, description, mandatory, declaration, defaultValue } = option;
  const said = defaultValue === undefined || typeof defaultValue === 'boolean' ? '' : String(defaultValue);
  const [, usual = said] = /\(default: ((?:[^()]|\([^()]*\))*)\)/.exec(description) ?? [];
  const needed = mandatory || /\(required/.test(description) ? 'required' : usual;
  const name = !library.has(declaration?.fits) ? '' : `\`${option.place}\``;
  const cells = [`\`${flags}\``, name, valuesOf(option), needed, withoutDefault(description)];
  return `| ${cells.map(cell).join(' | ')} |`;
}

/** A command, and those below it, each with its table. */
function sectionsOf(command, path, library) {
  const shown = command.options.filter(({ hidden }) => !hidden);
  const head = '| flag | in TypeScript | takes | default | what it is for |\n|---|---|---|---|---|';
  const own =
    shown.length === 0
      ? []
      : [
          `## ${path}\n\n${command.description()}\n\n${head}\n${shown.map((option) => rowOf(option, library)).join('\n')}\n`,
        ];
  return [
    ...own,
    ...command.commands.flatMap((child) => sectionsOf(child, `${path} ${child.name()}`, library)),
  ];
}

/** The functions of pictures and numbers that no command has, each with its table; `usualOf` tells what is usual. */
function functionSection(groups, doors, usualOf) {
  const head = '| option | takes | default | what it is for |\n|---|---|---|---|';
  const tables = Object.entries(groups)
    .map(([name, group]) => [name.replace(/Options$/, ''), group])
    .filter(([name]) => typeof doors[name] === 'function')
    .map(([name, group]) => {
      const rows = Object.entries(group).map(([key, option]) =>
        [`\`${key}\``, takenBy(option), usualOf(option) ?? '', option.words].map(cell).join(' | '),
      );
      return `### ${name}\n\n${head}\n${rows.map((row) => `| ${row} |`).join('\n')}\n`;
    });
  return [
    '## Functions of pictures and numbers\n\nFor programs alone; `lpips` has those of `compare` too. See [quality-reference.md](quality-reference.md).\n',
    ...tables,
  ];
}

/** The page. */
export async function optionPage() {
  const ofDist = (...path) => import(pathToFileURL(join(root, 'dist', ...path)).href);
  const { loadCommands } = await ofDist('cli', 'commands.js');
  const groups = await ofDist('api', 'options.js');
  // However a command tells of an option, its check is that of the library.
  const declared = Object.values(groups).flatMap((group) => Object.values(group));
  const library = new Set(declared.map(({ fits }) => fits));
  const names = (await loadCommands([], context, () => {})).map((command) => command.name());
  const sections = [];
  for (const name of names) {
    const commands = await loadCommands([name], context, () => {});
    sections.push(
      ...sectionsOf(
        commands.find((command) => command.name() === name),
        `revela ${name}`,
        library,
      ),
    );
  }
  const { usualOf } = await ofDist('cli', 'options', 'add-options.js');
  const arithmetic = await ofDist('quality', 'arithmetic-options.js');
  const doors = { ...(await ofDist('index.js')), ...(await ofDist('doors', 'quality.js')) };
  sections.push(...functionSection(arithmetic, doors, usualOf));
  const head = `# Every option

Made by \`npm run option-page\` from the declarations of the options; \`revela COMMAND --help\` says the same. American spellings
(\`--optimizer\`, \`license\`, \`--no-standardize\`) are accepted beside the British ones. Functions of the library take what stands under *in TypeScript*
(the verbs their own, \`writePicture\` and \`findPictures\` what is about files);
where that column is empty for a whole command, see [library.md](library.md).
`;
  return [head, ...sections].join('\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = join(root, 'docs', 'options.md');
  const page = await optionPage();
  const before = readFileSync(file, { encoding: 'utf8', flag: 'a+' });
  writeFileSync(file, page);
  console.log(`option-page: ${before === page ? 'as it was' : 'written'}`);
}
