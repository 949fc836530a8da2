import { Command } from 'commander';
import { trainIlNiqeOptions } from '../../../api/options.js';
import { type FlagsOf, retold } from '../../../options/index.js';
import { addOptions } from '../../options/add-options.js';
import { addInputOption, jsonOptions } from '../../options/common-options.js';

const { output, overwrite, recursive, sharpness, licence, components } = trainIlNiqeOptions;
const fitting = { output, overwrite, recursive, sharpness, licence };

/** The measures whose model of good photographs can be fitted. */
export type FittedMeasure = 'niqe' | 'il-niqe';

/** The options of `revela train niqe` and `il-niqe` as typed; what was not typed is missing. */
export type TrainNiqeFlags = FlagsOf<typeof fitting & { components: typeof components } & typeof jsonOptions>;

const facts = {
  niqe: { title: 'NIQE', usual: '0.75', time: 'hundredths of a second each' },
  'il-niqe': { title: 'IL-NIQE', usual: '0.78', time: 'a few seconds each' },
} as const;

/** `revela train niqe` and `revela train il-niqe`: their options, not their work. */
export function trainNiqeCommand(
  name: FittedMeasure,
  run: (name: FittedMeasure, inputs: readonly string[], flags: TrainNiqeFlags) => Promise<void>,
): Command {
  const { title, usual, time } = facts[name];
  const command = new Command(name)
    .summary(`fit ${title}'s model of good photographs`)
    .description(
      `Fits ${title}'s model of good photographs to a hundred or more of your own, in ${time}. Scores by different models are not comparable.`,
    )
    .argument('<PICTURE...>', 'good pictures: files, folders, or patterns such as "shots/*.jpg"');
  const own = retold(fitting, { sharpness: { usual } });
  addOptions(command, undefined, name === 'il-niqe' ? { ...own, components } : own);
  addInputOption(command);
  addOptions(command, undefined, jsonOptions);
  return command
    .addHelpText(
      'after',
      `
Examples:
  revela train ${name} good/ --output mine.safetensors
  revela score photo.jpg --metric ${name} --${name}-model mine.safetensors`,
    )
    .action((inputs: readonly string[], flags: TrainNiqeFlags) => run(name, inputs, flags));
}
