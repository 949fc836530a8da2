import { Command } from 'commander';
import {
  applyingOptions,
  findLargeOptions,
  findPairsOptions,
  machineOptions,
  upscaleOptions,
} from '../../api/options.js';
import { type FlagsOf, path, retold, without } from '../../options/index.js';
import { addOptions } from '../options/add-options.js';
import {
  addMachineOptions,
  computingOptions,
  csvOptions,
  keyOptions,
  overwriteOptions,
  selected,
  selectionOptions,
  severalWeights,
} from '../options/common-options.js';
import { type EvaluateQualityFlags, qualityCommand } from './quality/command.js';

/** What all evaluations of weights write. */
const tableOptions = {
  output: path({ short: 'o', value: 'FOLDER', words: 'also write the pictures that are made, as PNG' }),
  ...retold(overwriteOptions, { overwrite: { words: 'replace existing files' } }),
  ...csvOptions,
};
const evaluationOptions = { ...tableOptions, ...selectionOptions, ...keyOptions, ...computingOptions };
const weights = { weights: severalWeights };

const { noisy, clean } = findPairsOptions;
const { small, border } = findLargeOptions;

/** The pictures of pairs. */
const pairOptions = { noisy, clean };
const smallOptions = { small };
const enlargingOptions = { scale: upscaleOptions.scale, border, tile: upscaleOptions.tile };

const { weights: _weights, ...denoising } = without(applyingOptions, machineOptions);

/** The options of all evaluations as typed; what was not typed is missing. */
export type EvaluationFlags = FlagsOf<typeof evaluationOptions & typeof weights>;

/** The options of `revela evaluate denoiser` as typed; what was not typed is missing. */
export type EvaluateDenoiserFlags = EvaluationFlags &
  FlagsOf<typeof denoising> & { readonly [Name in keyof typeof pairOptions]: readonly string[] };

/** The options of `revela evaluate upscaler` as typed; what was not typed is missing. */
export type EvaluateUpscalerFlags = EvaluationFlags & FlagsOf<typeof smallOptions & typeof enlargingOptions>;

/** `revela evaluate`: its commands and their options, not their work. */
export function evaluateCommand(
  runDenoiser: (flags: EvaluateDenoiserFlags) => Promise<void>,
  runUpscaler: (inputs: readonly string[], flags: EvaluateUpscalerFlags) => Promise<void>,
  runQuality: (flags: EvaluateQualityFlags) => Promise<void>,
): Command {
  return new Command('evaluate')
    .description(
      'Measures how well weights work on pictures with a known truth, and how well quality metrics agree with people.',
    )
    .addCommand(denoiserCommand(runDenoiser))
    .addCommand(upscalerCommand(runUpscaler))
    .addCommand(qualityCommand(runQuality));
}

function denoiserCommand(run: (flags: EvaluateDenoiserFlags) => Promise<void>): Command {
  const command = new Command('denoiser')
    .summary('compare denoised pictures with clean ones')
    .description(
      'Denoises noisy pictures without learning from them, and compares the results with clean ones: PSNR and SSIM before and after, time and memory.',
    );

  addOptions(command, 'Pictures:', { ...pairOptions, ...selected('pair') });
  addOptions(command, 'Denoising:', {
    ...retold(weights, { weights: { value: 'WEIGHTS...' } }),
    ...keyOptions,
    ...retold(denoising, {
      method: { words: 'how to apply them', usual: 'as they were trained' },
      seed: { words: 'seed of what a method draws' },
    }),
  });
  addTableOptions(command, 'denoised');
  return command
    .addHelpText(
      'after',
      `
Examples:
  revela evaluate denoiser --noisy sidd/noisy --clean sidd/clean
  revela evaluate denoiser -w a.safetensors -w runs/b --noisy "polyu/*_real.JPG" --clean "polyu/*_mean.JPG"`,
    )
    .action(run);
}

function upscalerCommand(
  run: (inputs: readonly string[], flags: EvaluateUpscalerFlags) => Promise<void>,
): Command {
  const command = new Command('upscaler')
    .summary('compare enlarged pictures with large ones')
    .description(
      'Reduces large pictures by bicubic, enlarges them again, and compares the results on the luma, as papers do: PSNR and SSIM beside those of bicubic, time and memory.',
    )
    .argument('<PICTURE...>', 'large pictures: files, folders, or patterns such as "set14/*_HR.png"');

  addOptions(command, 'Pictures:', { ...smallOptions, ...selected('picture') });
  addOptions(command, 'Enlarging:', { ...weights, ...keyOptions, ...enlargingOptions });
  addTableOptions(command, 'enlarged');
  return command
    .addHelpText(
      'after',
      `
Examples:
  revela evaluate upscaler set5/
  revela evaluate upscaler -w runs/pixel -w realesr-general-x4v3 "set14/*_HR.png" --csv > scores.csv`,
    )
    .action(run);
}

/** Adds the options of what is written, and of the machine. */
function addTableOptions(command: Command, made: string): void {
  addOptions(
    command,
    'Results:',
    retold(tableOptions, { output: { words: `also write the ${made} pictures, as PNG` } }),
  );
  addMachineOptions(command);
}
