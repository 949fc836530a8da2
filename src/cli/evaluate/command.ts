import { Command, Option } from 'commander';
import type { InferenceChoices } from '../../api/index.js';
import { collected } from '../options/collected.js';
import { addInferenceOptions, addKeepDetailOption } from '../options/inference-options.js';
import { wholeNumber } from '../options/numbers.js';
import {
  addKeyOption,
  addMachineOptions,
  addOption,
  type KeyFlags,
  type MachineFlags,
  weightsNaming,
} from '../options/options.js';
import { type EvaluateQualityFlags, qualityCommand } from './quality/command.js';
import { addTileOption } from '../options/result-options.js';
import { addRemovalOptions, type RemovalFlags } from '../options/removal-options.js';
import { addSelectionOptions } from '../options/selection-options.js';

/** The options of all evaluations as typed; what was not typed is missing. */
export interface EvaluationFlags extends MachineFlags, KeyFlags {
  readonly weights?: readonly string[];
  readonly every?: number;
  readonly limit?: number;
  readonly tile?: number;
  readonly output?: string;
  readonly overwrite?: boolean;
  readonly csv?: boolean;
}

/** The options of `revela evaluate denoiser` as typed; what was not typed is missing. */
export interface EvaluateDenoiserFlags extends EvaluationFlags, InferenceChoices, Omit<RemovalFlags, 'mask'> {
  readonly noisy: readonly string[];
  readonly clean: readonly string[];
  readonly method?: string;
  readonly keepDetail?: boolean;
  readonly seed?: number;
}

/** The options of `revela evaluate upscaler` as typed; what was not typed is missing. */
export interface EvaluateUpscalerFlags extends EvaluationFlags {
  readonly small?: readonly string[];
  readonly scale?: number;
  readonly border?: number;
}

/** `revela evaluate`: its commands and their options, not their work. */
export function evaluateCommand(
  runDenoiser: (flags: EvaluateDenoiserFlags) => Promise<void>,
  runUpscaler: (inputs: readonly string[], flags: EvaluateUpscalerFlags) => Promise<void>,
  runQuality: (flags: EvaluateQualityFlags) => Promise<void>,
): Command {
  return new Command('evaluate')
    .description(
      'Measures how well weights work on pictures whose truth is known, and how well measures of quality agree with people.',
    )
    .addCommand(denoiserCommand(runDenoiser))
    .addCommand(upscalerCommand(runUpscaler))
    .addCommand(qualityCommand(runQuality));
}

function denoiserCommand(run: (flags: EvaluateDenoiserFlags) => Promise<void>): Command {
  const command = new Command('denoiser')
    .summary('compare denoised pictures with clean ones')
    .description(
      'Denoises noisy pictures with weights as they are, without learning from them, and compares the results with clean pictures of the same names: PSNR and SSIM of each picture before and after, their means, time and memory.',
    );

  command.optionsGroup('Pictures:');
  command.addOption(
    new Option('--noisy <PATH...>', 'folders, files or patterns (needed)').makeOptionMandatory(),
  );
  command.addOption(
    new Option(
      '--clean <PATH...>',
      'likewise; names may differ by words such as _noisy and _clean, and in the extension (needed)',
    ).makeOptionMandatory(),
  );
  addSelectionOptions(command, 'pair');

  command.optionsGroup('Denoising:');
  addOption(
    command,
    '--weights <WEIGHTS...>',
    `one, or several to compare: ${weightsNaming} (default: those that come with revela)`,
  );
  addKeyOption(command);
  addOption(command, '--method <NAME>', 'how to apply them (default: as their file says)');
  addInferenceOptions(command);
  addKeepDetailOption(command);
  addRemovalOptions(command, false);
  addTileOption(command);
  addOption(command, '--seed <N>', 'of what a method draws at test time (default: 0)', {
    parse: wholeNumber(0),
  });

  addTableOptions(command, 'denoised');
  return command
    .addHelpText(
      'after',
      `
Examples:
  revela evaluate denoiser --noisy sidd/noisy --clean sidd/clean
  revela evaluate denoiser --weights a.safetensors --weights runs/b \\
    --noisy "polyu/*_real.JPG" --clean "polyu/*_mean.JPG" --every 4 --csv > scores.csv`,
    )
    .action(run);
}

function upscalerCommand(
  run: (inputs: readonly string[], flags: EvaluateUpscalerFlags) => Promise<void>,
): Command {
  const command = new Command('upscaler')
    .summary('compare enlarged pictures with large ones')
    .description(
      'Makes large pictures small by bicubic, enlarges them with weights as they are, and compares the results with the large ones on the luma, as papers do: PSNR and SSIM of each picture, beside those of the bicubic enlargement, their means, time and memory.',
    )
    .argument('<PICTURE...>', 'large pictures: files, folders, or patterns such as "set14/*_HR.png"');

  command.optionsGroup('Pictures:');
  addOption(
    command,
    '--small <PATH>',
    'a folder, file or pattern of the same pictures small; names may differ by words such as _HR and _LR, and in the extension; can be given again (default: made by bicubic)',
    { parse: collected },
  );
  addSelectionOptions(command, 'picture');

  command.optionsGroup('Enlarging:');
  addOption(
    command,
    '--weights <WEIGHTS>',
    `of a network that enlarges: ${weightsNaming}; can be given again to compare several (default: those that come with revela)`,
    { parse: collected },
  );
  addKeyOption(command);
  addOption(
    command,
    '--scale <N>',
    "2, 3 or 4, at most as the network does; where less, its result is resampled (default: the network's)",
    { parse: wholeNumber(2, 4) },
  );
  addOption(
    command,
    '--border <PIXELS>',
    'what is left out on every side where results are compared (default: as many as the scale)',
    { parse: wholeNumber(0, 1000) },
  );
  addTileOption(command);

  addTableOptions(command, 'enlarged');
  return command
    .addHelpText(
      'after',
      `
Examples:
  revela evaluate upscaler --weights runs/pixel set5/
  revela evaluate upscaler --weights runs/pixel --weights realesr-general-x4v3 "set14/*_HR.png" --csv > scores.csv
  revela evaluate upscaler --weights runs/pixel --small "set14/*_LR.png" "set14/*_HR.png"`,
    )
    .action(run);
}

/** Adds the options of what is written, and of the machine. */
function addTableOptions(command: Command, made: string): void {
  command.optionsGroup('Results:');
  addOption(
    command,
    '-o, --output <FOLDER>',
    `write the ${made} pictures there, as PNG; for several weights into a folder for each (default: do not)`,
  );
  addOption(command, '--overwrite', 'replace files that exist (default: refuse)');
  addOption(command, '--csv', 'write the table as comma-separated values (default: text for people)');
  addMachineOptions(command);
}
