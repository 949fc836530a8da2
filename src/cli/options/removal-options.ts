import type { Command } from 'commander';
import type { RemovalOptions } from '../../api/index.js';
import { numberFrom } from './numbers.js';
import { addOption } from './options.js';

/** The options of how much is taken away as typed; what was not typed is missing. */
export interface RemovalFlags extends Omit<RemovalOptions, 'mask'> {
  readonly mask?: string;
}

/**
 * Adds the options of {@link RemovalFlags}, under the names that the library gives them.
 *
 * @param masked whether there may be a mask
 */
export function addRemovalOptions(command: Command, masked = true): Command {
  const share = { parse: numberFrom(0, 100) };
  const names: Readonly<Record<keyof RemovalFlags, () => unknown>> = {
    strength: () =>
      addOption(command, '--strength <0…100>', 'how much noise to remove (default: as measured)', share),
    luma: () => addOption(command, '--luma <0…100>', 'share of that in brightness (default: 100)', share),
    chroma: () => addOption(command, '--chroma <0…100>', 'share of that in colour (default: 100)', share),
    detail: () => addOption(command, '--detail <0…100>', 'how much detail to restore (default: 50)', share),
    mask: () => masked && addOption(command, '--mask <FILE>', 'grey picture: white denoises, black does not'),
    bare: () => addOption(command, '--bare', "the network's own answer, unguarded"),
  };
  for (const add of Object.values(names)) add();
  return command;
}
