import { Command } from 'commander';
import { addJsonOption, addKeyOption, addOption, type KeyFlags, weightsNaming } from '../options/options.js';

/** The options of `revela export` as typed; what was not typed is missing. */
export interface ExportFlags extends KeyFlags {
  readonly method?: string;
  readonly enhance?: boolean;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** `revela export`: its options, not its work. */
export function exportCommand(
  run: (weights: string, model: string, flags: ExportFlags) => Promise<void>,
): Command {
  const command = new Command('export')
    .description(
      'Writes weights as one ONNX model that denoises or enlarges pictures of any size in any ONNX Runtime: in Node, in the browser, in Python. It gives what revela denoise --no-adapt --no-keep-detail does, or revela upscale.',
    )
    .argument('<WEIGHTS>', `weights of a denoiser or an upscaler: ${weightsNaming}`)
    .argument('<MODEL>', 'the file to write, such as model.onnx');
  addOption(
    command,
    '--method <NAME>',
    'how the model denoises; revela methods lists them (default: that of the weights)',
  );
  addOption(command, '--enhance', "the method's second pass over its result (default: on)");
  addOption(command, '--no-enhance', 'leave out the second pass');
  addKeyOption(command);
  addOption(command, '--overwrite', 'replace a file that exists (default: refuse)');
  addJsonOption(command);
  return command
    .addHelpText(
      'after',
      `
Examples:
  revela export denoiser.safetensors denoiser.onnx
  revela export runs/garden fast.onnx --no-enhance
  revela info denoiser.onnx                       shows what the model is and how it is called`,
    )
    .action(run);
}
