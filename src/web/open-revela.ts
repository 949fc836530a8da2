import { present } from '../present.js';
import type { LpipsNetwork } from '../quality/anywhere.js';
import type { EngineChoice } from '../runtime/web/index.js';
import { deviceMemory, tileFor } from './device-memory.js';
import type { Layer } from './layers.js';
import type { PageImage, Pixels } from './page-image.js';
import { type Asker, PageLine } from './page-line.js';
import type { AdaptFacts, AdaptNews, AdaptPreview, AdaptSettings, AdaptStep } from './adapt-settings.js';
import type { CompareFacts, CompareSettings, ScoreFacts, ScoreSettings } from './measures.js';
import type { ChangedEngine, DenoiseSettings, TilePixels, TilesDone, UpscaleSettings } from './protocol.js';
import { refuseTooLarge } from './refuse-too-large.js';
import type { DenoiseFacts, UpscaleFacts } from './restorer.js';

/** Options of {@link openRevela}. */
export interface OpenOptions {
  /**
   * The folder, on the page's own server, of ONNX Runtime's files (`ort-wasm-simd-threaded*.mjs` and `.wasm`, of
   * `onnxruntime-web`) and of the weights (`models/*.safetensors` of this package); default: `assets/` beside the page.
   */
  readonly assets?: string;
  /** Default `auto`: WebGPU where it computes right, else WebAssembly. */
  readonly engine?: EngineChoice;
  /** Threads of WebAssembly; default: as many as the page may have. */
  readonly threads?: number;
  /**
   * Told when something else computes than before, and what was under way is tried again by it: a graphics card was `lost`, and
   * WebAssembly goes on; `memory` ran out, and smaller tiles are worked on; what computed `ended` unexpectedly, and was begun again.
   */
  readonly onEngine?: (change: ChangedEngine) => void;
}

/** Who watches the work on a picture, and may stop it. */
export interface Watching {
  /** Told of each part of the result as it comes, as the network gave it: what noise cannot be is given back at the end. */
  readonly onTile?: (tile: TilePixels) => void;
  /** From 0 to 1. */
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
  /** Hands the memory of the image over instead of copying it: its `data` is empty then. Default: false. */
  readonly transfer?: boolean;
}

/** Who may stop it. */
export interface Stopping {
  readonly signal?: AbortSignal;
}

/** Who watches learning, and may end it. */
export interface WatchingLearning {
  /** Told how much of finding out about the noise is done, 0 to 1. */
  readonly onCalibration?: (done: number) => void;
  readonly onStep?: (step: AdaptStep) => void;
  /** Shown a part of the first image, denoised by what was learnt so far: before the first step, then every few seconds. */
  readonly onPreview?: (preview: AdaptPreview) => void;
  /** Told that it goes on where it stood when it was kept, after so many steps; 0 where its noise alone was known. */
  readonly onResumed?: (step: number) => void;
  /** Told once where it stands cannot be kept, though `keep` asks for it: there is no room, or the browser gives no storage. It goes on without. */
  readonly onUnkept?: (reason: 'full' | 'refused') => void;
  /** Told what is worth a line. */
  readonly onNote?: (message: string) => void;
  /** Gives it up: what was learnt is lost. */
  readonly signal?: AbortSignal;
  /** Ends it, and keeps the best until then. */
  readonly finish?: AbortSignal;
  /** Hands the memory of the images over instead of copying it: their `data` are empty then. Default: false. */
  readonly transfer?: boolean;
}

/** A result, and what was found and done. */
export interface Result<Facts> {
  readonly image: Pixels;
  readonly facts: Facts;
}

/** An image without its noise, with more and less detail, and what was found. */
export interface Layers {
  /** By rising detail. */
  readonly layers: readonly Layer[];
  readonly facts: DenoiseFacts;
}

/** Revela in a page. */
export interface PageRevela {
  /** What computes now, for people. */
  readonly engine: string;
  /** Why it is this one. */
  readonly reason: string;
  /**
   * Denoises an image, by the general weights or by those given.
   *
   * @throws RevelaError for what can be mended; the signal's reason
   */
  denoise(image: PageImage, options?: DenoiseSettings & Watching): Promise<Result<DenoiseFacts>>;
  /**
   * Denoises an image by the general weights or those given, to be mixed by `mixLayers` as it pleases: `facts.natural` is the strength that is natural.
   * There are three layers, or one where the image has more than 33 megapixels, or on a device with less than 8 GiB of memory 4.2 for each.
   *
   * @throws RevelaError for what can be mended; the signal's reason
   */
  denoiseLayers(image: PageImage, options?: Pick<DenoiseSettings, 'weights'> & Watching): Promise<Layers>;
  /**
   * Enlarges an image, by the weights that are best for it.
   *
   * @throws RevelaError for what can be mended; the signal's reason
   */
  upscale(image: PageImage, options?: UpscaleSettings & Watching): Promise<Result<UpscaleFacts>>;
  /**
   * Learns the noise of images, before they are denoised: as Node's `denoise` does with `adapt`, step by step the same. What the
   * general weights have learnt is given only where it is better on the noisy images themselves; by SDAP it is given as it is.
   *
   * @param images all are learnt from together
   * @throws OptionError for settings that cannot be used; RevelaError for what else can be mended; the signal's reason
   *
   * @example
   * const enough = new AbortController(); // enough.abort() ends it, and keeps the best until then
   * const { weights } = await revela.adapt([image], { finish: enough.signal, onPreview: draw });
   * const { image: clean } = await revela.denoise(image, weights === undefined ? {} : { weights });
   */
  adapt(images: readonly PageImage[], options?: AdaptSettings & WatchingLearning): Promise<AdaptFacts>;
  /**
   * Scores an image, as Node's `score`: by the package's scorer, with its map, and by NIQE where that is named. Opacity is not looked at.
   *
   * @throws RevelaError for an image that a measure refuses, such as one of a single colour; the signal's reason
   *
   * @example
   * const { scores, map } = await revela.score(image, { metrics: ['revela', 'niqe'] });
   */
  score(image: PageImage, options?: ScoreSettings & Stopping): Promise<ScoreFacts>;
  /**
   * Compares an image with a reference of its size, as Node's `compare`: by pixels, and by LPIPS once its files are there. Opacity is not looked at.
   *
   * @throws RevelaError for images of two sizes, or too small for a measure, and where LPIPS has no files; the signal's reason
   *
   * @example
   * const { psnr, ssim } = await revela.compare(denoised, clean);
   */
  compare(
    image: PageImage,
    reference: PageImage,
    options?: CompareSettings & Stopping,
  ): Promise<CompareFacts>;
  /**
   * Takes the files that LPIPS 0.1 measures by: its authors' heads and torchvision's weights of the network that they are for, in any order, as
   * safetensors (`revela weights convert`). They are as large as that network; nothing of them leaves the page.
   *
   * @throws RevelaError for files that hold something else
   *
   * @example
   * const { network } = await revela.loadLpips(heads, backbone); // 'alex', 'vgg' or 'squeeze'
   * const { lpips } = await revela.compare(denoised, clean, { metrics: ['lpips'] });
   */
  loadLpips(one: Blob, other: Blob): Promise<{ readonly network: LpipsNetwork }>;
  /** Ends the workers; what is unfinished is rejected. */
  close(): void;
}

/** What can be handed over: a copy, so that the caller keeps its own, or where it may be that itself. */
function handedOver({ data, width, height }: PageImage, transfer = false): Pixels {
  const { buffer, byteLength } = data;
  if (transfer && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) {
    const own = data instanceof Uint16Array ? new Uint16Array(buffer) : new Uint8ClampedArray(buffer);
    return { data: own, width, height };
  }
  const copy = data instanceof Uint16Array ? new Uint16Array(data) : new Uint8ClampedArray(data);
  return { data: copy, width, height };
}

/**
 * Opens Revela in a page: two workers, one that works on pictures and one that computes. Nothing is fetched from elsewhere than
 * `assets`, and nothing is sent anywhere.
 *
 * @throws RevelaError where WebGPU was asked for and does not work
 *
 * @example
 * const revela = await openRevela({ assets: '/assets/' });
 * const { image } = await revela.denoise(context.getImageData(0, 0, width, height));
 * const seen = forScreen(image); // of pictures with 16 bits
 * context.putImageData(new ImageData(seen.data, seen.width, seen.height), 0, 0);
 */
export async function openRevela(options: OpenOptions = {}): Promise<PageRevela> {
  const { assets = 'assets/', engine: wanted = 'auto', threads, onEngine } = options;
  const line = new PageLine();
  const folder = new URL(assets.endsWith('/') ? assets : `${assets}/`, document.baseURI).href;
  let computing: Pick<ChangedEngine, 'engine' | 'reason'> = await line
    .ask('open', { assets: folder, engine: wanted, ...present({ threads, tile: tileFor(deviceMemory()) }) })
    .catch((error: unknown) => {
      line.end('Revela was not opened');
      throw error;
    });
  line.onEngine = (change) => {
    computing = change;
    onEngine?.(change);
  };
  return {
    get engine() {
      return computing.engine;
    },
    get reason() {
      return computing.reason;
    },
    async denoise(given, { onTile, onProgress, signal, transfer, ...settings } = {}) {
      refuseTooLarge(given, 1);
      const image = handedOver(given, transfer);
      const watching = watchingOf(onTile, onProgress, signal);
      return withMetadata(given, line.ask('denoise', { image, settings }, watching, [image.data.buffer]));
    },
    async denoiseLayers(given, { onTile, onProgress, signal, transfer, ...settings } = {}) {
      refuseTooLarge(given, 1);
      const image = handedOver(given, transfer);
      const watching = watchingOf(onTile, onProgress, signal);
      return line.ask('layers', { image, settings }, watching, [image.data.buffer]);
    },
    async upscale(given, { onTile, onProgress, signal, transfer, ...settings } = {}) {
      refuseTooLarge(given, settings.scale ?? 4);
      const { format = 'png' } = given;
      const image = handedOver(given, transfer);
      const watching = watchingOf(onTile, onProgress, signal);
      const asked = { image, format, settings };
      return withMetadata(given, line.ask('upscale', asked, watching, [image.data.buffer]));
    },
    async score(given, { signal, ...settings } = {}) {
      const image = handedOver(given);
      return line.ask('score', { image, settings }, { signal }, [image.data.buffer]);
    },
    async compare(given, other, { signal, ...settings } = {}) {
      const [image, reference] = [handedOver(given), handedOver(other)];
      const buffers = [image.data.buffer, reference.data.buffer];
      return line.ask('compare', { image, reference, settings }, { signal }, buffers);
    },
    loadLpips: (one, other) => line.ask('lpips', [one, other]),
    async adapt(given, { signal, finish, transfer, ...asked } = {}) {
      const { onCalibration, onStep, onPreview, onResumed, onUnkept, onNote, ...settings } = asked;
      for (const image of given) refuseTooLarge(image, 1);
      const images = given.map((image) => handedOver(image, transfer));
      const onTold = (news: AdaptNews): void => {
        if (news.kind === 'calibration') onCalibration?.(news.done);
        else if (news.kind === 'step') onStep?.(news);
        else if (news.kind === 'preview') onPreview?.(news);
        else if (news.kind === 'resumed') onResumed?.(news.step);
        else if (news.kind === 'unkept') onUnkept?.(news.reason);
        else onNote?.(news.message);
      };
      const buffers = images.map(({ data }) => data.buffer);
      const asker = { onTold, signal, finish, keeps: settings.keep };
      return line.ask('adapt', { images, settings }, asker, buffers);
    },
    close: () => line.end('Revela was closed'),
  };
}

/** A result, with the metadata of the image that it was made of. */
async function withMetadata<Facts>(
  { metadata }: PageImage,
  made: Promise<Result<Facts>>,
): Promise<Result<Facts>> {
  const { image, facts } = await made;
  return { image: { ...image, ...present({ metadata }) }, facts };
}

const watchingOf = (
  onTile: Watching['onTile'],
  onProgress: Watching['onProgress'],
  signal: AbortSignal | undefined,
): Asker<TilePixels | TilesDone> => ({
  onTold: (told) => {
    if ('data' in told) onTile?.(told);
    onProgress?.(told.tile / told.tiles);
  },
  signal,
});
