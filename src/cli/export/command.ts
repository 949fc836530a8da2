import { Command } from 'commander';
import {
  addJsonOption,
  addKeyOption,
  addOption,
  addOverwriteOption,
  type KeyFlags,
  weightsNaming,
} from '../options/options.js';

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
      'Writes weights as one ONNX model for pictures of any size, for any ONNX Runtime: in Node, a browser, Python. It does what denoise --bare --no-adapt --no-keep-detail does, or upscale.',
    )
    .argument('<WEIGHTS>', weightsNaming)
    .argument('<MODEL>', 'the file to write, such as model.onnx');
  addOption(command, '--method <NAME>', 'how the model denoises (default: as it was trained)');
  addOption(command, '--enhance', "the method's second pass (default: on)");
  addOption(command, '--no-enhance', 'without the second pass');
  addKeyOption(command);
  addOverwriteOption(command);
  addJsonOption(command);
  return command
    .addHelpText(
      'after',
      `
Examples:
  revela export denoiser.safetensors denoiser.onnx
  revela export runs/garden fast.onnx --no-enhance
  revela info denoiser.onnx              describes the model`,
    )
    .action(run);
}
