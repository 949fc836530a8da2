import { Command, Option } from 'commander';
import type { InferenceChoices } from '../library/index.js';
import { addInferenceOptions, addKeepDetailOption } from './inference-options.js';
import { wholeNumber } from './numbers.js';
import { addMachineOptions, addOption, type MachineFlags, weightsNaming } from './options.js';

/** The options of `revela evaluate denoiser` as typed; what was not typed is missing. */
export interface EvaluateDenoiserFlags extends InferenceChoices, MachineFlags {
  readonly weights?: readonly string[];
  readonly noisy: readonly string[];
  readonly clean: readonly string[];
  readonly every?: number;
  readonly limit?: number;
  readonly method?: string;
  readonly keepDetail?: boolean;
  readonly tile?: number;
  readonly seed?: number;
  readonly output?: string;
  readonly overwrite?: boolean;
  readonly csv?: boolean;
}

const examples = `
Examples:
  revela evaluate denoiser --noisy sidd/noisy --clean sidd/clean
  revela evaluate denoiser --weights a.safetensors --weights b.safetensors \\
    --noisy "polyu/*_real.JPG" --clean "polyu/*_mean.JPG" --every 4 --csv > scores.csv`;

/** `revela evaluate`: its options, not its work. */
export function evaluateCommand(runDenoiser: (flags: EvaluateDenoiserFlags) => Promise<void>): Command {
  const denoiser = new Command('denoiser')
    .summary('compare denoised pictures with clean ones')
    .description(
      'Denoises noisy pictures with weights as they are, without learning from them, and compares the results with clean pictures of the same names: PSNR and SSIM of each picture before and after, their means, time and memory.',
    );

  denoiser.optionsGroup('Pictures:');
  denoiser.addOption(
    new Option('--noisy <PATH...>', 'folders, files or patterns (needed)').makeOptionMandatory(),
  );
  denoiser.addOption(
    new Option(
      '--clean <PATH...>',
      'likewise; names may differ by words such as _noisy and _clean, and in the extension (needed)',
    ).makeOptionMandatory(),
  );
  addOption(denoiser, '--every <N>', 'take every so manyth pair only (default: 1)', {
    parse: wholeNumber(1),
  });
  addOption(denoiser, '--limit <N>', 'take so many pairs at most (default: all)', { parse: wholeNumber(1) });

  denoiser.optionsGroup('Denoising:');
  addOption(
    denoiser,
    '--weights <WEIGHTS...>',
    `one, or several to compare: ${weightsNaming} (default: those that come with revela)`,
  );
  addOption(denoiser, '--method <NAME>', 'how to apply them (default: as their file says)');
  addInferenceOptions(denoiser);
  addKeepDetailOption(denoiser);
  addOption(
    denoiser,
    '--tile <PIXELS>',
    'largest side of the parts that pictures are cut into; less takes less memory (default: by the network)',
    { parse: wholeNumber(32, 16_384) },
  );

  addOption(denoiser, '--seed <N>', 'of what a method draws at test time (default: 0)', {
    parse: wholeNumber(0),
  });

  denoiser.optionsGroup('Results:');
  addOption(
    denoiser,
    '-o, --output <FOLDER>',
    'write the denoised pictures there, as PNG; for several weights into a folder for each (default: do not)',
  );
  addOption(denoiser, '--overwrite', 'replace files that exist (default: refuse)');
  addOption(denoiser, '--csv', 'write the table as comma-separated values (default: text for people)');
  addMachineOptions(denoiser);
  denoiser.addHelpText('after', examples).action(runDenoiser);

  return new Command('evaluate')
    .description('Measures how well weights work on pictures whose truth is known.')
    .addCommand(denoiser);
}
