import { type Command, Option } from 'commander';
import type { DeviceChoice, LearningOptions } from '../../api/index.js';
import { architectures, denoisingMethods } from '../../api/methods.js';
import { allowMegapixels } from '../../picture-limit.js';
import { positiveNumber, wholeNumber } from './numbers.js';

/** Options of every command that computes. */
export interface MachineFlags {
  readonly device?: DeviceChoice;
  readonly threads?: number;
  readonly json?: boolean;
}

/** How weights are named wherever they are, for people. */
export const weightsNaming = 'file, run folder, model name or blend (a=0.7,b=0.3)';

/** The option that chooses among the state dicts of a file. */
export interface KeyFlags {
  readonly key?: string;
}

/** Adds the option that chooses among the state dicts of a file. */
export function addKeyOption(command: Command): Command {
  return addOption(command, '--key <NAME>', 'which weights of a checkpoint (default: averaged)');
}

/** The same of networks that no run trains, such as CLIP. */
export const fileNaming = 'a file or a model name';

const yearInMinutes = 366 * 24 * 60;

interface OptionFacts {
  /** Also gets what was read where the option was typed before. */
  readonly parse?: (text: string, before?: unknown) => unknown;
  readonly choices?: readonly string[];
}

/** A description that names the choices, in front of its default. */
function withChoices(description: string, choices: readonly string[]): string {
  if (choices.every((choice) => description.includes(choice))) return description;
  const [what = '', ...usual] = description.split(' (default: ');
  return [`${what}: ${choices.join(', ')}`, ...usual].join(' (default: ');
}

/**
 * Adds an option. Its default and its choices stand in the description: only what the user typed is passed on, and a switch
 * is off unless it says otherwise.
 */
export function addOption(
  command: Command,
  flags: string,
  description: string,
  { parse, choices }: OptionFacts = {},
): Command {
  const option = new Option(flags, choices === undefined ? description : withChoices(description, choices));
  if (parse !== undefined) option.argParser(parse);
  if (choices !== undefined) option.choices(choices);
  return command.addOption(option);
}

/** Adds the option that replaces files; without it they are refused. */
export function addOverwriteOption(command: Command, description = 'replace an existing file'): Command {
  return addOption(command, '-y, --overwrite', description);
}

/** Adds the option that looks into folders inside of folders. */
export function addRecursiveOption(command: Command, description = 'search subfolders too'): Command {
  return addOption(command, '-r, --recursive', description);
}

/** Adds the option of tables for spreadsheets. */
export function addCsvOption(command: Command): Command {
  return addOption(command, '--csv', 'write the table as CSV');
}

/** What a command takes where an option of learning is left out, for people. */
export interface LearningDefaults {
  readonly minutes: string;
  readonly steps: string;
  readonly rate: string;
  readonly patch: string;
  readonly batch: string;
}

/** What is chosen where no method and no network is named; `false` where there is no choice. */
export interface LearningChoices {
  readonly method: string | false;
  readonly network: string | false;
  /** The methods that can be named; default: those that learn from noisy pictures alone. */
  readonly methods?: Readonly<Record<string, unknown>>;
  /** The networks that can be named; default: those that denoise. */
  readonly networks?: Readonly<Record<string, unknown>>;
  /** What a new network is like by itself, and what patches must be like; default: as for denoisers. */
  readonly sizes?: { readonly width: string; readonly depth: string; readonly patch: string };
}

const denoiserSizes = {
  width: 'its own',
  depth: 'its own',
  patch: '',
};

const listed = (table: Readonly<Record<string, unknown>>): string => Object.keys(table).join(', ');

/** Adds the options of learning; those of `LearningOptions`, under the names that the library gives them. */
export function addLearningOptions(
  command: Command,
  defaults: LearningDefaults,
  {
    method,
    network,
    methods = denoisingMethods,
    networks = architectures,
    sizes = denoiserSizes,
  }: LearningChoices = {
    method: 'sdap',
    network: 'that of the method',
  },
): Command {
  const names: Readonly<Record<keyof LearningOptions, (target: Command) => Command>> = {
    minutes: (target) =>
      addOption(target, '--minutes <N>', `how long to learn (default: ${defaults.minutes})`, {
        parse: positiveNumber(yearInMinutes),
      }),
    steps: (target) =>
      addOption(target, '--steps <N>', `how many steps (default: ${defaults.steps})`, {
        parse: wholeNumber(1),
      }),
    seed: (target) =>
      addOption(target, '--seed <N>', 'same seed, same result (default: 0)', {
        parse: wholeNumber(0),
      }),
    method: (target) =>
      method === false
        ? target
        : addOption(target, '--method <NAME>', `${listed(methods)}; see revela methods (default: ${method})`),
    network: (target) =>
      network === false
        ? target
        : addOption(target, '--network <NAME>', `${listed(networks)} (default: ${network})`),
    channels: (target) =>
      network === false
        ? target
        : addOption(target, '--channels <N>', 'new network: 3, or 1 for grey (default: 3)', {
            parse: wholeNumber(1, 3),
          }),
    baseChannels: (target) =>
      addOption(target, '--base-channels <N>', `new network: width (default: ${sizes.width})`, {
        parse: wholeNumber(2, 512),
      }),
    modules: (target) =>
      network === false
        ? target
        : addOption(target, '--modules <N>', `new network: depth (default: ${sizes.depth})`, {
            parse: wholeNumber(1, 32),
          }),
    patch: (target) =>
      addOption(
        target,
        '--patch <PIXELS>',
        `side of the patches${sizes.patch} (default: ${defaults.patch})`,
        {
          parse: wholeNumber(1, 2000),
        },
      ),
    batch: (target) =>
      addOption(target, '--batch <N>', `patches per step (default: ${defaults.batch})`, {
        parse: wholeNumber(1, 256),
      }),
    learningRate: (target) =>
      addOption(target, '--learning-rate <RATE>', `initial learning rate (default: ${defaults.rate})`, {
        parse: positiveNumber(1),
      }),
  };
  command.optionsGroup('Learning:');
  for (const add of Object.values(names)) add(command);
  return command;
}

/** Adds the options of {@link MachineFlags}. */
export function addMachineOptions(command: Command): Command {
  command.optionsGroup('Machine:');
  addOption(command, '--device <NAME>', 'auto, cpu, webgpu or cuda (default: auto)', {
    choices: ['auto', 'cpu', 'webgpu', 'cuda'],
  });
  addOption(command, '-j, --threads <N>', 'CPU threads (default: one per core)', {
    parse: wholeNumber(1, 256),
  });
  addInputOption(command);
  return addJsonOption(command);
}

/** Adds the option that lets larger pictures be read. */
export function addInputOption(command: Command): Command {
  const parse = (text: string): number => {
    const megapixels = positiveNumber(1e6)(text);
    allowMegapixels(megapixels);
    return megapixels;
  };
  return addOption(command, '--max-input <N>', 'largest input, in megapixels (default: 300)', { parse });
}

export function addJsonOption(command: Command): Command {
  return addOption(command, '--json', 'write JSON lines to standard output');
}
