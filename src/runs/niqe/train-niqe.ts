import { OptionError, RevelaError } from '../../errors.js';
import { checkTarget, type Picture, readPicture } from '../../images/index.js';
import {
  fitIlNiqeModel,
  fitNiqeModel,
  type NiqeFitOptions,
  writeIlNiqeModel,
  writeNiqeModel,
} from '../../quality/index.js';
import { checkReplacesNone } from '../../file-identity.js';
import { picturePace } from '../../apply/index.js';
import { trainingPictures } from '../training-pictures.js';
import { checked, settled } from '../../options/index.js';
import { present } from '../../present.js';
import {
  type TrainIlNiqeOptions,
  trainIlNiqeOptions,
  type TrainNiqeOptions,
  trainNiqeOptions,
} from './niqe-options.js';

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
  const asked = checked('trainNiqe', trainNiqeOptions, options);
  return fitted(asked, async (pictures, how, metadata) => {
    const model = await fitNiqeModel(pictures, how);
    await writeNiqeModel(asked.output, model, metadata());
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
export async function trainIlNiqe(options: TrainIlNiqeOptions): Promise<FittedNiqe> {
  const { components, ...asked } = checked('trainIlNiqe', trainIlNiqeOptions, options);
  return fitted(asked, async (pictures, how, metadata) => {
    const model = await fitIlNiqeModel(pictures, { ...how, ...present({ components }) });
    await writeIlNiqeModel(asked.output, model, metadata());
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
  const { pictures, recursive, output, overwrite, sharpness, licence } = settled(trainNiqeOptions, options);
  if (pictures.length === 0) throw new OptionError('a model is fitted on pictures: name files or folders');
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
