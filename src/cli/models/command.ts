import { Command } from 'commander';
import { wholeNumber } from '../options/numbers.js';
import { addJsonOption, addOption } from '../options/options.js';

/** The options of every command of `revela models` as typed. */
export interface ModelsFlags {
  readonly folder?: string;
  readonly list?: string;
  readonly json?: boolean;
}

export interface PullFlags extends ModelsFlags {
  readonly offline?: boolean;
  readonly retries?: number;
  readonly unverified?: boolean;
}

export interface AddFlags extends ModelsFlags {
  readonly name?: string;
  readonly copy?: boolean;
  readonly overwrite?: boolean;
}

/** What the commands of `revela models` do. */
export interface ModelsActions {
  list(flags: ModelsFlags): Promise<void>;
  pull(names: readonly string[], flags: PullFlags): Promise<void>;
  add(file: string, flags: AddFlags): Promise<void>;
  remove(names: readonly string[], flags: ModelsFlags): Promise<void>;
}

/** `revela models`: its commands and their options, not their work. */
export function modelsCommand({ list, pull, add, remove }: ModelsActions): Command {
  const models = new Command('models').description(
    'Lists, downloads and registers weights that others published, such as CLIP. They are kept in one folder and are then known by their names, as in --clip RN50.',
  );
  models.addCommand(
    withStoreOptions(new Command('list'))
      .description(
        'Lists the models that can be pulled and those that were registered: source, licence, size, SHA-256 and what is there of them. What is not known is called unknown. Uses no network.',
      )
      .addHelpText('after', examples('revela models', 'revela models list --json'))
      .action(list),
    { isDefault: true },
  );
  models.addCommand(pullCommand(pull));
  models.addCommand(addCommand(add));
  models.addCommand(
    withStoreOptions(new Command('remove'))
      .description(
        'Removes models from the folder, and what came of interrupted downloads. A file that was registered where it lies stays there.',
      )
      .argument('<NAME...>', 'names of models that are there')
      .addHelpText('after', examples('revela models remove RN50'))
      .action(remove),
  );
  return models.addHelpText(
    'after',
    examples('revela models', 'revela models pull RN50 vgg19', 'revela models add RN50.pt --name RN50'),
  );
}

function pullCommand(pull: ModelsActions['pull']): Command {
  const command = new Command('pull')
    .description(
      'Downloads models and checks them by SHA-256. A download that was interrupted, by Ctrl-C too, goes on where it ended; a wrong file is not kept.',
    )
    .argument('<NAME...>', 'names that revela models lists');
  addOption(
    command,
    '--offline',
    'download nothing, only check that the models are there (default: download, unless REVELA_OFFLINE is set)',
  );
  addOption(
    command,
    '--unverified',
    'take models of which no SHA-256 is known, as they come (default: refuse them)',
  );
  addOption(command, '--retries <N>', 'how often a download that breaks off is taken up again (default: 4)', {
    parse: wholeNumber(0, 1000),
  });
  return withStoreOptions(command)
    .addHelpText('after', examples('revela models pull RN50', 'revela models pull RN50 --list mirror.json'))
    .action(pull);
}

function addCommand(add: ModelsActions['add']): Command {
  const command = new Command('add')
    .description(
      'Registers a local file under a name. Under the name of a listed model it must be that file, by its SHA-256 and size.',
    )
    .argument('<FILE>', 'the weights; they stay where they are, unless --copy is given');
  addOption(
    command,
    '--name <NAME>',
    'what to call it (default: the listed model that it is by its hash, otherwise its own name without the extension)',
  );
  addOption(command, '--copy', 'copy the file into the folder (default: keep it where it is)');
  addOption(command, '--overwrite', 'replace a model of that name (default: refuse)');
  return withStoreOptions(command)
    .addHelpText(
      'after',
      examples('revela models add ~/Downloads/RN50.pt', 'revela models add encoder.pt --name ours --copy'),
    )
    .action(add);
}

function withStoreOptions(command: Command): Command {
  addOption(
    command,
    '--folder <FOLDER>',
    "where models are kept (default: REVELA_MODELS, otherwise revela/models in the system's folder for caches)",
  );
  addOption(
    command,
    '--list <FILE>',
    'a JSON file with models of your own, or other URLs for known ones (default: only the known ones)',
  );
  return addJsonOption(command);
}

function examples(...lines: readonly string[]): string {
  const heading = lines.length === 1 ? 'Example' : 'Examples';
  return `\n${heading}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
