import { writeFile } from 'node:fs/promises';
import { copyPicture, type Picture, type PictureFormat, writePicture } from '../api/index.js';
import { present } from '../present.js';
import type { JobResult } from './job.js';
import type { Made, MadePicture } from './operations.js';
import type { Spool } from './spool.js';

/** How long a job waited and was worked on, in seconds. */
export interface JobTimes {
  readonly waited: number;
  readonly worked: number;
}

/** What a header can hold of a text. */
const headerText = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, (letter) => encodeURIComponent(letter));

/** Writes what came of a job into a file of the service's folder, with the headers that say how it came about. */
export async function writeResult(
  spool: Spool,
  { image, facts, weights, device }: Made,
  input: string,
  { waited, worked }: JobTimes,
): Promise<JobResult> {
  const path = spool.newPath();
  const { lost, bytes } = await spool.made(path, async () => {
    if (image !== undefined) return writeImage(path, image, input);
    await writeFile(path, `${JSON.stringify(facts)}\n`, { flag: 'wx' });
    return [];
  });
  const headers = present({
    'Revela-Weights': headerText(weights),
    'Revela-Device': headerText(device),
    'Revela-Seconds': worked.toFixed(3),
    'Server-Timing': `queue;dur=${(waited * 1000).toFixed(1)}, work;dur=${(worked * 1000).toFixed(1)}`,
    'Revela-Changed':
      image === undefined ? undefined : image.changed ? 'yes' : 'no; nothing was to be removed',
    'Revela-Lost': lost.length === 0 ? undefined : headerText(lost.join(', ')),
    ...present({ 'Revela-Facts': image && headerText(JSON.stringify(facts)) }),
  });
  const type = image === undefined ? 'application/json' : `image/${formatOf(image)}`;
  return { path, bytes, type, headers };
}

const formatOf = ({ format, picture }: MadePicture): PictureFormat => format ?? picture.format;

/** Writes a picture that was made, or the very file that came where nothing was changed; gives what its kind of file cannot hold. */
export async function writeImage(
  path: string,
  image: MadePicture,
  input: string,
): Promise<readonly string[]> {
  const { quality, lossless, changed } = image;
  const how = { format: formatOf(image), ...present({ quality, lossless }) };
  const picture: Picture = image.picture;
  return changed ? writePicture(path, picture, how) : copyPicture(input, path, how);
}
