import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, fileErrorCode } from '../../file-errors.js';
import { markedAsResult, writePicture } from '../../images/index.js';
import type { Picture } from '../../pixels/index.js';
import type { EventFile } from './tensorboard.js';

/** What a sample's picture is called before and after, and what it should become; small letters, as in names of files. */
export interface SampleWords {
  readonly before: string;
  readonly after: string;
  readonly truth: string;
}

/** A picture that shows how far a training is, beside what it was made of and, where it is known, what it should look like. */
export interface Sample {
  /** Different for every sample of a run, and fit to be part of a file's name. */
  readonly name: string;
  /** By the words of the kind of training. */
  readonly pictures: Readonly<Record<string, Picture>>;
}

const folderName = /^step-(\d{8,})$/;

/**
 * Writes samples as `step-00001234/NAME.KIND.png` below a folder, and into an event file under the tags `NAME/KIND`. Files of that step that are there are replaced.
 *
 * @throws RevelaError, one line, if the folder cannot be written or the disk is full
 */
export async function writeSamples(
  folder: string,
  step: number,
  samples: readonly Sample[],
  events: EventFile,
): Promise<void> {
  const below = join(folder, `step-${String(step).padStart(8, '0')}`);
  for (const { name, pictures } of samples) {
    for (const [kind, picture] of Object.entries(pictures)) {
      const path = join(below, `${name}.${kind}.png`);
      await writePicture(path, { ...picture, metadata: markedAsResult({}, 'sample') }, { overwrite: true });
      const png = await readFile(path);
      events.image(`${name}/${kind}`, png, picture.width, picture.height, step);
    }
  }
}

/** Removes the samples of later steps, which a run that was taken back leaves behind. */
export async function dropSamplesAfter(folder: string, step: number): Promise<void> {
  try {
    for (const name of await readdir(folder)) {
      const found = folderName.exec(name)?.[1];
      if (found !== undefined && Number(found) > step) await rm(join(folder, name), { recursive: true });
    }
  } catch (error) {
    if (fileErrorCode(error) !== 'ENOENT') throw fileError(`cannot write ${folder}`, error);
  }
}
