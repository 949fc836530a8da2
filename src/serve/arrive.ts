import { createHash } from 'node:crypto';
import { describePicture, type FairQueue } from '../api/index.js';
import { RevelaError } from '../errors.js';
import type { Limits } from './options.js';
import { namedFiles } from './job.js';
import type { Operation } from './operations.js';
import { Refusal } from './problem.js';
import { type Spool, type Spooled, tooLarge } from './spool.js';

/** Pictures that came, in files. */
export interface Arrived {
  readonly files: readonly string[];
  /** Of the files, in hexadecimal. */
  readonly hash: string;
  readonly bytes: number;
}

/** What a form adds to its pictures. */
const formBytes = 65_536;

/** Where pictures come to. */
export interface Gate {
  readonly spool: Spool;
  readonly limits: Limits;
  /** So many are looked at in memory at once. */
  readonly looking: FairQueue;
}

/**
 * Takes in the pictures of a request, and looks at their headers: nothing is decoded before its size is known to be allowed.
 *
 * @throws Refusal for what is too large, empty, cut off or too slow; RevelaError for what is no picture; nothing is kept then
 */
export async function arrive(request: Request, { pictures }: Operation, gate: Gate): Promise<Arrived> {
  const { spool, limits } = gate;
  const most = pictures.length === 1 ? limits.maxBytes : 2 * limits.maxBytes + formBytes;
  const length = Number(request.headers.get('content-length') ?? 0);
  if (length > most) throw tooLarge(most);
  const late = AbortSignal.timeout(limits.transferSeconds * 1000);
  const signal = AbortSignal.any([request.signal, late]);
  let files: readonly string[] = [];
  try {
    const body = await spool.receive(request.body, most, signal);
    files = [body.path];
    const type = request.headers.get('content-type') ?? '';
    const parts =
      pictures.length === 1
        ? [body]
        : await gate.looking.take(() => partsOf(body, type, pictures, gate, signal), signal);
    files = parts.map(({ path }) => path);
    for (const file of files) await gate.looking.take(() => checkSize(file, limits.maxMegapixels), signal);
    return {
      files,
      hash: parts.map(({ sha256 }) => sha256).join(' '),
      bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  } catch (error) {
    await spool.remove(...files);
    if (late.aborted) throw tooSlow(limits.transferSeconds);
    if (error instanceof RevelaError) error.message = namedFiles(files, error.message);
    throw error;
  }
}

async function checkSize(file: string, maxMegapixels: number): Promise<void> {
  const { width, height } = await describePicture(file);
  if (width * height > maxMegapixels * 1e6)
    throw new RevelaError(
      `the picture has ${width}×${height} pixels, more than the ${maxMegapixels} megapixels that are taken`,
      { code: 'ERR_TOO_LARGE' },
    );
}

/** The pictures of a form, in files of their own. */
async function partsOf(
  body: Spooled,
  type: string,
  pictures: Operation['pictures'],
  { spool, limits }: Gate,
  signal: AbortSignal,
): Promise<readonly Spooled[]> {
  const parts: Spooled[] = [];
  try {
    const form = await spool.form(body, type);
    for (const name of pictures) {
      const part = form?.get(name);
      if (part === null || part === undefined || typeof part === 'string')
        throw new Refusal(
          400,
          'ERR_NO_BODY',
          `the body must be a form (multipart/form-data) with the files ${pictures.join(' and ')}`,
        );
      parts.push(await spool.receive(part.stream(), limits.maxBytes, signal));
    }
    return parts;
  } catch (error) {
    await spool.remove(...parts.map(({ path }) => path));
    throw error;
  } finally {
    await spool.remove(body.path);
  }
}

/** What says whether two requests ask for the same. */
export function fingerprintOf(
  operation: string,
  given: ReadonlyMap<string, string>,
  { hash }: Arrived,
): string {
  const options = [...given].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([operation, options, hash]))
    .digest('hex');
}

const tooSlow = (seconds: number): Refusal =>
  new Refusal(408, 'ERR_TIMEOUT', `the request took more than ${seconds} seconds to arrive`, {
    Connection: 'close',
  });
