import { Command } from 'commander';
import { convertOptions, weightsNaming } from '../../api/options.js';
import type { FlagsOf } from '../../options/index.js';
import { addOptions } from '../options/add-options.js';
import { jsonOptions, keyOptions } from '../options/common-options.js';

const ownOptions = { ...keyOptions, ...convertOptions, ...jsonOptions };

/** The options of `revela weights convert` as typed. */
export type ConvertFlags = FlagsOf<typeof ownOptions>;

const examples = `
Examples:
  revela weights convert net_g_latest.pth net_g.safetensors
  revela weights convert denoiser.safetensors denoiser.pth     for torch.load
  revela weights convert a.pth=0.7,b.pth=0.3 blend.safetensors`;

/** `revela weights`: its commands and their options, not their work. */
export function weightsCommand(
  runConvert: (input: string, output: string, flags: ConvertFlags) => Promise<void>,
): Command {
  const convert = new Command('convert')
    .summary('convert between PyTorch and safetensors')
    .description(
      'Converts PyTorch checkpoints and safetensors. Only the state dict is written, its numbers unchanged. Nothing in a checkpoint is executed.',
    )
    .argument('<IN>', weightsNaming)
    .argument('<OUT>', 'the file to write: .safetensors, or .pth or .pt for PyTorch');
  addOptions(convert, undefined, ownOptions).addHelpText('after', examples).action(runConvert);
  return new Command('weights')
    .summary('convert weights files')
    .description('Converts weights files.')
    .addCommand(convert);
}
