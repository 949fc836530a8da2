import { Command } from 'commander';
import { denoiseOptions, learningOptions, machineOptions, removalOptions } from '../../api/options.js';
import { flag, type FlagsOf, path, retold, without } from '../../options/index.js';
import { addOptions } from '../options/add-options.js';
import {
  addMachineOptions,
  computingOptions,
  keyOptions,
  resultOptions,
  scoreOptions,
} from '../options/common-options.js';
import { denoiserLearning } from '../options/learning.js';

const previewOptions = { preview: flag({ words: 'only write NAME.preview.png: before and after' }) };
const savingOptions = { saveWeights: path({ words: 'save what was learnt' }) };

/** What only the command has. */
const ownOptions = {
  ...{ ...resultOptions, ...scoreOptions, ...keyOptions, ...computingOptions },
  ...{ ...previewOptions, ...savingOptions },
};

/** The options of `revela denoise` as typed; what was not typed is missing. */
export type DenoiseFlags = FlagsOf<typeof denoiseOptions & typeof ownOptions>;

/** What is not under a heading of its own. */
const { weights, adapt, fromScratch, ...applying } = without(
  without(without(denoiseOptions, removalOptions), learningOptions),
  machineOptions,
);

const examples = `
Examples:
  revela denoise photo.jpg               writes photo.denoised.jpg
  revela denoise shots/ -o clean/        a whole folder; add --adapt to learn its noise first
  revela denoise photo.jpg --preview     shows in seconds what it would do
  revela denoise photo.jpg --strength 60 --detail 80`;

/** `revela denoise`: its options, not its work. */
export function denoiseCommand(
  run: (inputs: readonly string[], flags: DenoiseFlags) => Promise<void>,
): Command {
  const command = new Command('denoise')
    .description(
      'Removes noise and film grain from photographs by a built-in network. With --adapt it first learns the noise of the given pictures.',
    )
    .argument('<PICTURE...>', 'files, folders, patterns such as "shots/*.jpg", or -');

  addOptions(command, 'Results:', {
    ...retold(resultOptions, { output: { usual: 'NAME.denoised.EXT' } }),
    ...scoreOptions,
  });
  addOptions(command, 'How much:', { ...removalOptions, ...previewOptions });
  addOptions(command, 'Denoising:', {
    weights,
    ...keyOptions,
    adapt,
    fromScratch,
    ...savingOptions,
    ...applying,
  });
  const learning = denoiserLearning({
    minutes: '3; 1 with --method, 8 from scratch',
    steps: '300; with --method no limit',
    patch: '96; 160 for sdap',
    batch: '4; 1 for sdap',
    learningRate: '0.0005; 0.0003 with --method, 0.002 from scratch',
    method: 'none; from scratch sdap',
    network: 'by the method',
  });
  addOptions(command, 'Learning:', learning);
  addMachineOptions(command);
  return command.addHelpText('after', examples).action(run);
}
