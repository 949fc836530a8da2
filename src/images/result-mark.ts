import { openRegular } from '../regular-file.js';
import type { PictureMetadata } from '../pixels/index.js';
import { xmpWith } from './xmp.js';

/** What was done to a picture. */
export type ResultKind = 'denoised' | 'enlarged' | 'preview' | 'sample' | 'map';

const namespace = 'urn:revela:';

/** Bytes at the start and at the end of a file in which metadata stand, in files of every format. */
const SEARCHED = 2 ** 19;

/**
 * Metadata that say that a picture is a result of Revela, in a property of XMP, which files of every format hold: trainings
 * leave such pictures out. What stands there stays; XMP that is damaged too.
 *
 * @example
 * await writePicture('a.png', { ...picture, data, metadata: markedAsResult(picture.metadata, 'denoised') });
 */
export function markedAsResult(metadata: PictureMetadata, kind: ResultKind): PictureMetadata {
  const text = metadata.xmp === undefined ? '' : Buffer.from(metadata.xmp).toString('latin1');
  if (text.includes(namespace)) return metadata;
  const marked = xmpWith(text, ` xmlns:revela="${namespace}" revela:result="${kind}"`);
  return marked === undefined ? metadata : { ...metadata, xmp: Buffer.from(marked, 'latin1') };
}

/**
 * Whether a file bears the mark of {@link markedAsResult}. Nothing is decoded: it is looked for where metadata stand. Of what
 * cannot be read the answer is no; whoever reads it says what is wrong.
 */
export async function isMarkedAsResult(path: string): Promise<boolean> {
  const file = await openRegular(path).catch(() => undefined);
  if (file === undefined) return false;
  const { handle, size } = file;
  try {
    const read = async (from: number): Promise<boolean> => {
      const buffer = Buffer.alloc(Math.min(SEARCHED, size - from));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
      return buffer.subarray(0, bytesRead).includes(`xmlns:revela="${namespace}"`, 0, 'latin1');
    };
    return (await read(0)) || (size > SEARCHED && (await read(Math.max(SEARCHED, size - SEARCHED))));
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}
