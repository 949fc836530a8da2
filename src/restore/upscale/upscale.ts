import { disposable } from '../../belongings.js';
import { optionError } from '../../errors.js';
import { type OptionNames, refuseUnknownOptions } from '../../known-options.js';
import {
  divided,
  findRangeFactor,
  arrived,
  markedAsResult,
  multiplied,
  type PictureInput,
  rescaledMetadata,
  holdPicture,
  RevelaImage,
  pictureOf,
} from '../../images/index.js';
import {
  applyInTiles,
  type DeviceOptions,
  onDevice,
  deviceOptions,
  withVisibleColours,
  upscaleProgram,
  type Call,
  type CallOptions,
  callOf,
  fairQueue,
  stopping,
  giveBackLost,
  givingBack,
  resizedAlphaAside,
} from '../../apply/index.js';
import { type ImageOutcome, imageOutcomes } from '../image-outcomes.js';
import { enlargedSize, settleScale } from './enlarged-size.js';
import { checkTask, type UpscalerWeights } from '../../models/index.js';
import { wholeNumber } from '../../option-checks.js';
import { chooseUpscaler, isFaithful, isPhoto, type Upscalers, upscalersOf } from './choose-upscaler.js';
import { cleanerOn } from './clean-before.js';

/** Options of {@link upscale}. */
export interface UpscaleOptions extends DeviceOptions {
  /**
   * The weights of a network that enlarges: a file, the folder of a run, `photo` or `faithful`, which the package ships, or what was
   * read from one. Default: for each picture `photo` where noise is measured or its file has lost something, else `faithful`;
   * so too where both are given. Noise that is plain is taken away by the general denoiser before `photo` enlarges.
   */
  readonly weights?: string | UpscalerWeights | Upscalers;
  /**
   * How much of what the network takes away of a picture (noise, grain, the blocks of JPEG) stays away, 0 to 100; the rest is
   * enlarged by bicubic and given back. Default: 100. Where no weights are named, any value means `photo`. Not for `faithful`, which
   * does not clean: what it loses is given back, so that its result, made small again, is the picture.
   */
  readonly denoise?: number;
  /**
   * 2, 3 or 4, at most what the network does; default: that. Where it is less, the network's result is made smaller by
   * MATLAB's antialiased bicubic.
   */
  readonly scale?: number;
  /** Largest side of a tile, in pixels of the picture. Default: by what memory the network takes. */
  readonly tile?: number;
  /** Pictures whose result would have more megapixels are refused; default 300. */
  readonly maxMegapixels?: number;
  /** How many pictures are to come, for the progress; default 1. */
  readonly pictures?: number;
}

const optionNames: OptionNames<UpscaleOptions> = {
  ...deviceOptions,
  ...{ weights: true, denoise: true, scale: true, tile: true, maxMegapixels: true, pictures: true },
};

/** An upscaler that is ready for pictures of any size. Callers may ask at once: two pictures are worked on, the others wait in turn. */
export interface Upscaler extends AsyncDisposable {
  /** Those that were given; those of `photo` where each picture chooses. */
  readonly weights: UpscalerWeights;
  /** How many times as high and wide pictures become. */
  readonly scale: number;
  /** The device in use, for people. */
  readonly device: string;
  /** Enlarges one picture. */
  upscale(input: PictureInput, call?: CallOptions): Promise<RevelaImage>;
  /** Enlarges many pictures, in their order; what fails is told with its input and does not stop the others. */
  images<Input extends PictureInput>(
    inputs: Iterable<Input> | AsyncIterable<Input>,
    call?: CallOptions,
  ): AsyncGenerator<ImageOutcome<Input>, void, undefined>;
  close(): Promise<void>;
}

/**
 * Opens an upscaler, ready for pictures of any size.
 *
 * @throws RevelaError for anything that the user can mend: weights that cannot be read or do something else, a wrong
 *   option, an absent device.
 *
 * @example
 * await using upscaler = await openUpscaler();
 * const large = await upscaler.upscale('small.jpg');
 */
export async function openUpscaler(options: UpscaleOptions = {}): Promise<Upscaler> {
  refuseUnknownOptions('openUpscaler', options, optionNames);
  return upscalerFor(options);
}

async function upscalerFor(options: UpscaleOptions): Promise<Upscaler> {
  const { tile, maxMegapixels, pictures = 1 } = options;
  if (tile !== undefined) wholeNumber(tile, 1, 65_536, 'tile');
  if (maxMegapixels !== undefined && !(maxMegapixels > 0))
    throw optionError('maxMegapixels', 'more than 0', maxMegapixels, { code: 'ERR_OUT_OF_RANGE' });
  const { weights, faithful: other } = await upscalersOf(options.weights);
  checkTask(weights, 'upscale');
  const scale = settleScale(weights, options.scale);
  const giving = givingBack(options.denoise, isFaithful(weights));
  const choices = { scale, ...(tile === undefined ? {} : { tile }) };
  const { runtime, clean, tiled, faithful } = await onDevice(options, (runtime) => ({
    runtime,
    clean: cleanerOn(runtime),
    tiled: { ...applyInTiles(runtime, upscaleProgram(weights), choices), giving },
    faithful: other && {
      ...applyInTiles(runtime, upscaleProgram(other), choices),
      giving: givingBack(undefined, true),
    },
  }));
  let index = 0;
  const enlarged = async (given: PictureInput, { signal, onProgress }: Call): Promise<RevelaImage> => {
    const input = await holdPicture(given, signal);
    index += 1;
    const current = index;
    const name = typeof input === 'string' ? input : `picture ${current}`;
    const picture = await withVisibleColours(await pictureOf(input));
    const size = enlargedSize(picture, scale, name, maxMegapixels);
    // All values count: what lies beyond the range could not be put back.
    const factor = await findRangeFactor(picture, 1);
    const mapped = await multiplied(picture, factor);
    const choosing = faithful !== undefined || isPhoto(weights);
    const choice = choosing ? await chooseUpscaler(mapped, options.denoise, picture) : undefined;
    if (choice !== undefined && faithful !== undefined)
      onProgress?.({
        kind: 'note',
        message: `${name}: enlarged by ${choice.name}, as ${choice.reason}`,
        weights: choice.name,
      });
    else if (choice?.noisy !== undefined)
      onProgress?.({ kind: 'note', message: `${name}: its noise is taken away first` });
    const network = choice?.name === 'faithful' && faithful !== undefined ? faithful : tiled;
    const cleaned =
      choice?.noisy === undefined ? mapped : await clean(mapped, choice.noisy, stopping(signal));
    const planes = await network.apply(cleaned, {
      onTile: (progress) =>
        onProgress?.({
          kind: 'upscaling',
          picture: name,
          index: current,
          count: Math.max(current, pictures),
          ...progress,
        }),
      ...stopping(signal),
    });
    if (network.giving !== undefined) await giveBackLost(planes, mapped, scale, network.giving);
    const data = await divided(planes, factor);
    const { width, height, alpha } = picture;
    return new RevelaImage({
      ...picture,
      ...size,
      data,
      metadata: markedAsResult(rescaledMetadata(picture.metadata, scale), 'enlarged'),
      ...(alpha === undefined ? {} : { alpha: await resizedAlphaAside(alpha, { width, height }, size) }),
    });
  };
  const queue = fairQueue();
  const upscaled = async (input: PictureInput, call: CallOptions = {}): Promise<RevelaImage> => {
    const heard = callOf('upscale', call, options);
    const here = await arrived(input, heard.signal);
    return queue.take(() => enlarged(here, heard), heard.signal);
  };
  return disposable({
    weights,
    scale,
    device: runtime.description,
    upscale: upscaled,
    images: <Input extends PictureInput>(
      inputs: Iterable<Input> | AsyncIterable<Input>,
      call?: CallOptions,
    ) => imageOutcomes(inputs, upscaled, call),
    close: () => runtime.close(),
  });
}

/**
 * Enlarges one picture with a network that was trained for it. For several pictures use {@link openUpscaler}.
 *
 * @param input a path, address, bytes, a blob or stream, raw pixels, sharp's output, or a decoded picture.
 * @returns the picture `scale` times as high and wide: same channels, bit depth, ICC profile and EXIF, its alpha enlarged.
 *
 * @example
 * const large = await upscale('small.jpg');
 * await large.toFile('large.png');
 * const drawing = await upscale('cel.png', { weights: 'realesr-animevideov3.pth' });
 */
export async function upscale(input: PictureInput, options: UpscaleOptions = {}): Promise<RevelaImage> {
  refuseUnknownOptions('upscale', options, optionNames);
  const here = await arrived(input, options.signal);
  await using upscaler = await upscalerFor(options);
  return await upscaler.upscale(here);
}
