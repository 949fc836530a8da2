import { Command } from 'commander';
import { degradeOptions } from '../../api/options.js';
import { type FlagsOf, retold } from '../../options/index.js';
import { addOptions } from '../options/add-options.js';
import { addInputOption, jsonOptions, resultOptions } from '../options/common-options.js';

/** The options of `revela degrade` as typed; what was not typed is missing. */
export type DegradeFlags = FlagsOf<typeof degradeOptions & typeof resultOptions & typeof jsonOptions>;

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

  addOptions(command, 'Degradation:', degradeOptions);
  const results = retold(resultOptions, {
    output: { usual: 'NAME.degraded.png' },
    format: { usual: 'as the output, or png' },
  });
  addOptions(command, 'Results:', results);
  addInputOption(command);
  addOptions(command, undefined, jsonOptions);
  return command.addHelpText('after', examples).action(run);
}
