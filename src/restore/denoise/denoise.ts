import { disposable } from '../../belongings.js';
import { OptionError } from '../../errors.js';
import {
  arrived,
  type HeldPicture,
  holdPicture,
  type PictureInput,
  pictureOf,
  type RevelaImage,
} from '../../images/index.js';
import {
  type Call,
  type CallOptions,
  callOf,
  createApplier,
  fairQueue,
  measuredInput,
  openDevice,
  type Removal,
  type RemovalSettings,
  settleInference,
  settleRemoval,
} from '../../apply/index.js';
import { adaptingOf, type NoisyInputs } from '../adapt/adapt.js';
import {
  checkBlindSpot,
  type DenoiserWeights,
  inferenceMethodNamed,
  saysHowToLearn,
  startOf,
} from '../../models/index.js';
import { checked } from '../../options/index.js';
import {
  type DenoiseOptions,
  denoiseOptions,
  type OpenDenoiserOptions,
  openDenoiserOptions,
} from './denoise-options.js';
import { networkBeside } from '../second-network.js';
import { type ImageOutcome, imageOutcomes } from '../image-outcomes.js';
import { present } from '../../present.js';
import { denoisingWork } from './denoising-work.js';

/** A denoiser that is ready for pictures of any size. Callers may ask at once: two pictures are worked on, the others wait in turn. */
export interface Denoiser extends AsyncDisposable {
  /** The weights in use, adapted where that was asked for. */
  readonly weights: DenoiserWeights;
  /** The device in use, for people. */
  readonly device: string;
  /** Denoises one picture. */
  denoise(input: PictureInput, call?: CallOptions): Promise<RevelaImage>;
  /** The same, and what was found in the picture and done to it. */
  removal(input: PictureInput, call?: CallOptions): Promise<Removal>;
  /** Denoises many pictures, in their order; what fails is told with its input and does not stop the others. */
  images<Input extends PictureInput>(
    inputs: Iterable<Input> | AsyncIterable<Input>,
    call?: CallOptions,
  ): AsyncGenerator<ImageOutcome<Input>, void, undefined>;
  /**
   * The noisiest and the most detailed place of a picture, 256² pixels at most, before (left) and after (right), in a second
   * or two.
   */
  preview(input: PictureInput, call?: CallOptions): Promise<RevelaImage>;
  close(): Promise<void>;
}

/** What is learnt from, where it is read. */
function noisyInputs(
  inputs: readonly HeldPicture[],
  removing: Pick<RemovalSettings, 'strength'>,
): NoisyInputs<HeldPicture> {
  return {
    inputs,
    noisy: async (input) => {
      const measured = await measuredInput(input, removing);
      return measured !== undefined && measured.strength > 0 ? measured.mapped : undefined;
    },
    contents: async () => ({
      files: inputs.filter((input) => typeof input === 'string'),
      pictures: await Promise.all(
        inputs.filter((input) => typeof input !== 'string').map((input) => pictureOf(input)),
      ),
    }),
  };
}

/** Whether there is noise in any of the pictures to learn from; one that cannot be read is told of later. */
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
 * Opens a denoiser: with the general weights of the package, or, where learning is asked for, with weights that are trained first on
 * the noisy pictures of `learnFrom`. It is then ready to denoise these or others.
 *
 * @throws RevelaError for anything that the user can mend: a missing file, a wrong option, an absent device.
 *
 * @example
 * await using denoiser = await openDenoiser({ learnFrom: ['a.jpg', 'b.jpg'], minutes: 2 });
 * for await (const { input, image, error } of denoiser.images(['a.jpg', 'b.jpg']))
 *   if (error === undefined) await image.toFile(`${input}.clean.png`);
 *   else console.error(error.message);
 */
export async function openDenoiser(options: OpenDenoiserOptions = {}): Promise<Denoiser> {
  return denoiserFor(checked('openDenoiser', openDenoiserOptions, options));
}

async function denoiserFor(asked: OpenDenoiserOptions): Promise<Denoiser> {
  const options = await withPictures(asked);
  const { learnFrom: given = [], pictures = given.length, onProgress } = options;
  const { weights: start, learns } = await startOf(options);
  const method = inferenceMethodNamed(start.method);
  checkBlindSpot(method, start.description);
  const inference = settleInference(method, options);
  const removing = await settleRemoval(options, options.keepDetail);
  const learning = learns && (given.length > 0 || mustLearn(options));
  const adapting = learning ? adaptingOf(options, start) : undefined;
  if (adapting !== undefined && given.length === 0)
    throw new OptionError('learning needs noisy pictures: name them by `learnFrom`, or ask for no learning');
  const runtime = await openDevice(options);
  try {
    const inputs = await Promise.all(given.map((input) => holdPicture(input, options.signal)));
    const wanted = adapting !== undefined && (await isWanted(inputs, removing, options));
    if (adapting !== undefined && !wanted)
      onProgress?.({ kind: 'note', message: 'No noise is beyond doubt, so that nothing is learnt' });
    const weights =
      adapting !== undefined && wanted ? await adapting(runtime, noisyInputs(inputs, removing)) : start;
    const applier = createApplier(runtime, weights, method, {
      ...inference,
      seed: options.seed ?? 0,
      keepDetail: removing.bare && (options.keepDetail ?? method.inference.losesDetail),
      ...present({ tile: options.tile, secondNetwork: networkBeside(method, runtime, options.tile) }),
    });
    const work = denoisingWork(applier, options, { removing, pictures, learnt: weights !== start });
    const queue = fairQueue();
    const asking = async <Result>(
      what: string,
      call: CallOptions,
      input: PictureInput,
      make: (input: PictureInput, heard: Call) => Promise<Result>,
    ): Promise<Result> => {
      const heard = callOf(what, call, options);
      const here = await arrived(input, heard.signal);
      return queue.take(() => make(here, heard), heard.signal);
    };
    const removal = async (input: PictureInput, call: CallOptions = {}): Promise<Removal> =>
      asking('denoise', call, input, work.removal);
    const denoise = async (input: PictureInput, call?: CallOptions): Promise<RevelaImage> =>
      (await removal(input, call)).picture;
    return disposable({
      weights,
      device: runtime.description,
      removal,
      denoise,
      images: <Input extends PictureInput>(
        inputs: Iterable<Input> | AsyncIterable<Input>,
        call?: CallOptions,
      ) => imageOutcomes(inputs, denoise, call),
      preview: async (input: PictureInput, call: CallOptions = {}) =>
        asking('preview', call, input, work.preview),
      close: () => runtime.close(),
    });
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

/** The options, with the pictures among them read where they come as streams. */
async function withPictures(options: OpenDenoiserOptions): Promise<OpenDenoiserOptions> {
  const { mask: given, learnFrom: noisy = [], signal } = options;
  const [mask, learnFrom] = await Promise.all([
    given === undefined ? undefined : arrived(given, signal),
    Promise.all(noisy.map((input) => arrived(input, signal))),
  ]);
  return { ...options, learnFrom, ...present({ mask }) };
}

/** Whether options say that there is to be learning, rather than the weights. */
const mustLearn = (options: DenoiseOptions): boolean =>
  options.adapt === true || options.fromScratch === true || saysHowToLearn(options);

/**
 * Denoises one picture: by default in one pass of the general weights of the package.
 * For several pictures use {@link openDenoiser}, which learns from all of them together.
 *
 * @param input a path, address, bytes, a blob or stream, raw pixels, sharp's output, or a decoded picture.
 * @returns the denoised picture: same size, channels, bit depth, alpha, ICC profile and EXIF.
 *
 * @example
 * await (await denoise('noisy.jpg', { minutes: 2 })).toFile('clean.png');
 */
export async function denoise(input: PictureInput, options: DenoiseOptions = {}): Promise<RevelaImage> {
  const asked = checked('denoise', denoiseOptions, options);
  asked.signal?.throwIfAborted();
  // Learning reads it, too, and a stream can be read once only.
  const [held, settled] = await Promise.all([holdPicture(input, asked.signal), withPictures(asked)]);
  await using denoiser = await denoiserFor({ ...settled, learnFrom: [held] });
  return await denoiser.denoise(held);
}
