import { Command } from 'commander';
import type { TrainIlNiqeOptions } from '../../../api/index.js';
import { numberFrom } from '../../options/numbers.js';
import { addInputOption, addJsonOption, addOption } from '../../options/options.js';

/** The measures whose model of good photographs can be fitted. */
export type FittedMeasure = 'niqe' | 'il-niqe';

/** The options of `revela train niqe` and `il-niqe` as typed; what was not typed is missing. */
export interface TrainNiqeFlags
  extends Partial<Omit<TrainIlNiqeOptions, 'pictures' | 'onProgress' | 'signal'>> {
  readonly json?: boolean;
}

const facts = {
  niqe: { title: 'NIQE', sharpness: 0.75, time: 'a few hundredths of a second a picture' },
  'il-niqe': { title: 'IL-NIQE', sharpness: 0.78, time: 'a few seconds a picture' },
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
      `Fits ${title}'s model of good photographs on your own: a hundred or more of one kind, ${time}. Scores by different models do not compare.`,
    )
    .argument('<PICTURE...>', 'good pictures: files, folders, or patterns such as "shots/*.jpg"');
  addOption(command, '-o, --output <FILE>', "the model's file, safetensors (needed)");
  addOption(command, '--overwrite', 'replace a file that exists (default: refuse)');
  addOption(command, '-r, --recursive', 'also take the pictures of folders in folders (default: do not)');
  addOption(
    command,
    '--sharpness <SHARE>',
    `take patches that are sharper than this share of their picture's sharpest (default: ${sharpness}, as in the original)`,
    { parse: numberFrom(0, 0.99) },
  );
  if (name === 'il-niqe')
    addOption(
      command,
      '--components <SHARE>',
      'share of the principal components that is kept (default: 0.92, as in the original)',
      { parse: numberFrom(0.01, 1) },
    );
  addOption(command, '--licence <TEXT>', 'terms of the model, kept in its file (default: unknown)');
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
