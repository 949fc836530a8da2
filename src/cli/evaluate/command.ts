import { Command, Option } from 'commander';
import type { InferenceChoices } from '../../api/index.js';
import { collected } from '../options/collected.js';
import { addInferenceOptions, addKeepDetailOption } from '../options/inference-options.js';
import { wholeNumber } from '../options/numbers.js';
import {
  addCsvOption,
  addKeyOption,
  addMachineOptions,
  addOption,
  addOverwriteOption,
  type KeyFlags,
  type MachineFlags,
  weightsNaming,
} from '../options/options.js';
import { addRemovalOptions, type RemovalFlags } from '../options/removal-options.js';
import { addTileOption } from '../options/result-options.js';
import { addSelectionOptions } from '../options/selection-options.js';
import { type EvaluateQualityFlags, qualityCommand } from './quality/command.js';

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

  command.optionsGroup('Pictures:');
  command.addOption(
    new Option('--noisy <PATH...>', 'folders, files or patterns (required)').makeOptionMandatory(),
  );
  command.addOption(
    new Option('--clean <PATH...>', 'the same, paired by name (required)').makeOptionMandatory(),
  );
  addSelectionOptions(command, 'pair');

  command.optionsGroup('Denoising:');
  addOption(
    command,
    '-w, --weights <WEIGHTS...>',
    `${weightsNaming}; several are compared (default: built-in)`,
  );
  addKeyOption(command);
  addOption(command, '--method <NAME>', 'how to apply them (default: as they were trained)');
  addInferenceOptions(command);
  addKeepDetailOption(command);
  addRemovalOptions(command, false);
  addTileOption(command);
  addOption(command, '--seed <N>', 'seed of what a method draws (default: 0)', {
    parse: wholeNumber(0),
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

  command.optionsGroup('Pictures:');
  addOption(command, '--small <PATH>', 'small pictures, paired by name (default: by bicubic)', {
    parse: collected,
  });
  addSelectionOptions(command, 'picture');

  command.optionsGroup('Enlarging:');
  addOption(
    command,
    '-w, --weights <WEIGHTS>',
    `${weightsNaming}; several are compared (default: built-in)`,
    { parse: collected },
  );
  addKeyOption(command);
  addOption(command, '-s, --scale <N>', "2, 3 or 4 (default: the network's)", {
    parse: wholeNumber(2, 4),
  });
  addOption(command, '--border <PIXELS>', 'pixels left out on every side (default: the scale)', {
    parse: wholeNumber(0, 1000),
  });
  addTileOption(command);

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
  command.optionsGroup('Results:');
  addOption(command, '-o, --output <FOLDER>', `also write the ${made} pictures, as PNG`);
  addOverwriteOption(command, 'replace existing files');
  addCsvOption(command);
  addMachineOptions(command);
}
