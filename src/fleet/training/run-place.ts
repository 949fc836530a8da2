import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { fairQueue, fileSha256 } from '../../api/index.js';
import { ROUNDS } from '../../api/rounds.js';
import { OutsideError } from '../../confined.js';
import { fileError, fileErrorCode } from '../../file-errors.js';
import { makeFolder } from '../../make-folder.js';
import { isInside } from '../job.js';
import { placeIn, type SubmitStorage } from '../storage/storage.js';
import { SharedFolder } from '../storage/shared-folder.js';
import { type Patience, untilThere } from '../storage/until-there.js';

/** Pictures that are looked at, or sent, at once. */
const mostAtOnce = 4;

/** Where members find a run and its pictures. */
export interface RunPlace {
  /** Its place in the storage. */
  readonly place: string;
  /** What a picture is called to members: its hash, and the place where it lies. */
  picture(path: string): Promise<string>;
}

/**
 * Where members find a run: in a folder that all share, where it is, as are its pictures. In S3, where a run has a place of its own, into which
 * its pictures are copied by their hashes.
 *
 * @throws RevelaError for a run or pictures outside of the shared folder, and what cannot be read or written
 */
export async function runPlace(
  storage: SubmitStorage,
  folder: string,
  patience: Patience,
): Promise<RunPlace> {
  const turns = fairQueue(mostAtOnce);
  if (storage instanceof SharedFolder)
    return {
      place: await storage.placeOf(folder),
      picture: (path) =>
        turns.take(async () => pictureName(await fileSha256(path), await storage.placeOf(path))),
    };
  const place = await ownPlace(folder);
  const pictures = placeIn(place, 'pictures');
  const there = new Set(await untilThere(() => storage.filesIn(pictures), patience));
  return {
    place,
    picture: (path) =>
      turns.take(async () => {
        const sha256 = await fileSha256(path);
        const [extension = ''] = /^\.\w{1,16}$/.exec(extname(path)) ?? [];
        const name = `${sha256}${extension}`;
        if (!there.has(name)) {
          const content = await openAsBlob(path);
          await untilThere(() => storage.put(placeIn(pictures, name), content), patience);
          there.add(name);
        }
        return pictureName(sha256, placeIn(pictures, name));
      }),
  };
}

/** What a picture is called to members. */
const pictureName = (sha256: string, place: string): string => `${sha256}/${place}`;

/**
 * Reads what a picture is called.
 *
 * @throws OutsideError for what leads outside of the storage, or is no such name
 */
export function pictureIn(name: string): { readonly sha256: string; readonly place: string } {
  const [, sha256, place] = /^([0-9a-f]{64})\/(.+)$/s.exec(name) ?? [];
  if (sha256 === undefined || place === undefined || !isInside(place))
    throw new OutsideError(`${name} is no picture of a training`, { code: 'ERR_ACCESS' });
  return { sha256, place };
}

/** The place of a run that lies elsewhere: its name, and what no other run has. It stays the same where the run goes on. */
async function ownPlace(folder: string): Promise<string> {
  const path = join(folder, ROUNDS, 'place');
  try {
    const known = (await readFile(path, 'utf8')).trim();
    if (/^[\w.-]+$/.test(known) && isInside(known)) return known;
  } catch (error) {
    if (fileErrorCode(error) !== 'ENOENT') throw fileError(`cannot read ${path}`, error);
  }
  const name = basename(folder).replaceAll(/[^\w-]/g, '_');
  const place = `${name}-${randomUUID().slice(0, 8)}`;
  try {
    await makeFolder(join(folder, ROUNDS));
    await writeFile(path, `${place}\n`);
  } catch (error) {
    throw fileError(`cannot write ${path}`, error);
  }
  return place;
}
