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
  revela degrade photo.jpg small.png --kind real-world --seed 7
  revela degrade photo.jpg --kind camera-noise --amount 60
  revela degrade sharp/ --output small/          makes test pictures of a folder`;

/** `revela degrade`: its options, not its work. */
export function degradeCommand(
  run: (inputs: readonly string[], flags: DegradeFlags) => Promise<void>,
): Command {
  const command = new Command('degrade')
    .description(
      'Makes good pictures small and bad, as upscaling is trained and tested with them: by bicubic alone, as the real world does it, with blur, noise and JPEG drawn at random, or noisy as cameras and film make them.',
    )
    .argument('<PICTURE...>', 'files, folders, or patterns such as "shots/*.png"');

  command.optionsGroup('Degradation:');
  addOption(
    command,
    '--kind <KIND>',
    "bicubic: MATLAB's, with antialiasing; real-world: Real-ESRGAN's two rounds of blur, resize, noise and JPEG; photo: a small photograph with a camera's noise and JPEG; camera-noise, film-grain: noise as they make it, and sharpening and JPEG afterwards (default: bicubic)",
    { choices: ['bicubic', 'real-world', 'photo', 'camera-noise', 'film-grain'] },
  );
  addOption(command, '--scale <N>', 'how many times smaller, 2 to 8; 1 for noise (default: 4, for noise 1)', {
    parse: wholeNumber(1, 8),
  });
  addOption(command, '--amount <N>', 'how much noise, 0 to 100 (default: drawn)', {
    parse: numberFrom(0, 100),
  });
  addOption(
    command,
    '--seed <N>',
    'the same seed gives the same pictures; for all but bicubic (default: 0)',
    {
      parse: wholeNumber(0),
    },
  );
  addOption(command, '--sharpen', 'sharpen first, as the training for real-world does (default: do not)');

  addResultOptions(
    command,
    'NAME.degraded.png',
    'kind of file to write; jpeg, webp and avif lose more (default: that of the output, or png)',
  );
  addInputOption(command);
  addJsonOption(command);
  return command.addHelpText('after', examples).action(run);
}
