import { type OptionNames, refuseUnknownOptions } from '../../known-options.js';
import { disposable } from '../../belongings.js';
import {
  type HeldPicture,
  holdPicture,
  RevelaImage,
  divided,
  findRangeFactor,
  inNetworkRange,
  markedAsResult,
  multiplied,
  type Picture,
  type PictureInput,
  pictureOf,
} from '../../images/index.js';
import {
  createApplier,
  type TileProgress,
  type InferenceChoices,
  settleInference,
  type DeviceOptions,
  openDevice,
  deviceOptionNames,
  inferenceChoiceNames,
  learningOptionNames,
  removalOptionNames,
  measuredInput,
  tellRange,
  checkMask,
  type RemovalOptions,
  type RemovalSettings,
  settleRemoval,
  intendedInRange,
  type Removal,
  type RemovalFacts,
  removeNoise,
  withVisibleColours,
} from '../../apply/index.js';
import { adaptingOf } from '../adapt/adapt.js';
import {
  checkBlindSpot,
  inferenceMethodNamed,
  type DenoiserWeights,
  type StartOptions,
  startOf,
} from '../../models/index.js';
import { seedOf, wholeNumber } from '../../option-checks.js';
import { previewOf } from './preview-denoising.js';

/** Options of {@link denoise}. */
export interface DenoiseOptions extends StartOptions, InferenceChoices, RemovalOptions, DeviceOptions {
  /**
   * What the network takes away beyond this is detail and is given back: where it is left out, beyond the noise that is
   * measured; `true`: beyond what the network takes away elsewhere (see `keepDetail`; with `bare` the default of methods
   * that hide what they predict); `false`: nothing is given back.
   */
  readonly keepDetail?: boolean;
  /** Largest side of a tile, in pixels. */
  readonly tile?: number;
  /** How many pictures are to come, for the progress; default: those that are learnt from. */
  readonly pictures?: number;
  /** Stops: training between two steps, denoising between two tiles. */
  readonly signal?: AbortSignal;
}

const optionNames: OptionNames<DenoiseOptions> = {
  ...{ ...learningOptionNames, ...inferenceChoiceNames, ...removalOptionNames, ...deviceOptionNames },
  ...{ weights: true, adapt: true, fromScratch: true, keepDetail: true, tile: true, pictures: true },
};

/** What {@link denoise} needs to keep open between pictures. */
export interface Denoising extends AsyncDisposable {
  /** The weights in use, adapted where that was asked for. */
  readonly weights: DenoiserWeights;
  /** The device in use, for people. */
  readonly device: string;
  /** Denoises one picture. */
  picture(input: PictureInput): Promise<RevelaImage>;
  /** The same, and what was found in the picture and done to it. */
  removal(input: PictureInput): Promise<Removal>;
  /**
   * The noisiest and the most detailed place of a picture, 256² pixels at most, before (left) and after (right), in a second
   * or two.
   */
  preview(input: PictureInput): Promise<RevelaImage>;
  close(): Promise<void>;
}

/** A picture that says in its metadata what it is: trainings do not learn from it. */
const marked = (picture: Picture, kind: 'denoised' | 'preview' = 'denoised'): RevelaImage =>
  new RevelaImage({ ...picture, metadata: markedAsResult(picture.metadata, kind) });

/** Whether any of the pictures is to be changed at all; one that cannot be read is told of later. */
async function isWanted(
  inputs: readonly HeldPicture[],
  removing: RemovalSettings,
  { fromScratch = false }: DenoiseOptions,
): Promise<boolean> {
  if (removing.bare || fromScratch) return true;
  if (removing.strength !== undefined) return removing.strength > 0;
  for (const input of inputs) {
    const measured = await measuredInput(input, removing);
    if (measured !== undefined && measured.strength > 0) return true;
  }
  return inputs.length === 0;
}

/**
 * Opens a denoiser for some pictures: with the general weights of the package, or, where learning is asked for, with weights
 * that are trained first on those noisy pictures themselves, all together. It is then ready to denoise them or others.
 *
 * @throws RevelaError for anything that the user can mend: a missing file, a wrong option, an absent device.
 *
 * @example
 * await using denoising = await openDenoising(['a.jpg', 'b.jpg'], { minutes: 2 });
 * const clean = await denoising.picture('a.jpg');
 */
export async function openDenoising(
  given: readonly PictureInput[],
  options: DenoiseOptions = {},
): Promise<Denoising> {
  refuseUnknownOptions('denoise', options, optionNames);
  const { pictures = given.length, onProgress } = options;
  if (options.tile !== undefined) wholeNumber(options.tile, 1, 65_536, 'tile');
  const { weights: start, learns } = await startOf(options);
  const method = inferenceMethodNamed(start.method);
  checkBlindSpot(method, start.description);
  const inference = settleInference(method, options);
  const { keepDetail } = options;
  const removing = await settleRemoval(options, keepDetail);
  const adapting = learns ? adaptingOf(options, start) : undefined;
  const runtime = await openDevice(options);
  try {
    const inputs = await Promise.all(given.map((input) => holdPicture(input, options.signal)));
    const wanted = adapting !== undefined && (await isWanted(inputs, removing, options));
    if (adapting !== undefined && !wanted)
      onProgress?.({ kind: 'note', message: 'No noise is to be taken away, so that nothing is learnt' });
    const weights = adapting !== undefined && wanted ? await adapting(runtime, inputs, removing) : start;
    const applier = createApplier(runtime, weights, method, {
      ...inference,
      seed: seedOf(options),
      keepDetail: removing.bare && (keepDetail ?? method.inference.losesDetail),
      ...(options.tile === undefined ? {} : { tile: options.tile }),
    });
    let index = 0;
    const nameOf = (input: HeldPicture): string =>
      typeof input === 'string' ? input : `picture ${index + 1}`;
    const removal = async (given: PictureInput): Promise<Removal> => {
      const input = await holdPicture(given, options.signal);
      const original = await pictureOf(input);
      const picture = await withVisibleColours(original);
      const name = nameOf(input);
      index += 1;
      const current = index;
      const count = Math.max(current, pictures);
      if (removing.mask !== undefined) checkMask(removing.mask, picture, name);
      const listener = {
        onTile: (tile: TileProgress) =>
          onProgress?.({ kind: 'denoising', picture: name, index: current, count, ...tile }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      };
      await tellRange(picture, name, onProgress);
      if (removing.bare) return { picture: marked(await applier.apply(picture, listener)) };
      // Noise is measured where the network sees it, too: that of a dark picture would pass for none.
      let facts: RemovalFacts | undefined;
      const cleaned = await inNetworkRange(picture, async (mapped) => {
        const intended = await intendedInRange(mapped, picture, removing);
        const made = await removeNoise(applier, mapped, intended, removing, keepDetail, listener);
        facts = made.facts;
        return made.picture;
      });
      const learnt = weights !== start;
      if (facts !== undefined)
        onProgress?.({
          ...{ kind: 'denoised', picture: name, index: current, count, learnt },
          ...facts,
        });
      return {
        picture: facts?.removed === 0 ? new RevelaImage(original) : marked(cleaned),
        ...(facts === undefined ? {} : { facts }),
      };
    };
    return disposable({
      weights,
      device: runtime.description,
      removal,
      picture: async (input: PictureInput) => (await removal(input)).picture,
      async preview(given: PictureInput) {
        const input = await holdPicture(given, options.signal);
        const picture = await withVisibleColours(await pictureOf(input));
        const name = nameOf(input);
        if (removing.mask !== undefined) checkMask(removing.mask, picture, name);
        await tellRange(picture, name, onProgress);
        const factor = await findRangeFactor(picture);
        const mapped = await multiplied(picture, factor);
        const intended = await intendedInRange(mapped, picture, removing);
        const sheet = await previewOf(mapped, intended, applier, removing, options);
        return marked({ ...sheet, data: await divided(sheet.data, factor) }, 'preview');
      },
      close: () => runtime.close(),
    });
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

/**
 * Denoises one picture: by default in one pass of the general weights of the package.
 * For several pictures use {@link openDenoising}, which learns from all of them together.
 *
 * @param input a path, address, bytes, a blob or stream, raw pixels, sharp's output, or a decoded picture.
 * @returns the denoised picture: same size, channels, bit depth, alpha, ICC profile and EXIF.
 *
 * @example
 * await (await denoise('noisy.jpg', { minutes: 2 })).toFile('clean.png');
 */
export async function denoise(input: PictureInput, options: DenoiseOptions = {}): Promise<RevelaImage> {
  // Learning reads it, too, and a stream can be read once only.
  const held = await holdPicture(input, options.signal);
  await using denoising = await openDenoising([held], options);
  return await denoising.picture(held);
}
