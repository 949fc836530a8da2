import { Command } from 'commander';
import type { TrainIlNiqeOptions } from '../../../api/index.js';
import { numberFrom } from '../../options/numbers.js';
import {
  addInputOption,
  addJsonOption,
  addOption,
  addOverwriteOption,
  addRecursiveOption,
} from '../../options/options.js';

/** The measures whose model of good photographs can be fitted. */
export type FittedMeasure = 'niqe' | 'il-niqe';

/** The options of `revela train niqe` and `il-niqe` as typed; what was not typed is missing. */
export interface TrainNiqeFlags
  extends Partial<Omit<TrainIlNiqeOptions, 'pictures' | 'onProgress' | 'signal'>> {
  readonly json?: boolean;
}

const facts = {
  niqe: { title: 'NIQE', sharpness: 0.75, time: 'hundredths of a second each' },
  'il-niqe': { title: 'IL-NIQE', sharpness: 0.78, time: 'a few seconds each' },
} as const;

/** `revela train niqe` and `revela train il-niqe`: their options, not their work. */
export function trainNiqeCommand(
  name: FittedMeasure,
  run: (name: FittedMeasure, inputs: readonly string[], flags: TrainNiqeFlags) => Promise<void>,
): Command {
  const { title, sharpness, time } = facts[name];
  const command = new Command(name)
    .summary(`fit ${title}'s model of good photographs`)
    .description(
      `Fits ${title}'s model of good photographs to a hundred or more of your own, in ${time}. Scores by different models are not comparable.`,
    )
    .argument('<PICTURE...>', 'good pictures: files, folders, or patterns such as "shots/*.jpg"');
  addOption(command, '-o, --output <FILE>', 'the model, .safetensors (required)');
  addOverwriteOption(command);
  addRecursiveOption(command);
  addOption(
    command,
    '--sharpness <SHARE>',
    `use patches sharper than this share of the sharpest (default: ${sharpness})`,
    { parse: numberFrom(0, 0.99) },
  );
  if (name === 'il-niqe')
    addOption(command, '--components <SHARE>', 'share of the principal components to keep (default: 0.92)', {
      parse: numberFrom(0.01, 1),
    });
  addOption(command, '--licence <TEXT>', 'licence stored in the model (default: unknown)');
  addInputOption(command);
  addJsonOption(command);
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
