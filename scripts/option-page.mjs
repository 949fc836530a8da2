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
  const { read, expected, unit, choices } = declaration;
  if (read === undefined) return '';
  if (choices !== undefined) return choices.map((choice) => `\`${choice}\``).join(', ');
  return unit === undefined ? expected : `${expected}, in ${unit}`;
}

/** The row of an option. */
function rowOf(option, library) {
  const { flags, description, mandatory, declaration, defaultValue } = option;
  const said = defaultValue === undefined || typeof defaultValue === 'boolean' ? '' : String(defaultValue);
  const [, usual = said] = /\(default: ((?:[^()]|\([^()]*\))*)\)/.exec(description) ?? [];
  const needed = mandatory || /\(required/.test(description) ? 'required' : usual;
  const name = !library.has(declaration?.schema) ? '' : `\`${option.place}\``;
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

/** The page. */
export async function optionPage() {
  const { loadCommands } = await import(pathToFileURL(join(root, 'dist', 'cli', 'commands.js')).href);
  const groups = await import(pathToFileURL(join(root, 'dist', 'api', 'options.js')).href);
  // However a command tells of an option, its check is that of the library.
  const declared = Object.values(groups).flatMap((group) => Object.values(group));
  const library = new Set(declared.flatMap(({ schema = [] }) => schema));
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
