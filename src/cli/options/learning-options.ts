import type { Command } from 'commander';
import { architectures, denoisingMethods } from '../../api/choices.js';
import type { LearningOptions } from '../../api/index.js';
import { positiveNumber, wholeNumber } from './numbers.js';
import { addOption } from './options.js';

const yearInMinutes = 366 * 24 * 60;

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
