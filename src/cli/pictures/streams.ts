import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesOfStream, describePicture, type PictureFormat } from '../../api/index.js';
import { OptionError } from '../../errors.js';
import type { Context, Input, Output } from '../context.js';
import type { ResultFlags } from '../options/common-options.js';
import type { Stop } from '../terminal/stop.js';

/** What stands for standard input among the pictures, and for standard output as `--output`. */
const stream = '-';

/** The options that decide where a picture comes from and goes. */
type StreamFlags = ResultFlags & { readonly json?: boolean | undefined };

/** A command that makes pictures of pictures. */
type Run<Flags> = (inputs: readonly string[], flags: Flags, context: Context) => Promise<number>;

/**
 * Runs a command whose picture may come from standard input, as `-`, or go to standard output, as `--output -`, where it also
 * goes when it came from standard input and nothing else is said. It then works on files of a folder of its own, which is
 * removed; messages call them standard input and standard output.
 *
 * @param usual the format of results where no option says one; default: that of the picture
 * @returns the exit code
 * @throws OptionError for several pictures, for a terminal at either end, and for `--json` beside a picture; RevelaError for
 *   more than a picture file can hold
 */
export async function withStreams<Flags extends StreamFlags>(
  run: Run<Flags>,
  inputs: readonly string[],
  flags: Flags,
  context: Context,
  usual?: PictureFormat,
): Promise<number> {
  const reads = inputs.includes(stream);
  const writes = flags.output === stream || (reads && flags.output === undefined);
  if (!reads && !writes) return run(inputs, flags, context);
  const given = await check(inputs, flags, context, { reads, writes });
  const bytes = given === undefined ? undefined : await bytesOfStream(given);
  // From here on Ctrl-C is answered, so that the folder does not stay behind.
  const stop = context.listenForStop();
  const folder = await mkdtemp(join(tmpdir(), 'revela-'));
  const remains = stop.beforeEnd(() => rmSync(folder, { recursive: true, force: true }));
  const [source, target] = [join(folder, 'input'), join(folder, 'output')];
  const named = (text: string): string =>
    text.replaceAll(source, 'standard input').replaceAll(target, 'standard output');
  try {
    if (bytes !== undefined) await writeFile(source, bytes);
    const [first = ''] = inputs;
    const input = reads ? source : first;
    const { format: own } = await describePicture(input);
    const format = flags.format ?? usual ?? own;
    const code = await run(
      [input],
      writes ? { ...flags, output: target, format } : flags,
      renaming(context, named, writes, stop),
    );
    if (writes && code === 0) context.stdout.write(await readFile(target));
    return code;
  } catch (error) {
    if (error instanceof Error) error.message = named(error.message);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
    remains();
  }
}

/** Refuses what cannot be; gives what is to be read. */
async function check(
  inputs: readonly string[],
  { json = false, shard }: StreamFlags,
  { stdin, stdout }: Context,
  { reads, writes }: { readonly reads: boolean; readonly writes: boolean },
): Promise<Input | undefined> {
  const [first = ''] = inputs;
  if (inputs.length > 1)
    throw new OptionError('- stands for one picture: leave out the others, or name files and a folder');
  if (shard !== undefined)
    throw new OptionError('- stands for one picture, which is not shared out: leave out --shard');
  if (reads && (stdin === undefined || stdin.isTTY === true))
    throw new OptionError('standard input is a terminal: pipe a picture into the command, or name a file');
  if (writes && stdout.isTTY === true)
    throw new OptionError('standard output is a terminal: send it to a file, as in > result.jpg');
  if (writes && json)
    throw new OptionError('standard output cannot take both the picture and --json: leave out one of them');
  if (!reads && !((await stat(first).catch(() => undefined))?.isFile() ?? true))
    throw new OptionError(
      `--output - takes one picture, and ${first} is no file: name a folder for its results`,
    );
  return reads ? stdin : undefined;
}

/** The context with the names of the files replaced in all that is shown; what lists files is silent beside a picture. */
function renaming(context: Context, named: (text: string) => string, writes: boolean, stop: Stop): Context {
  const through = (output: Output): Output => ({
    get isTTY() {
      return output.isTTY === true;
    },
    get columns() {
      return output.columns ?? 80;
    },
    write: (text) => output.write(typeof text === 'string' ? named(text) : text),
  });
  return {
    stdout: writes ? { write: () => undefined } : through(context.stdout),
    stderr: through(context.stderr),
    colour: context.colour,
    offline: context.offline,
    quiet: context.quiet === true,
    get modelFolder() {
      return context.modelFolder;
    },
    listenForStop: () => stop,
  };
}
