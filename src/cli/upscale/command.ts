import { Command } from 'commander';
import { numberFrom, positiveNumber, wholeNumber } from '../options/numbers.js';
import {
  addKeyOption,
  addMachineOptions,
  addOption,
  type KeyFlags,
  type MachineFlags,
  weightsNaming,
} from '../options/options.js';
import { addResultOptions, addTileOption, type ResultFlags } from '../options/result-options.js';
import { addScoreOption, type ScoreFlags } from '../options/score-option.js';

/** The options of `revela upscale` as typed; what was not typed is missing. */
export interface UpscaleFlags extends ResultFlags, MachineFlags, ScoreFlags, KeyFlags {
  readonly weights?: string;
  readonly denoise?: number;
  readonly scale?: number;
  readonly tile?: number;
  readonly maxMegapixels?: number;
}

/** Of three planes of float32, an array holds no more. */
const largestMegapixels = 1400;

const examples = `
Examples:
  revela upscale photo.jpg                  writes photo.x4.jpg
  revela upscale grainy.jpg --denoise 40    keeps more of the grain
  revela upscale shots/ -w realesr-animevideov3.pth -o large/`;

/** `revela upscale`: its options, not its work. */
export function upscaleCommand(
  run: (inputs: readonly string[], flags: UpscaleFlags) => Promise<void>,
): Command {
  const command = new Command('upscale')
    .description(
      'Enlarges photographs by a network: one of the two that come with revela, your own, or weights of Real-ESRGAN, BSRGAN, ESRGAN and SPAN.',
    )
    .argument('<PICTURE...>', 'files, folders, patterns such as "shots/*.jpg", or -');
  addResultOptions(command, 'NAME.x4.EXT');
  addScoreOption(command);

  command.optionsGroup('Enlarging:');
  addOption(
    command,
    '-w, --weights <WEIGHTS>',
    `photo, faithful, ${weightsNaming} (default: photo or faithful, as measured)`,
  );
  addKeyOption(command);
  addOption(command, '--denoise <N>', 'how much noise and blocks to remove, 0 to 100 (default: 100)', {
    parse: numberFrom(0, 100),
  });
  addOption(command, '-s, --scale <N>', "2, 3 or 4 (default: the network's)", {
    parse: wholeNumber(2, 4),
  });
  addTileOption(command);
  addOption(command, '--max-megapixels <N>', 'largest result, in megapixels (default: 300)', {
    parse: positiveNumber(largestMegapixels),
  });
  addMachineOptions(command);
  return command.addHelpText('after', examples).action(run);
}
