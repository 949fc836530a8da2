import { Command } from 'commander';
import type { DegradeOptions } from '../library/index.js';
import { wholeNumber } from './numbers.js';
import { addJsonOption, addOption } from './options.js';
import { addResultOptions, type ResultFlags } from './result-options.js';

/** The options of `revela degrade` as typed; what was not typed is missing. */
export interface DegradeFlags extends Omit<DegradeOptions, 'index' | 'signal'>, ResultFlags {
  readonly json?: boolean;
}

const examples = `
Examples:
  revela degrade photo.jpg                       writes photo.degraded.png, a quarter of the size
  revela degrade photo.jpg small.png --kind real-world --seed 7
  revela degrade sharp/ --output small/          makes test pictures of a folder`;

/** `revela degrade`: its options, not its work. */
export function degradeCommand(
  run: (inputs: readonly string[], flags: DegradeFlags) => Promise<void>,
): Command {
  const command = new Command('degrade')
    .description(
      'Makes good pictures small and bad, as upscaling is trained and tested with them: by bicubic alone, or as the real world does it, with blur, noise and JPEG drawn at random.',
    )
    .argument('<PICTURE...>', 'files, folders, or patterns such as "shots/*.png"');

  command.optionsGroup('Degradation:');
  addOption(
    command,
    '--kind <KIND>',
    "bicubic: MATLAB's, with antialiasing; real-world: Real-ESRGAN's two rounds of blur, resize, noise and JPEG (default: bicubic)",
    { choices: ['bicubic', 'real-world'] },
  );
  addOption(command, '--scale <N>', 'how many times smaller, 2 to 8 (default: 4)', {
    parse: wholeNumber(2, 8),
  });
  addOption(command, '--seed <N>', 'the same seed gives the same pictures; for real-world (default: 0)', {
    parse: wholeNumber(0),
  });
  addOption(command, '--sharpen', 'sharpen first, as the training for real-world does (default: do not)');

  addResultOptions(
    command,
    'NAME.degraded.png',
    'kind of file to write; jpeg, webp and avif lose more (default: that of the output, or png)',
  );
  addJsonOption(command);
  return command.addHelpText('after', examples).action(run);
}
