import { Command } from 'commander';
import { addJsonOption, addKeyOption, addOption, type KeyFlags, weightsNaming } from '../options/options.js';

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
  revela weights convert net.pth last.safetensors --key params
  revela weights convert a.pth=0.7,b.pth=0.3 blend.safetensors
  revela weights convert runs/span span.safetensors --fold     as it is used`;

/** `revela weights`: its commands and their options, not their work. */
export function weightsCommand(
  runConvert: (input: string, output: string, flags: ConvertFlags) => Promise<void>,
): Command {
  const convert = new Command('convert')
    .description(
      'Converts weights: PyTorch checkpoints (new, from before 1.6, TorchScript) and safetensors are read, and the state dict alone is written, its numbers as they are. Nothing in a checkpoint is executed.',
    )
    .argument(
      '<IN>',
      `${weightsNaming}; a file is .safetensors (or the index.json of several), .pth, .pt or .ckpt, and its content decides, not its name`,
    )
    .argument('<OUT>', 'the file to write: .safetensors, or .pth or .pt for PyTorch');
  addKeyOption(convert);
  addOption(
    convert,
    '--fold',
    'write a network that is learnt in branches, such as SPAN, as the plain convolutions that they are together: smaller, and used as it is (default: numbers as they are)',
  );
  addOption(convert, '--overwrite', 'replace a file that exists (default: refuse)');
  addJsonOption(convert);
  convert.addHelpText('after', examples).action(runConvert);
  return new Command('weights')
    .summary('convert weights files')
    .description('Works on weights files.')
    .addCommand(convert);
}
