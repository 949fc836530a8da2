import type { Command } from 'commander';
import { wholeNumber } from './numbers.js';
import { addOption, addOverwriteOption, addRecursiveOption } from './options.js';
import { addShardOption } from './shard-option.js';

export type { ResultFlags } from './common-options.js';

/**
 * Adds the options of {@link ResultFlags}.
 *
 * @param named how results are named that lie beside their pictures, such as `NAME.denoised.EXT`
 * @param kind what is said of the kind of file
 */
export function addResultOptions(
  command: Command,
  named: string,
  kind = 'file format (default: as the input)',
): Command {
  command.optionsGroup('Results:');
  addOption(command, '-o, --output <PATH>', `file, folder or - (default: ${named})`);
  addOption(command, '-f, --format <KIND>', kind, {
    choices: ['jpeg', 'png', 'webp', 'tiff', 'avif'],
  });
  addOption(command, '--quality <N>', 'of JPEG, WebP and AVIF, 1 to 100 (default: 95)', {
    parse: wholeNumber(1, 100),
  });
  addOption(command, '--lossless', 'lossless WebP and AVIF (default: as the input)');
  addOverwriteOption(command, 'replace existing results');
  addOption(command, '--skip-existing', 'skip pictures whose result exists; resumes a batch');
  addRecursiveOption(command, 'search subfolders, and rebuild them in the output');
  return addShardOption(command);
}

/** Adds the option of the parts that pictures are cut into. */
export function addTileOption(command: Command): Command {
  return addOption(
    command,
    '-t, --tile <PIXELS>',
    'side of the tiles; less needs less memory (default: auto)',
    { parse: wholeNumber(32, 16_384) },
  );
}
