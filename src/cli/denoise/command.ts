import { Command } from 'commander';
import type { InferenceChoices, LearningOptions } from '../../api/index.js';
import { addInferenceOptions, addKeepDetailOption } from '../options/inference-options.js';
import { addLearningOptions } from '../options/learning-options.js';
import {
  addKeyOption,
  addMachineOptions,
  addOption,
  type KeyFlags,
  type MachineFlags,
  weightsNaming,
} from '../options/options.js';
import { addRemovalOptions, type RemovalFlags } from '../options/removal-options.js';
import { addResultOptions, addTileOption, type ResultFlags } from '../options/result-options.js';
import { addScoreOption, type ScoreFlags } from '../options/score-option.js';

/** The options of `revela denoise` as typed; what was not typed is missing. */
export interface DenoiseFlags
  extends LearningOptions,
    InferenceChoices,
    RemovalFlags,
    ResultFlags,
    MachineFlags,
    ScoreFlags,
    KeyFlags {
  readonly weights?: string;
  readonly saveWeights?: string;
  readonly adapt?: boolean;
  readonly fromScratch?: boolean;
  readonly keepDetail?: boolean;
  readonly preview?: boolean;
  readonly tile?: number;
}

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
      'Removes noise and film grain from photographs, in one pass of a built-in network. With --adapt it first learns the noise of the given pictures.',
    )
    .argument('<PICTURE...>', 'files, folders, patterns such as "shots/*.jpg", or -');

  addResultOptions(command, 'NAME.denoised.EXT');
  addScoreOption(command);

  command.optionsGroup('How much:');
  addRemovalOptions(command);
  addOption(command, '--preview', 'only write NAME.preview.png: before and after');

  command.optionsGroup('Denoising:');
  addOption(
    command,
    '-w, --weights <WEIGHTS>',
    `general, self-supervised, ${weightsNaming} (default: general)`,
  );
  addKeyOption(command);
  addOption(command, '--adapt', 'learn from the pictures first (default: with --minutes etc.)');
  addOption(command, '--no-adapt', 'only apply the weights');
  addOption(command, '--from-scratch', 'learn with a new network');
  addOption(command, '--save-weights <FILE>', 'save what was learnt');
  addInferenceOptions(command);
  addKeepDetailOption(command);
  addTileOption(command);

  addLearningOptions(
    command,
    {
      minutes: '3; 1 with --method, 8 from scratch',
      steps: '300; with --method no limit',
      patch: '96; 160 for sdap',
      batch: '4; 1 for sdap',
      rate: '0.0005; 0.0003 with --method, 0.002 from scratch',
    },
    { method: 'none; from scratch sdap', network: 'by the method' },
  );
  addMachineOptions(command);
  return command.addHelpText('after', examples).action(run);
}
