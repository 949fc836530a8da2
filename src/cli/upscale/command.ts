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
import { addScoreOption, type ScoreFlags } from '../options/score-option.js';
import { addResultOptions, addTileOption, type ResultFlags } from '../options/result-options.js';

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
  revela upscale photo.jpg                                        writes photo.x4.jpg beside it
  revela upscale grainy.jpg --denoise 40                          keeps more of the grain
  revela upscale shots/ --weights realesr-animevideov3.pth --output large/
  revela upscale scan.tif --weights runs/pixel --scale 2`;

/** `revela upscale`: its options, not its work. */
export function upscaleCommand(
  run: (inputs: readonly string[], flags: UpscaleFlags) => Promise<void>,
): Command {
  const command = new Command('upscale')
    .description(
      'Enlarges photographs with a network that was trained for it: weights of Real-ESRGAN, BSRGAN and ESRGAN (RRDBNet, SRVGGNet) are read as they are. Those that come with revela are for clean pictures.',
    )
    .argument('<PICTURE...>', 'files, folders, or patterns such as "shots/*.jpg"');
  addResultOptions(command, 'NAME.x4.EXT');
  addScoreOption(command);

  command.optionsGroup('Enlarging:');
  addOption(
    command,
    '--weights <WEIGHTS>',
    `of a network that enlarges: photo, faithful, ${weightsNaming} (default: by what is measured in each picture, photo where there is noise or a file of JPEG, faithful where it is clean)`,
  );
  addKeyOption(command);
  addOption(
    command,
    '--denoise <N>',
    'how much of the noise, grain and blocks of JPEG that the network takes away stays away, 0 to 100; takes photo where no weights are named; not for faithful (default: 100)',
    { parse: numberFrom(0, 100) },
  );
  addOption(
    command,
    '--scale <N>',
    "2, 3 or 4 times as high and wide, at most as the network does; where less, its result is resampled (default: the network's)",
    { parse: wholeNumber(2, 4) },
  );
  addTileOption(command);
  addOption(command, '--max-megapixels <N>', 'refuse pictures whose result would be larger (default: 300)', {
    parse: positiveNumber(largestMegapixels),
  });
  addMachineOptions(command);
  return command.addHelpText('after', examples).action(run);
}
