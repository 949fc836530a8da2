import { disposable } from '../../belongings.js';
import { checked } from '../../options/index.js';
import { present } from '../../present.js';
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
  onDevice,
  withVisibleColours,
  upscaleProgram,
  type Call,
  type CallOptions,
  callOf,
  fairQueue,
  stopping,
  giveBackLost,
  givingBack,
  jpegBeforeEnlarging,
  noiseBeforeEnlarging,
  resizedAlphaAside,
  type UpscalerChoice,
  upscalerFor,
  usualSharpening,
} from '../../apply/index.js';
import { type ImageOutcome, imageOutcomes } from '../image-outcomes.js';
import { enlargedSize, settleScale } from './enlarged-size.js';
import { checkTask, type UpscalerWeights } from '../../models/index.js';
import { isFaithful, isPhoto, upscalersOf } from './shipped-upscalers.js';
import { type UpscaleOptions, upscaleOptions } from './upscale-options.js';
import { cleanerOn } from './clean-before.js';

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
  return openWith(checked('openUpscaler', upscaleOptions, options));
}

async function openWith(options: UpscaleOptions): Promise<Upscaler> {
  const { tile, maxMegapixels, pictures = 1 } = options;
  const { weights, faithful: other } = await upscalersOf(options.weights);
  checkTask(weights, 'upscale');
  const scale = settleScale(weights, options.scale);
  const giving = givingBack(options.denoise, isFaithful(weights));
  const choices = { scale, ...present({ tile }) };
  const sharpening = (name: UpscalerChoice['name'] | undefined): number =>
    (options.sharpen ?? usualSharpening(name)) / 100;
  const first = other !== undefined || isPhoto(weights) ? 'photo' : undefined;
  const { runtime, clean, tiled, faithful } = await onDevice(options, (runtime) => ({
    runtime,
    clean: cleanerOn(runtime),
    tiled: {
      ...applyInTiles(runtime, upscaleProgram(weights, sharpening(first)), choices),
      giving,
    },
    faithful: other && {
      ...applyInTiles(runtime, upscaleProgram(other, sharpening('faithful')), choices),
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
    const noisy = first === 'photo' ? await noiseBeforeEnlarging(mapped, picture) : undefined;
    const choice = faithful && (await upscalerFor(noisy?.noise, mapped, options.denoise));
    if (choice !== undefined)
      onProgress?.({
        kind: 'note',
        message: `${name}: enlarged by ${choice.name}, as ${choice.reason}`,
        weights: choice.name,
      });
    else if (noisy !== undefined)
      onProgress?.({ kind: 'note', message: `${name}: its noise is taken away first` });
    const network = choice?.name === 'faithful' && faithful !== undefined ? faithful : tiled;
    const compressed =
      first === 'photo' && network === tiled && noisy === undefined
        ? await jpegBeforeEnlarging(mapped)
        : undefined;
    if (compressed !== undefined) onProgress?.({ kind: 'note', message: `${name}: ${compressed.told}` });
    const cleaned =
      noisy === undefined ? (compressed?.picture ?? mapped) : await clean(mapped, noisy, stopping(signal));
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
      ...present({ alpha: alpha && (await resizedAlphaAside(alpha, { width, height }, size)) }),
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
  const asked = checked('upscale', upscaleOptions, options);
  const here = await arrived(input, asked.signal);
  await using upscaler = await openWith(asked);
  return await upscaler.upscale(here);
}
