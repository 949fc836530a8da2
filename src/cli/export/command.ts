import { Command } from 'commander';
import { exportDenoiserOptions, weightsNaming } from '../../api/options.js';
import type { FlagsOf } from '../../options/index.js';
import { addOptions } from '../options/add-options.js';
import { jsonOptions, keyOptions } from '../options/common-options.js';

const { method, enhance, overwrite } = exportDenoiserOptions;
const exportOptions = { method, enhance, ...keyOptions, overwrite, ...jsonOptions };

/** The options of `revela export` as typed; what was not typed is missing. */
export type ExportFlags = FlagsOf<typeof exportOptions>;

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
  addOptions(command, undefined, exportOptions);
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
