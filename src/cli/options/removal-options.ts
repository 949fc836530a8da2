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
      addOption(
        command,
        '--strength <0…100>',
        "how much of the noise is taken away; 0 gives the picture's own pixels (default: what is natural for the noise that is measured; clean pictures are left alone)",
        share,
      ),
    luma: () => addOption(command, '--luma <0…100>', 'how much of that in brightness (default: 100)', share),
    chroma: () => addOption(command, '--chroma <0…100>', 'how much of that in colour (default: 100)', share),
    detail: () =>
      addOption(
        command,
        '--detail <0…100>',
        'how much of what may be detail is given back; more keeps texture, and noise with it (default: 50)',
        share,
      ),
    mask: () =>
      masked &&
      addOption(
        command,
        '--mask <FILE>',
        'a grey picture of the same size that scales the strength: white takes away, black leaves alone (default: everywhere alike)',
      ),
    bare: () =>
      addOption(
        command,
        '--bare',
        "the network's answer as it is, unmeasured and unguarded, to compare networks (default: guarded)",
      ),
  };
  for (const add of Object.values(names)) add();
  return command;
}
