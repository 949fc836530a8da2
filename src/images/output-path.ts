import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { RevelaError } from '../errors.js';
import { formatOfPath, formats, type PictureFormat } from './formats.js';

/** How results are named. */
export interface OutputNaming {
  /** Put before the extension of results that lie beside their input, such as `.denoised`. */
  readonly suffix: string;
  /** The kind of file to write, which decides the extension; default: that of the input. */
  readonly format?: PictureFormat;
}

/** A picture to read and the file to write its result to. */
export interface OutputPair {
  readonly input: string;
  readonly output: string;
}

/**
 * Where the results of the inputs go:
 * - without `output`, beside the input: `photo.jpg` gives `photo.denoised.jpg`;
 * - one input and `output` is neither an existing folder nor ends with `/`: to that file;
 * - else into the folder `output`, under the names of the inputs.
 *
 * @throws RevelaError if two inputs have one output, an output is one of the inputs, or several inputs were given
 *   and `output` is an existing file
 *
 * @example
 * await planOutputs(['a.jpg', 'b.png'], 'clean', { suffix: '.denoised' }); // clean/a.jpg, clean/b.png
 */
export async function planOutputs(
  inputs: readonly string[],
  output: string | undefined,
  naming: OutputNaming,
): Promise<OutputPair[]> {
  const folder = output !== undefined && (await isFolder(output, inputs.length));
  const pairs = inputs.map((input) => ({ input, output: outputPath(input, output, naming, folder) }));
  const sources = new Set(inputs.map((input) => resolve(input)));
  const targets = new Map<string, string>();
  for (const pair of pairs) {
    const target = resolve(pair.output);
    const other = targets.get(target);
    if (other !== undefined) {
      throw new RevelaError(
        `${other} and ${pair.input} would both be written to ${pair.output}; process them in two runs with different outputs`,
      );
    }
    if (sources.has(target)) {
      throw new RevelaError(
        `the result of ${pair.input} would replace the input ${pair.output}; choose another output`,
      );
    }
    targets.set(target, pair.input);
  }
  return pairs;
}

/**
 * The name of one result, by the rules of {@link planOutputs}.
 *
 * @param folder whether `output` is a folder; default: whether it ends with a slash
 *
 * @example
 * outputPath('scans/photo.jpg', undefined, { suffix: '.denoised', format: 'png' }); // scans/photo.denoised.png
 */
export function outputPath(
  input: string,
  output: string | undefined,
  naming: OutputNaming,
  folder: boolean = output !== undefined && endsWithSlash(output),
): string {
  if (output !== undefined && !folder) return output;
  const known = formatOfPath(input);
  // The extension is kept when it fits (.jpeg stays .jpeg); a name without a known one is kept whole.
  const own = known === undefined ? '' : extname(input);
  const stem = basename(input, own);
  const format = naming.format ?? known ?? 'png';
  const extension = known === format ? own : formats[format].extension;
  return output === undefined
    ? join(dirname(input), `${stem}${naming.suffix}${extension}`)
    : join(output, `${stem}${extension}`);
}

async function isFolder(output: string, inputs: number): Promise<boolean> {
  const facts = await stat(output).catch(() => undefined);
  if (facts?.isDirectory()) return true;
  if (inputs > 1 && facts !== undefined) {
    throw new RevelaError(`--output ${output} is a file, but there are ${inputs} inputs; name a folder`);
  }
  return inputs > 1 || endsWithSlash(output);
}

function endsWithSlash(path: string): boolean {
  return path.endsWith('/') || path.endsWith('\\');
}
