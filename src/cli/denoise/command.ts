import { Command } from 'commander';
import type { InferenceChoices, LearningOptions } from '../../api/index.js';
import { addInferenceOptions, addKeepDetailOption } from '../options/inference-options.js';
import {
  addKeyOption,
  addLearningOptions,
  addMachineOptions,
  addOption,
  type KeyFlags,
  type MachineFlags,
  weightsNaming,
} from '../options/options.js';
import { addScoreOption, type ScoreFlags } from '../options/score-option.js';
import { addRemovalOptions, type RemovalFlags } from '../options/removal-options.js';
import { addResultOptions, addTileOption, type ResultFlags } from '../options/result-options.js';

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
  revela denoise photo.jpg                       writes photo.denoised.jpg beside it
  revela denoise shots/ --output clean/
  revela denoise shots/ --output clean/ --adapt  learns from all pictures of the folder together
  revela denoise photo.jpg --strength 60 --detail 80
  revela denoise photo.jpg --preview             shows in seconds what it would do
  revela denoise "scans/*.tif" --minutes 10      takes more time, for a better result
  revela denoise a.jpg --save-weights a.safetensors
  revela denoise b.jpg --weights a.safetensors --no-adapt`;

/** `revela denoise`: its options, not its work. */
export function denoiseCommand(
  run: (inputs: readonly string[], flags: DenoiseFlags) => Promise<void>,
): Command {
  const command = new Command('denoise')
    .description(
      'Removes the noise of photographs: in one pass of the weights that come with revela, or with --adapt by learning first from the given pictures themselves, all of them together.',
    )
    .argument('<PICTURE...>', 'files, folders, or patterns such as "shots/*.jpg"');

  addResultOptions(command, 'NAME.denoised.EXT');
  addScoreOption(command);

  command.optionsGroup('How much:');
  addRemovalOptions(command);
  addOption(
    command,
    '--preview',
    'only write NAME.preview.png: the noisiest and the most detailed place, before and after, without learning (default: the whole picture)',
  );

  command.optionsGroup('Denoising:');
  addOption(
    command,
    '--weights <WEIGHTS>',
    `start from these: general, self-supervised, ${weightsNaming} (default: general; with --method self-supervised)`,
  );
  addKeyOption(command);
  addOption(
    command,
    '--adapt',
    'learn from the pictures first (default: only where --minutes, --steps or the like is given, or weights that learnt from noisy pictures)',
  );
  addOption(command, '--no-adapt', 'do not learn from the pictures, only apply the weights');
  addOption(command, '--from-scratch', 'start from a new network, not from weights (default: from weights)');
  addOption(command, '--save-weights <FILE>', 'keep what was learnt (default: forget it)');
  addInferenceOptions(command);
  addKeepDetailOption(command);
  addTileOption(command);

  addLearningOptions(command, {
    minutes: '3; by a self-supervised --method 1, with --from-scratch 8',
    steps: '300; by a self-supervised --method no limit',
    patch: '96, 160 for sdap',
    batch: '4, 1 for sdap',
    rate: '0.0005; by a self-supervised --method 0.0003, with --from-scratch 0.002, for wide networks less',
  });
  addMachineOptions(command);
  return command.addHelpText('after', examples).action(run);
}
