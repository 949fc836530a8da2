import { Command } from 'commander';
import {
  addJsonOption,
  addKeyOption,
  addOption,
  addOverwriteOption,
  type KeyFlags,
  weightsNaming,
} from '../options/options.js';

/** The options of `revela weights convert` as typed. */
export interface ConvertFlags extends KeyFlags {
  readonly overwrite?: boolean;
  readonly fold?: boolean;
  readonly json?: boolean;
}

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
  addKeyOption(convert);
  addOption(convert, '--fold', 'write a network trained in branches, such as SPAN, as plain convolutions');
  addOverwriteOption(convert);
  addJsonOption(convert);
  convert.addHelpText('after', examples).action(runConvert);
  return new Command('weights')
    .summary('convert weights files')
    .description('Converts weights files.')
    .addCommand(convert);
}
