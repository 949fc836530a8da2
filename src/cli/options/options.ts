import { type Command, Option } from 'commander';
import { allowMegapixels } from '../../picture-limit.js';
import { positiveNumber, wholeNumber } from './numbers.js';

export type { MachineFlags } from './common-options.js';

export { weightsNaming } from '../../api/options.js';

export type { KeyFlags } from './common-options.js';

/** Adds the option that chooses among the state dicts of a file. */
export function addKeyOption(command: Command): Command {
  return addOption(command, '--key <NAME>', 'which weights of a checkpoint (default: averaged)');
}

/** The same of networks that no run trains, such as CLIP. */
export const fileNaming = 'a file or a model name';

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
