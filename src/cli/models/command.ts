import { Command } from 'commander';
import { addModelOptions, pullModelOptions } from '../../api/options.js';
import { type FlagsOf, path, retold } from '../../options/index.js';
import { addOptions } from '../options/add-options.js';
import { jsonOptions } from '../options/common-options.js';

const storeOptions = {
  folder: path({
    ...{ value: 'FOLDER', words: 'folder of the models' },
    usual: "REVELA_MODELS, or revela/models in the system's cache",
  }),
  list: path({ words: 'JSON file with models of your own, or mirrors' }),
  ...jsonOptions,
};

const { offline, unverified, retries } = pullModelOptions;
const pulling = { offline, unverified, retries };

const { name, copy, overwrite } = addModelOptions;
const adding = retold({ name, copy, overwrite }, { overwrite: { words: 'replace a model of that name' } });

/** The options of every command of `revela models` as typed. */
export type ModelsFlags = FlagsOf<typeof storeOptions>;
export type PullFlags = FlagsOf<typeof pulling & typeof storeOptions>;
export type AddFlags = FlagsOf<typeof adding & typeof storeOptions>;

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
    addOptions(new Command('list'), undefined, storeOptions)
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
    addOptions(new Command('remove'), undefined, storeOptions)
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
  return addOptions(command, undefined, { ...pulling, ...storeOptions })
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
  return addOptions(command, undefined, { ...adding, ...storeOptions })
    .addHelpText(
      'after',
      examples('revela models add ~/Downloads/RN50.pt', 'revela models add encoder.pt --name ours --copy'),
    )
    .action(add);
}

function examples(...lines: readonly string[]): string {
  const heading = lines.length === 1 ? 'Example' : 'Examples';
  return `\n${heading}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
