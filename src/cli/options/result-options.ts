import type { Command } from 'commander';
import type { PictureFormat } from '../../api/index.js';
import { wholeNumber } from './numbers.js';
import { addOption } from './options.js';

/** Options of commands that make pictures of pictures, as typed; what was not typed is missing. */
export interface ResultFlags {
  readonly output?: string;
  readonly format?: PictureFormat;
  readonly quality?: number;
  readonly lossless?: boolean;
  readonly overwrite?: boolean;
  readonly recursive?: boolean;
  readonly skipExisting?: boolean;
}

/**
 * Adds the options of {@link ResultFlags}.
 *
 * @param named how results are named that lie beside their pictures, such as `NAME.denoised.EXT`
 * @param kind what is said of the kind of file
 */
export function addResultOptions(
  command: Command,
  named: string,
  kind = 'kind of file to write (default: that of the output, or the input)',
): Command {
  command.optionsGroup('Results:');
  addOption(
    command,
    '-o, --output <PATH>',
    `file, or folder for several pictures (default: ${named} beside the picture)`,
  );
  addOption(command, '--format <KIND>', kind, {
    choices: ['jpeg', 'png', 'webp', 'tiff', 'avif'],
  });
  addOption(command, '--quality <N>', 'of JPEG, WebP and AVIF files, 1 to 100 (default: 95)', {
    parse: wholeNumber(1, 100),
  });
  addOption(
    command,
    '--lossless',
    'keep every value in WebP and AVIF files (default: of WebP files where the picture is of such a one)',
  );
  addOption(command, '--overwrite', 'replace files that exist (default: refuse)');
  addOption(
    command,
    '--skip-existing',
    'leave out pictures whose result exists: goes on with a batch that was stopped (default: refuse)',
  );
  return addOption(
    command,
    '-r, --recursive',
    'also take the pictures of folders in folders; in the output there are such folders again (default: do not)',
  );
}

/** Adds the option of the parts that pictures are cut into. */
export function addTileOption(command: Command): Command {
  return addOption(
    command,
    '--tile <PIXELS>',
    'largest side of the parts that pictures are cut into; less takes less memory (default: by the network)',
    { parse: wholeNumber(32, 16_384) },
  );
}
