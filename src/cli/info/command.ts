import { Command } from 'commander';
import type { FlagsOf } from '../../options/index.js';
import { addOptions } from '../options/add-options.js';
import { jsonOptions, keyOptions } from '../options/common-options.js';

const infoOptions = { ...keyOptions, ...jsonOptions };

/** The options of `revela info`, and of `revela doctor`, which has no `--key`. */
export type ReportFlags = FlagsOf<typeof infoOptions>;

/** `revela info`: its options, not its work. */
export function infoCommand(run: (path: string, flags: ReportFlags) => Promise<void>): Command {
  const command = new Command('info')
    .description(
      'Describes a picture (size, format, colours, camera), weights (network, method, training, licence), an ONNX model (inputs, outputs, card) or a run folder (settings, state).',
    )
    .argument(
      '<FILE>',
      'a picture, weights (.safetensors or the index.json of several, .pth, .pt, .ckpt, or a name that revela models knows), an .onnx model or a run folder',
    );
  addOptions(command, undefined, infoOptions);
  return command
    .addHelpText(
      'after',
      `
Examples:
  revela info photo.jpg
  revela info runs/garden --json`,
    )
    .action(run);
}

/** `revela doctor`: its options, not its work. */
export function doctorCommand(run: (flags: ReportFlags) => Promise<void>): Command {
  const command = new Command('doctor').description(
    'Shows versions, memory, whether the built-in weights load, and how fast each device is, or why it does not work. Exits with 1 if something is missing.',
  );
  addOptions(command, undefined, jsonOptions);
  return command
    .addHelpText(
      'after',
      `
Example:
  revela doctor`,
    )
    .action(run);
}
