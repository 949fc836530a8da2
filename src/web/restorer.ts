import {
  answerWithDetail,
  type Applier,
  applyInTiles,
  createApplier,
  giveBackLost,
  givenSharpening,
  givingBack,
  intendedInRange,
  jpegBeforeEnlarging,
  noiseBeforeEnlarging,
  type RemovalFacts,
  answerOf,
  removeNoise,
  resizedAlpha,
  settledBy,
  type TiledProgram,
  upscaleProgram,
  upscalerFor,
  usualSharpening,
  withVisibleColours,
} from '../apply/anywhere.js';
import { inferenceMethods, plainInference, type RowsTaker } from '../denoise/index.js';
import { optionError, RevelaError } from '../errors.js';
import type { LearntWeights } from '../networks/index.js';
import { divided, inFloats, type LeanPicture, type Picture } from '../pixels/index.js';
import { present } from '../present.js';
import type { Runtime } from '../runtime/index.js';
import { deviceMemory, pixelsFor } from './device-memory.js';
import { backInRange, inRange, listeningBy, type RangeListener } from './in-range.js';
import type { Layer } from './layers.js';
import { once } from '../once.js';
import { letGo } from './let-go.js';
import type { PageFormat } from './page-format.js';
import { pageOfPicture, type Pixels } from './page-image.js';
import { pageRows } from './page-rows.js';
import type { DenoiseSettings, UpscaleSettings } from './protocol.js';
import { fetchWeights, type WeightsName, weightsOf } from './read-weights.js';

/** What was found in a picture, and done to it; see `RemovalFacts` of the library. */
export interface DenoiseFacts extends RemovalFacts {
  /** The strength that is natural for the picture, 0 to 100; where another was asked for, as far as it is known before a network answers. */
  readonly natural: number;
}

/** How a picture was enlarged, and why so. */
export interface UpscaleFacts {
  readonly scale: number;
  readonly weights: 'photo' | 'faithful';
  readonly reason: string;
  /** How much its edges and detail were sharpened, 0 to 100. */
  readonly sharpen: number;
}

const scales: readonly number[] = [2, 3, 4];

/** All that is natural is taken away before a noisy picture is enlarged. */
const natural = { luma: 1, chroma: 1, detail: 0.5, bare: false };

const share = (percent: number | undefined, otherwise: number, name: string): number => {
  if (percent === undefined) return otherwise;
  if (!(percent >= 0 && percent <= 100))
    throw optionError(name, 'a number from 0 to 100', percent, { code: 'ERR_OUT_OF_RANGE' });
  return percent / 100;
};

/** The details of layers, and the most pixels of a picture of which there is more than one: each takes as much memory as the picture. */
const layerDetails = [0, 50, 100];
const mostLayered = Math.min(2 ** 25, pixelsFor(deviceMemory()) / 2);

/** A result of so many pixels is large: 8.4 million, or on a device with less than 8 GiB of memory half a million for each GiB. */
const LARGE = pixelsFor(deviceMemory()) / 16;

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/** A layer of the rows that are held, and what was found. */
async function layerOf(
  picture: LeanPicture,
  factor: number,
  hold: (take: RowsTaker) => RemovalFacts,
): Promise<{ readonly image: Pixels; readonly found: RemovalFacts }> {
  if (factor === 1) {
    const { image, take } = pageRows(picture);
    return { found: hold(take), image };
  }
  const { width, height, channels } = picture;
  const data = new Float32Array(channels * width * height);
  const found = hold((y, rows) => {
    for (const [channel, row] of rows.entries()) data.set(row, (channel * height + y) * width);
  });
  return { found, image: pageOfPicture(backInRange(picture, { ...picture, data }, factor)) };
}

/** Denoises and enlarges pictures by the weights of the package, as the library does in Node. */
export class Restorer {
  readonly #runtime: Runtime;
  readonly #tiles: { readonly tile?: number };
  readonly #weights: (name: WeightsName) => Promise<LearntWeights>;
  readonly #denoiser: (name: WeightsName) => Promise<Applier>;
  /** What denoises by weights that were given. */
  #given: { readonly bytes: Uint8Array; readonly applier: Applier } | undefined;
  readonly #upscaler: (key: string) => Promise<TiledProgram>;

  /**
   * @param folder of the weights, with a slash at its end
   * @param tile the largest side of tiles, in pixels; default: as memory allows
   */
  constructor(runtime: Runtime, folder: string, tile?: number) {
    this.#runtime = runtime;
    this.#tiles = present({ tile });
    const weights = once((name: WeightsName) => fetchWeights(folder, name));
    this.#weights = weights;
    this.#denoiser = once(async (name) => this.applierOf(await weights(name)));
    this.#upscaler = once(async (key) => {
      const [name, scale, sharpens] = key.split(' ');
      const chosen = name === 'faithful' ? 'faithful' : 'photo';
      const program = upscaleProgram(await weights(chosen), sharpens === 'crisp' ? 'given' : 0);
      return applyInTiles(this.#runtime, program, { scale: Number(scale), ...this.#tiles });
    });
  }

  /** Weights of the package by their name, or of a file by its bytes. */
  weights(named: WeightsName | Uint8Array): Promise<LearntWeights> {
    return typeof named === 'string'
      ? this.#weights(named)
      : Promise.resolve(named).then((bytes) => weightsOf(bytes, 'the weights given'));
  }

  /** What denoises: the general weights, or those of a file, of which the last ones are kept. */
  async #applier(bytes: Uint8Array | undefined): Promise<Applier> {
    if (bytes === undefined) return this.#denoiser('general');
    if (this.#given === undefined || !sameBytes(this.#given.bytes, bytes)) {
      const given = { bytes, applier: this.applierOf(await this.weights(bytes)) };
      await this.#given?.applier.close();
      this.#given = given;
    }
    return this.#given.applier;
  }

  /** What denoises by these weights; who asks for it closes it. */
  applierOf(weights: LearntWeights): Applier {
    const { method } = weights;
    const inference = inferenceMethods[method];
    if (inference === undefined) throw new RevelaError(`${method} is no method that is known`);
    const asks = inference.inference.secondNetwork === true;
    const secondNetwork = asks ? () => this.#denoiser('self-supervised') : undefined;
    return createApplier(this.#runtime, weights, inference, {
      ...plainInference,
      ...this.#tiles,
      ...present({ secondNetwork }),
    });
  }

  /** The general network, beside which no other is asked. */
  async #alone(): Promise<Pick<Applier, 'apply'>> {
    const { apply } = await this.#denoiser('general');
    return { apply };
  }

  /**
   * Once a network has answered for the last time: of a large result the memory that WebAssembly took is given back before the result takes
   * its own. A graphics card keeps its programs.
   */
  async #rest({ width, height }: LeanPicture, scale = 1): Promise<void> {
    const pixels = width * height * scale ** 2;
    if (this.#runtime.device === 'cpu' && pixels >= LARGE) await this.#runtime.rest();
  }

  async denoise(
    given: LeanPicture,
    settings: DenoiseSettings,
    listener: RangeListener,
  ): Promise<{ readonly picture: Picture; readonly facts: DenoiseFacts }> {
    const removing = {
      luma: share(settings.luma, 1, 'luma'),
      chroma: share(settings.chroma, 1, 'chroma'),
      detail: share(settings.detail, 0.5, 'detail'),
      bare: false,
    };
    const picture = await withVisibleColours(given);
    const { mapped, factor } = await inRange(picture);
    const measured = await intendedInRange(mapped, picture, {});
    const asked = settings.strength === undefined ? undefined : share(settings.strength, 1, 'strength');
    const intended = asked === undefined ? measured : { ...measured, strength: asked, seen: asked };
    listener.signal?.throwIfAborted();
    const applier = await this.#applier(settings.weights);
    const { picture: cleaned, facts } = await removeNoise(applier, mapped, intended, removing, undefined, {
      ...listeningBy(listener, factor),
      onAnswered: () => this.#rest(given),
    });
    return {
      picture: facts.removed === 0 ? await inFloats(given) : backInRange(picture, cleaned, factor),
      facts: { ...facts, natural: asked === undefined ? facts.strength : 100 * measured.strength },
    };
  }

  /** Takes all noise away, asking the network once and for all: with more and less detail, to be mixed. */
  async layers(
    given: LeanPicture,
    settings: Pick<DenoiseSettings, 'weights'>,
    listener: RangeListener,
  ): Promise<{ readonly layers: readonly Layer[]; readonly facts: DenoiseFacts }> {
    const picture = await withVisibleColours(given);
    const { mapped, factor } = await inRange(picture);
    const measured = await intendedInRange(mapped, picture, {});
    listener.signal?.throwIfAborted();
    const applier = await this.#applier(settings.weights);
    const denoised = await answerOf(applier, mapped, measured, listeningBy(listener, factor));
    await this.#rest(given);
    listener.signal?.throwIfAborted();
    const details = picture.width * picture.height > mostLayered ? [50] : layerDetails;
    const layers: Layer[] = [];
    const { strength } = await settledBy(denoised, mapped, measured);
    const answer = answerWithDetail(denoised, mapped, measured);
    let facts: RemovalFacts | undefined;
    for (const detail of details) {
      listener.signal?.throwIfAborted();
      const { image, found } = await layerOf(picture, factor, (take) => answer(detail / 100, take));
      layers.push({ detail, image });
      facts ??= found;
    }
    letGo(denoised.data);
    if (facts === undefined) throw new Error('there are no layers');
    return {
      layers,
      facts: { ...facts, strength: 100 * strength, natural: 100 * strength },
    };
  }

  async upscale(
    given: Picture,
    { scale = 4, weights, denoise, sharpen: asked }: UpscaleSettings,
    listener: RangeListener,
    format: PageFormat = given.format,
  ): Promise<{ readonly picture: Picture; readonly facts: UpscaleFacts }> {
    if (!scales.includes(scale)) throw optionError('scale', '2, 3 or 4', scale);
    if (weights !== undefined && weights !== 'photo' && weights !== 'faithful')
      throw optionError('weights', 'photo or faithful', weights);
    const sharpening = share(asked, -1, 'sharpen');
    share(denoise, 1, 'denoise');
    const picture = await withVisibleColours(given);
    // All values count: what lies beyond the range could not be put back.
    const { mapped, factor } = await inRange(picture, 1);
    const { lossless = false } = mapped;
    const giving = givingBack(denoise, weights === 'faithful');
    const found = weights === 'faithful' ? undefined : await noiseBeforeEnlarging(mapped, picture);
    const choice =
      weights === undefined
        ? await upscalerFor(found?.noise, { ...mapped, ...{ format, lossless } }, denoise)
        : { name: weights, reason: 'it was asked for' };
    const { name, reason } = choice;
    const stopping = present({ signal: listener.signal });
    const sharpen = sharpening < 0 ? usualSharpening(name) / 100 : sharpening;
    const network = await this.#upscaler(`${name} ${scale} ${sharpen === 0 ? 'plain' : 'crisp'}`);
    const noisy = name === 'photo' ? found : undefined;
    const compressed =
      name === 'photo' && noisy === undefined ? await jpegBeforeEnlarging(mapped) : undefined;
    const clean =
      noisy === undefined
        ? (compressed?.picture ?? mapped)
        : (await removeNoise(await this.#alone(), mapped, noisy, natural, undefined, stopping)).picture;
    const enlarged = await network.apply(clean, listeningBy(listener, factor), givenSharpening(sharpen));
    await this.#rest(given, scale);
    listener.signal?.throwIfAborted();
    const returned = name === 'faithful' ? givingBack(undefined, true) : giving;
    if (returned !== undefined) await giveBackLost(enlarged, mapped, scale, returned);
    const data = await divided(enlarged, factor);
    const { width, height, alpha } = picture;
    const size = { width: width * scale, height: height * scale };
    const larger = alpha === undefined ? {} : { alpha: resizedAlpha(alpha, { width, height }, size) };
    return {
      picture: { ...picture, ...size, data, ...larger },
      facts: { scale, weights: name, reason, sharpen: 100 * sharpen },
    };
  }
}
