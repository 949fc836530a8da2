import { Command } from 'commander';
import { wholeNumber } from '../options/numbers.js';
import { addJsonOption, addOption, addOverwriteOption } from '../options/options.js';

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
    'Lists, downloads and registers published weights, such as CLIP. Their names then work wherever weights are taken, as in --clip RN50.',
  );
  models.addCommand(
    withStoreOptions(new Command('list'))
      .summary('list known and registered models')
      .description(
        'Lists known and registered models: source, licence, size, SHA-256 and state. Uses no network.',
      )
      .addHelpText('after', examples('revela models', 'revela models list --json'))
      .action(list),
    { isDefault: true },
  );
  models.addCommand(pullCommand(pull));
  models.addCommand(addCommand(add));
  models.addCommand(
    withStoreOptions(new Command('remove'))
      .summary('remove models')
      .description(
        'Removes models and interrupted downloads from the folder. Registered files elsewhere stay where they are.',
      )
      .argument('<NAME...>', 'names of models')
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
    .summary('download and verify models')
    .description(
      'Downloads models and verifies their SHA-256. An interrupted download resumes; a wrong file is not kept.',
    )
    .argument('<NAME...>', 'names that revela models lists');
  addOption(command, '--offline', 'only check that the models are there; also by REVELA_OFFLINE');
  addOption(command, '--unverified', 'accept models without a known SHA-256');
  addOption(command, '--retries <N>', 'retries of an interrupted download (default: 4)', {
    parse: wholeNumber(0, 1000),
  });
  return withStoreOptions(command)
    .addHelpText('after', examples('revela models pull RN50', 'revela models pull RN50 --list mirror.json'))
    .action(pull);
}

function addCommand(add: ModelsActions['add']): Command {
  const command = new Command('add')
    .summary('register a local file')
    .description(
      'Registers a local file under a name. Under the name of a known model its SHA-256 and size must match.',
    )
    .argument('<FILE>', 'the weights; they stay where they are');
  addOption(command, '--name <NAME>', 'its name (default: the known model with its hash, or its file name)');
  addOption(command, '--copy', 'copy the file into the folder');
  addOverwriteOption(command, 'replace a model of that name');
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
    "folder of the models (default: REVELA_MODELS, or revela/models in the system's cache)",
  );
  addOption(command, '--list <FILE>', 'JSON file with models of your own, or mirrors');
  return addJsonOption(command);
}

function examples(...lines: readonly string[]): string {
  const heading = lines.length === 1 ? 'Example' : 'Examples';
  return `\n${heading}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
