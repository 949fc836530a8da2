import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { number, object } from 'valibot';
import { RevelaError } from '../../errors.js';
import { fileError, fileErrorCode } from '../../file-errors.js';
import { readJson } from '../../options/index.js';
import { readSafetensors, type StoredTensor, writeSafetensors } from '../../weights/index.js';
import { writeBeside } from '../../write-beside.js';

/** Everything that a run needs to go on from a step. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  /** Any groups of tensors, named `group/name`: `parameter/head.weight`, `average/head.weight`. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** What else the run has to know, as JSON text; `{}` if nothing. */
  readonly state: string;
  /** Strings for people and other programs; not `format`, `step`, `state` or `crc32`. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A checkpoint that was read, with the file that it came from. */
export type StoredCheckpoint = Required<Checkpoint> & { readonly path: string };

/** 2: the checksum covers everything in the file. */
const format = 'revela-checkpoint-2';
/** Whose checksum covers state, names and numbers of tensors alone. */
const firstFormat = 'revela-checkpoint-1';
const fileName = /^step-(\d{8,})\.safetensors$/;
const pointerName = 'last.json';

/**
 * Writes a checkpoint into a folder, then points `last.json` to it, then removes all but the last `keep` and those of
 * later steps, which a run that was taken back leaves behind. A kill at any moment leaves a folder to go on from.
 *
 * @returns the path of the checkpoint
 * @throws RevelaError, one line, if the folder cannot be written or the disk is full
 */
export async function saveCheckpoint(folder: string, keep: number, checkpoint: Checkpoint): Promise<string> {
  const { step, tensors, state, metadata } = checkpoint;
  if (!Number.isSafeInteger(step) || step < 0) throw new RangeError(`a checkpoint cannot be of step ${step}`);
  const name = `step-${String(step).padStart(8, '0')}.safetensors`;
  const path = join(folder, name);
  const signed = { ...metadata, format, step: String(step), state };
  await writeSafetensors(path, { tensors, metadata: { ...signed, crc32: sumOf(tensors, signed) } });
  try {
    const pointer = `${JSON.stringify({ step, file: name })}\n`;
    await writeBeside(join(folder, pointerName), [new TextEncoder().encode(pointer)]);
    const [kept, later] = partition(await storedSteps(folder), (stored) => stored.step <= step);
    for (const stale of [...later, ...kept.slice(keep)]) await rm(join(folder, stale.name), { force: true });
  } catch (error) {
    throw fileError(`cannot write ${folder}`, error);
  }
  return path;
}

/**
 * Reads the checkpoint that `last.json` points to; the one before it where that is damaged, and so on.
 *
 * @param warn gets one line for every checkpoint that cannot be used
 * @returns `undefined` if there is none
 * @throws RevelaError if there are checkpoints and none can be used
 */
export async function loadCheckpoint(
  folder: string,
  warn: (line: string) => void,
): Promise<StoredCheckpoint | undefined> {
  const stored = await storedSteps(folder);
  const last = (await pointedStep(folder)) ?? Number.POSITIVE_INFINITY;
  const upToLast = stored.filter(({ step }) => step <= last);
  for (const { name, step } of upToLast) {
    try {
      return await readCheckpoint(join(folder, name), step);
    } catch (error) {
      if (!(error instanceof RevelaError)) throw error;
      warn(`${error.message}; trying the checkpoint before it`);
    }
  }
  if (stored.length === 0) return undefined;
  throw new RevelaError(`no checkpoint in ${folder} can be used; start a new run in another folder`);
}

/**
 * The tensors of one group of a checkpoint, by their names within it.
 *
 * @example
 * tensorGroup(checkpoint.tensors, 'average').get('head.weight');
 */
export function tensorGroup(
  tensors: ReadonlyMap<string, StoredTensor>,
  group: string,
): ReadonlyMap<string, StoredTensor> {
  const prefix = `${group}/`;
  const members = [...tensors].filter(([name]) => name.startsWith(prefix));
  return new Map(members.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

async function readCheckpoint(path: string, named: number): Promise<StoredCheckpoint> {
  const { tensors, metadata: all } = await readSafetensors(path);
  const { crc32: sum, ...signed } = all;
  const { format: foundFormat, step, state, ...metadata } = signed;
  const known = foundFormat === format || foundFormat === firstFormat;
  if (!known || step === undefined || state === undefined) {
    throw new RevelaError(`${path} is no checkpoint of the format ${format}`);
  }
  const right = foundFormat === format ? sumOf(tensors, signed) : firstSumOf(tensors, state);
  if (sum !== right) throw new RevelaError(`${path} is damaged: its checksum is wrong`);
  if (Number(step) !== named)
    throw new RevelaError(`${path} is damaged: by its name it is of step ${named}, and it says ${step}`);
  return { step: named, tensors, state, metadata, path };
}

/** The format of the weights has no checksum of its own, and a damaged disk changes bytes, not lengths. */
function sumOf(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>>,
): string {
  const entries = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  let sum = crc32(JSON.stringify(entries));
  for (const [name, { dtype, shape, data }] of tensors)
    sum = crc32(data, crc32(JSON.stringify([name, dtype, shape]), sum));
  return hexadecimal(sum);
}

function firstSumOf(tensors: ReadonlyMap<string, StoredTensor>, state: string): string {
  let sum = crc32(state);
  for (const [name, { data }] of tensors) sum = crc32(data, crc32(name, sum));
  return hexadecimal(sum);
}

const hexadecimal = (sum: number): string => sum.toString(16).padStart(8, '0');

/** The checkpoints of a folder, the latest first. */
async function storedSteps(folder: string): Promise<readonly { name: string; step: number }[]> {
  try {
    return (await readdir(folder))
      .flatMap((name) => {
        const step = fileName.exec(name)?.[1];
        return step === undefined ? [] : [{ name, step: Number(step) }];
      })
      .sort((a, b) => b.step - a.step);
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return [];
    throw fileError(`cannot read ${folder}`, error);
  }
}

const pointer = object({ step: number() });

/** The step that `last.json` gives; `undefined` where it is missing or damaged, when the latest will do. */
async function pointedStep(folder: string): Promise<number | undefined> {
  return readJson(pointer, await readFile(join(folder, pointerName), 'utf8').catch(() => ''))?.step;
}

function partition<Item>(items: readonly Item[], test: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
