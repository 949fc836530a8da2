import { OptionError, optionError, RevelaError } from '../../errors.js';
import { expectList, expectPath, type OptionNames, refuseUnknownOptions } from '../../known-options.js';
import { checkTarget, type Picture, readPicture } from '../../images/index.js';
import {
  fitIlNiqeModel,
  fitNiqeModel,
  type NiqeFitOptions,
  writeIlNiqeModel,
  writeNiqeModel,
} from '../../quality/index.js';
import type { Progress } from '../../apply/index.js';
import { checkReplacesNone } from '../../file-identity.js';
import { picturePace } from '../../apply/index.js';
import { trainingPictures } from '../training-pictures.js';
import { present } from '../../present.js';

/** Options of {@link trainNiqe}. */
export interface TrainNiqeOptions {
  /** Good pictures of one kind, a hundred or more: files, globs or folders. */
  readonly pictures: readonly string[];
  /** Also look for pictures in the folders inside folders. */
  readonly recursive?: boolean;
  /** The model's file, safetensors. */
  readonly output: string;
  /** Whether an existing file may be replaced; default false. */
  readonly overwrite?: boolean;
  /** Only patches are taken whose sharpness is more than this share of their picture's sharpest; default as in the originals. */
  readonly sharpness?: number;
  /** Under which terms the model may be used; kept in its file. Default `unknown`. */
  readonly licence?: string;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** Options of {@link trainIlNiqe}. */
export interface TrainIlNiqeOptions extends TrainNiqeOptions {
  /** Which share of the principal components is kept; default 0.92. */
  readonly components?: number;
}

const optionNames: OptionNames<TrainNiqeOptions> = {
  ...{ pictures: true, recursive: true, output: true, overwrite: true, sharpness: true, licence: true },
  ...{ onProgress: true, signal: true },
};
const ilNiqeNames: OptionNames<TrainIlNiqeOptions> = { ...optionNames, components: true };

/** A model of good photographs that was fitted. */
export interface FittedNiqe {
  /** Its file. */
  readonly path: string;
  /** How many pictures it was fitted on. */
  readonly pictures: number;
  /** Why others were left out, in a line each. */
  readonly leftOut: readonly string[];
  readonly seconds: number;
}

/**
 * Fits NIQE's model of good photographs on one's own, and writes it. A picture that cannot be read or is too small is left
 * out. Scores under different models do not compare.
 *
 * @throws RevelaError if there are too few pictures with sharp patches, or the file cannot be written
 *
 * @example
 * await trainNiqe({ pictures: ['good/'], output: 'mine.safetensors' });
 * await score('photo.jpg', { metric: 'niqe', niqeModel: 'mine.safetensors' });
 */
export async function trainNiqe(options: TrainNiqeOptions): Promise<FittedNiqe> {
  refuseUnknownOptions('trainNiqe', options, optionNames);
  return fitted(options, async (pictures, how, metadata) => {
    const model = await fitNiqeModel(pictures, how);
    await writeNiqeModel(options.output, model, metadata());
  });
}

/**
 * Fits IL-NIQE's model of good photographs on one's own, and writes it: a few seconds a picture.
 *
 * @throws RevelaError as {@link trainNiqe} does
 *
 * @example
 * await trainIlNiqe({ pictures: ['good/'], output: 'mine.safetensors' });
 */
export async function trainIlNiqe(given: TrainIlNiqeOptions): Promise<FittedNiqe> {
  refuseUnknownOptions('trainIlNiqe', given, ilNiqeNames);
  const { components, ...options } = given;
  if (components !== undefined && !(components > 0 && components <= 1))
    throw optionError('components', 'above 0 and at most 1', components, { code: 'ERR_OUT_OF_RANGE' });
  return fitted(options, async (pictures, how, metadata) => {
    const model = await fitIlNiqeModel(pictures, {
      ...how,
      ...present({ components }),
    });
    await writeIlNiqeModel(options.output, model, metadata());
  });
}

async function fitted(
  options: TrainNiqeOptions,
  write: (
    pictures: AsyncIterable<Picture>,
    how: NiqeFitOptions,
    metadata: () => Readonly<Record<string, string>>,
  ) => Promise<void>,
): Promise<FittedNiqe> {
  const { pictures, recursive = false, output, overwrite = false, sharpness, licence = 'unknown' } = options;
  expectList(pictures, 'pictures', 'files, patterns or folders');
  expectPath(output, 'output');
  if (pictures.length === 0) throw new OptionError('a model is fitted on pictures: name files or folders');
  if (sharpness !== undefined && !(sharpness >= 0 && sharpness < 1))
    throw optionError('sharpness', 'from 0 to below 1', sharpness, { code: 'ERR_OUT_OF_RANGE' });
  await checkTarget(output, { overwrite });
  const files = await trainingPictures(pictures, {
    recursive,
    onLeftOut: (message) => options.onProgress?.({ kind: 'note', message }),
  });
  await checkReplacesNone([output], files, 'picture');
  const begin = performance.now();
  const seconds = (): number => (performance.now() - begin) / 1000;
  const leftOut: string[] = [];
  let current = '';
  const leave = (error: RevelaError): void => {
    const message = error.message.includes(current) ? error.message : `${current}: ${error.message}`;
    leftOut.push(message);
    options.onProgress?.({ kind: 'note', message: `Left out: ${message}` });
  };
  async function* readable(): AsyncGenerator<Picture> {
    const pace = picturePace(files.length);
    for (const file of files) {
      options.signal?.throwIfAborted();
      current = file;
      const picture = await readPicture(file).catch((error: unknown) => {
        if (!(error instanceof RevelaError)) throw error;
        leave(error);
      });
      if (picture !== undefined) yield picture;
      options.onProgress?.({ kind: 'measuring', picture: file, ...pace() });
    }
  }
  const used = (): number => files.length - leftOut.length;
  const how = { onSkip: leave, ...present({ sharpness }) };
  await write(readable(), how, () => ({ licence, pictures: String(used()) }));
  return { path: output, pictures: used(), leftOut, seconds: seconds() };
}
