import { type Command, Option } from 'commander';
import { denoisingMethods, architectures } from '../../api/methods.js';
import type { LearningOptions, DeviceChoice } from '../../api/index.js';
import { allowMegapixels } from '../../picture-limit.js';
import { positiveNumber, wholeNumber } from './numbers.js';

/** Options of every command that computes. */
export interface MachineFlags {
  readonly device?: DeviceChoice;
  readonly threads?: number;
  readonly json?: boolean;
}

/** How weights are named wherever they are, for people. */
export const weightsNaming =
  'a file, the folder of a run, a name that revela models knows, or a blend of several such as a.pth=0.7,b.pth=0.3';

/** The option that chooses among the state dicts of a file. */
export interface KeyFlags {
  readonly key?: string;
}

/** Adds the option that chooses among the state dicts of a file. */
export function addKeyOption(command: Command): Command {
  return addOption(
    command,
    '--key <NAME>',
    'which state dict to take of a checkpoint that holds several, such as params (default: averaged weights of a known network, then those under the usual keys)',
  );
}

/** The same of networks that no run trains, such as CLIP. */
export const fileNaming = 'a file, or a name that revela models knows';

const yearInMinutes = 366 * 24 * 60;

interface OptionFacts {
  /** Also gets what was read where the option was typed before. */
  readonly parse?: (text: string, before?: unknown) => unknown;
  readonly choices?: readonly string[];
}

/** Adds an option; its default stands in the description, because only what the user typed is passed on. */
export function addOption(
  command: Command,
  flags: string,
  description: string,
  { parse, choices }: OptionFacts = {},
): Command {
  const option = new Option(flags, description);
  if (parse !== undefined) option.argParser(parse);
  if (choices !== undefined) option.choices(choices);
  return command.addOption(option);
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
  width: 'by the network; 32 for dbsnl, 48 for student',
  depth: 'by the network; 3 for dbsnl',
  patch: 'a multiple of 5 where they are sub-sampled',
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
      addOption(target, '--minutes <N>', `train for so many minutes (default: ${defaults.minutes})`, {
        parse: positiveNumber(yearInMinutes),
      }),
    steps: (target) =>
      addOption(
        target,
        '--steps <N>',
        `train for so many steps; with --minutes, until the first of both (default: ${defaults.steps})`,
        { parse: wholeNumber(1) },
      ),
    seed: (target) =>
      addOption(
        target,
        '--seed <N>',
        'the same seed and steps give the same result on the same device (default: 0)',
        {
          parse: wholeNumber(0),
        },
      ),
    method: (target) =>
      method === false
        ? target
        : addOption(
            target,
            '--method <NAME>',
            `how to learn, of ${listed(methods)}; see revela methods (default: ${method})`,
          ),
    network: (target) =>
      network === false
        ? target
        : addOption(target, '--network <NAME>', `what learns, of ${listed(networks)} (default: ${network})`),
    channels: (target) =>
      network === false
        ? target
        : addOption(
            target,
            '--channels <N>',
            'of the pictures of a new network: 3, or 1 for grey (default: 3)',
            {
              parse: wholeNumber(1, 3),
            },
          ),
    baseChannels: (target) =>
      addOption(
        target,
        '--base-channels <N>',
        `width of a new network, an even number (default: ${sizes.width})`,
        {
          parse: wholeNumber(2, 512),
        },
      ),
    modules: (target) =>
      network === false
        ? target
        : addOption(
            target,
            '--modules <N>',
            `depth of a new network, where it can be chosen (default: ${sizes.depth})`,
            {
              parse: wholeNumber(1, 32),
            },
          ),
    patch: (target) =>
      addOption(
        target,
        '--patch <PIXELS>',
        `side of the training patches, ${sizes.patch} (default: ${defaults.patch})`,
        {
          parse: wholeNumber(1, 2000),
        },
      ),
    batch: (target) =>
      addOption(target, '--batch <N>', `patches a step (default: ${defaults.batch})`, {
        parse: wholeNumber(1, 256),
      }),
    learningRate: (target) =>
      addOption(
        target,
        '--learning-rate <RATE>',
        `highest rate, from which it falls (default: ${defaults.rate})`,
        { parse: positiveNumber(1) },
      ),
  };
  command.optionsGroup('Learning:');
  for (const add of Object.values(names)) add(command);
  return command;
}

/** Adds the options of {@link MachineFlags}. */
export function addMachineOptions(command: Command): Command {
  command.optionsGroup('Machine:');
  addOption(command, '--device <NAME>', 'auto takes a GPU where one works and is faster (default: auto)', {
    choices: ['auto', 'cpu', 'webgpu', 'cuda'],
  });
  addOption(command, '--threads <N>', 'threads of the CPU (default: as many as it has cores)', {
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
  return addOption(
    command,
    '--max-input <MEGAPIXELS>',
    'read pictures of up to so many megapixels, whatever memory they take (default: 300, less where memory is short)',
    { parse },
  );
}

export function addJsonOption(command: Command): Command {
  return addOption(
    command,
    '--json',
    'write JSON to standard output, for other programs (default: text for people)',
  );
}
