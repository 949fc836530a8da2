import { Command } from 'commander';
import type { DegradeOptions } from '../../api/index.js';
import { numberFrom, wholeNumber } from '../options/numbers.js';
import { addInputOption, addJsonOption, addOption } from '../options/options.js';
import { addResultOptions, type ResultFlags } from '../options/result-options.js';

/** The options of `revela degrade` as typed; what was not typed is missing. */
export interface DegradeFlags extends Omit<DegradeOptions, 'index' | 'signal'>, ResultFlags {
  readonly json?: boolean;
}

const examples = `
Examples:
  revela degrade photo.jpg                       writes photo.degraded.png, a quarter of the size
  revela degrade photo.jpg --kind camera-noise --amount 60
  revela degrade sharp/ -o small/ --kind real-world --seed 7`;

/** `revela degrade`: its options, not its work. */
export function degradeCommand(
  run: (inputs: readonly string[], flags: DegradeFlags) => Promise<void>,
): Command {
  const command = new Command('degrade')
    .description('Downscales and degrades images to make training or test data.')
    .argument('<PICTURE...>', 'files, folders, patterns such as "shots/*.png", or -');

  command.optionsGroup('Degradation:');
  addOption(
    command,
    '--kind <KIND>',
    "bicubic: MATLAB's; real-world: as Real-ESRGAN; photo: with camera noise; camera-noise, film-grain: at full size (default: bicubic)",
    { choices: ['bicubic', 'real-world', 'photo', 'camera-noise', 'film-grain'] },
  );
  addOption(command, '-s, --scale <N>', 'how many times smaller, 2 to 8 (default: 4; 1 for noise)', {
    parse: wholeNumber(1, 8),
  });
  addOption(command, '--amount <N>', 'amount of noise, 0 to 100 (default: random)', {
    parse: numberFrom(0, 100),
  });
  addOption(command, '--seed <N>', 'same seed, same result (default: 0)', {
    parse: wholeNumber(0),
  });
  addOption(command, '--sharpen', 'sharpen first, as real-world training does');

  addResultOptions(command, 'NAME.degraded.png', 'file format (default: as the output, or png)');
  addInputOption(command);
  addJsonOption(command);
  return command.addHelpText('after', examples).action(run);
}
