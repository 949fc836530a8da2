import { RevelaError } from '../errors.js';
import type { EngineChoice } from '../runtime/web/index.js';
import type { Layer } from './layers.js';
import type { PageImage, Pixels } from './page-image.js';
import type {
  Answer,
  Command,
  DenoiseSettings,
  Reply,
  Request,
  TilePixels,
  UpscaleSettings,
} from './protocol.js';
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
}

/** Who watches the work on a picture, and may stop it. */
export interface Watching {
  /** Told of each part of the result as it comes, as the network gave it: what noise cannot be is given back at the end. */
  readonly onTile?: (tile: TilePixels) => void;
  /** From 0 to 1. */
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
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
  /** What computes, for people. */
  readonly engine: string;
  /** Why it is this one. */
  readonly reason: string;
  /**
   * Denoises an image by the general weights.
   *
   * @throws RevelaError for what can be mended; the signal's reason
   */
  denoise(image: PageImage, options?: DenoiseSettings & Watching): Promise<Result<DenoiseFacts>>;
  /**
   * Denoises an image by the general weights, to be mixed by `mixLayers` as it pleases: `facts.natural` is the strength that is natural.
   * There are three layers, or one where the image has more than 33 megapixels.
   *
   * @throws RevelaError for what can be mended; the signal's reason
   */
  denoiseLayers(image: PageImage, watching?: Watching): Promise<Layers>;
  /**
   * Enlarges an image, by the weights that are best for it.
   *
   * @throws RevelaError for what can be mended; the signal's reason
   */
  upscale(image: PageImage, options?: UpscaleSettings & Watching): Promise<Result<UpscaleFacts>>;
  /** Ends the workers; what is unfinished is rejected. */
  close(): void;
}

interface Call {
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
  readonly watching: Watching;
  cancel(): void;
}

/** The page's end of the line to the worker that works on pictures. */
class PageClient {
  readonly #worker = new Worker(new URL('./pictures-worker.js', import.meta.url), {
    type: 'module',
    name: 'revela pictures',
  });
  readonly #calls = new Map<number, Call>();
  #nextId = 1;
  #dead: RevelaError | undefined;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => this.#receive(data));
    this.#worker.addEventListener('error', ({ message }) =>
      this.end(`the worker ended unexpectedly (${message || 'its program could not be loaded'})`),
    );
  }

  call(command: Command, watching: Watching = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#dead !== undefined) return reject(this.#dead);
      const { signal } = watching;
      if (signal?.aborted) return reject(signal.reason);
      const id = this.#nextId++;
      const cancel = (): void => this.#post({ kind: 'cancel', id });
      this.#calls.set(id, { resolve, reject, watching, cancel });
      signal?.addEventListener('abort', cancel, { once: true });
      const image = 'image' in command ? [command.image.data.buffer] : [];
      this.#post({ id, ...command }, image);
    });
  }

  end(reason: string): void {
    this.#worker.terminate();
    this.#dead ??= new RevelaError(reason);
    for (const { reject } of this.#calls.values()) reject(this.#dead);
    this.#calls.clear();
  }

  #post(request: Request, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, [...transfer]);
  }

  #receive(reply: Reply): void {
    const call = this.#calls.get(reply.id);
    if (call === undefined) return;
    if (reply.outcome === 'tile') {
      call.watching.onTile?.(reply.tile);
      call.watching.onProgress?.(reply.tile.tile / reply.tile.tiles);
      return;
    }
    this.#calls.delete(reply.id);
    // One signal may be that of many calls.
    call.watching.signal?.removeEventListener('abort', call.cancel);
    if (reply.outcome === 'done') call.resolve(reply.answer);
    else
      call.reject(
        reply.outcome === 'stopped'
          ? call.watching.signal?.reason
          : new RevelaError(reply.message, { code: reply.code }),
      );
  }
}

/** A copy that can be handed over: the caller keeps its own. */
const copied = ({ data, width, height }: PageImage): Pixels => ({
  data: new Uint8ClampedArray(data),
  width,
  height,
});

/**
 * Opens Revela in a page: two workers, one that works on pictures and one that computes. Nothing is fetched from elsewhere than
 * `assets`, and nothing is sent anywhere.
 *
 * @throws RevelaError where WebGPU was asked for and does not work
 *
 * @example
 * const revela = await openRevela({ assets: '/assets/' });
 * const { image } = await revela.denoise(context.getImageData(0, 0, width, height));
 * context.putImageData(new ImageData(image.data, image.width, image.height), 0, 0);
 */
export async function openRevela(options: OpenOptions = {}): Promise<PageRevela> {
  const { assets = 'assets/', engine: wanted = 'auto', threads } = options;
  const client = new PageClient();
  const folder = new URL(assets.endsWith('/') ? assets : `${assets}/`, document.baseURI).href;
  const opened = await client
    .call({ kind: 'open', assets: folder, engine: wanted, ...(threads === undefined ? {} : { threads }) })
    .catch((error: unknown) => {
      client.end('Revela was not opened');
      throw error;
    });
  const { engine = '', reason = '' } = opened;
  return {
    engine,
    reason,
    async denoise(image, { onTile, onProgress, signal, ...settings } = {}) {
      refuseTooLarge(image, 1);
      const watching = watchingOf(onTile, onProgress, signal);
      const answer = await client.call({ kind: 'denoise', image: copied(image), settings }, watching);
      return resultOf(answer.image, answer.denoised);
    },
    async denoiseLayers(image, watching = {}) {
      refuseTooLarge(image, 1);
      const { layers, denoised } = await client.call({ kind: 'layers', image: copied(image) }, watching);
      if (layers === undefined || denoised === undefined)
        throw new Error('the worker answered without layers');
      return { layers, facts: denoised };
    },
    async upscale(image, { onTile, onProgress, signal, ...settings } = {}) {
      refuseTooLarge(image, settings.scale ?? 4);
      const { format = 'png' } = image;
      const watching = watchingOf(onTile, onProgress, signal);
      const answer = await client.call({ kind: 'upscale', image: copied(image), format, settings }, watching);
      return resultOf(answer.image, answer.upscaled);
    },
    close: () => client.end('Revela was closed'),
  };
}

const watchingOf = (
  onTile: Watching['onTile'],
  onProgress: Watching['onProgress'],
  signal: AbortSignal | undefined,
): Watching => ({
  ...(onTile === undefined ? {} : { onTile }),
  ...(onProgress === undefined ? {} : { onProgress }),
  ...(signal === undefined ? {} : { signal }),
});

function resultOf<Facts>(image: Pixels | undefined, facts: Facts | undefined): Result<Facts> {
  if (image === undefined || facts === undefined) throw new Error('the worker answered without a result');
  return { image, facts };
}
