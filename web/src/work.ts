import { sizeOfFile, type TilePixels, type Watching } from 'revela/web';
import { desk, type Made } from './desk/index.js';
import { forgetRevela, revela } from './engine.js';
import { note } from './log.js';
import type { Found, Item, Queue } from './queue.js';
import { scaleOf, type Task } from './settings.js';
import { Foreseen, isOfFile, tooLargeFor, troubleOf } from './troubles.js';

/** Bytes that results may take before the queue rests. */
const MOST_BYTES = 2 ** 31;

/** Who sees the work as it goes. */
export interface Onlooker {
  /** A part of the result, as the network gave it. */
  onTile(item: Item, tile: TilePixels): void;
  onFinished(item: Item): void;
  /** Another tab works; `false` once this one does. */
  onOtherTab(waits: boolean): void;
}

/** Works on the pictures of a queue, one after another. */
export class Works {
  readonly #queue: Queue;
  readonly #onlooker: Onlooker;
  readonly #wanted = new Map<Item, () => void>();
  #task: Task;
  #stopping: AbortController | undefined;
  paused = false;
  /** A file of weights that denoises instead of the general ones. */
  weights: Uint8Array | undefined;

  constructor(queue: Queue, task: Task, onlooker: Onlooker) {
    this.#queue = queue;
    this.#task = task;
    this.#onlooker = onlooker;
  }

  get working(): boolean {
    return this.#stopping !== undefined;
  }

  /** Whether it rests until results are saved or looked at, as they take as much memory as they may. */
  get full(): boolean {
    return this.#queue.bytes > MOST_BYTES;
  }

  /** Does something else with all pictures. */
  change(task: Task): void {
    this.#task = task;
    this.#stopping?.abort();
    for (const item of this.#queue.items) this.#reset(item);
    this.paused = false;
    this.go();
  }

  /** Does all again, as by other weights. */
  renew(): void {
    this.change(this.#task);
  }

  /** Stops at once for who looks; the worker ends the part that it is at. */
  stop(): void {
    this.paused = true;
    this.#stopping?.abort();
    for (const item of this.#queue.items) this.#back(item);
    this.#queue.changed();
  }

  /** Goes on, and tries again what failed while it was shown. */
  again(item: Item | undefined): void {
    if (item?.state === 'failed' && !item.hopeless) this.#reset(item);
    this.paused = false;
    this.go();
  }

  /** Takes a picture out, with its result. */
  remove(item: Item): void {
    if (item.state === 'working') this.#stopping?.abort();
    this.#queue.remove(item);
    void desk({ kind: 'drop', picture: item.number });
    this.#settle(item);
    this.#queue.changed();
    this.go();
  }

  /** Waits until a picture is done or failed; it goes before others. */
  async want(item: Item): Promise<void> {
    if (item.state === 'done' || item.state === 'failed') return;
    let resolve = (): void => {};
    const done = new Promise<void>((settle) => {
      resolve = settle;
    });
    this.#wanted.set(item, resolve);
    this.go();
    await done;
  }

  /** Begins, unless it is under way. */
  go(): void {
    if (this.working || this.paused) return;
    const wanted = new Set(this.#wanted.keys());
    const item = this.#queue.next(wanted);
    if (item === undefined) {
      this.#queue.changed();
      return;
    }
    if (this.full) {
      if (item !== this.#queue.shown && !wanted.has(item)) {
        this.#queue.changed();
        return;
      }
      this.#letGo(wanted);
    }
    const stop = new AbortController();
    this.#stopping = stop;
    item.state = 'working';
    item.progress = undefined;
    this.#queue.changed();
    void this.#inTurn(item, stop.signal).finally(() => {
      this.#stopping = undefined;
      this.go();
    });
  }

  #letGo(wanted: ReadonlySet<Item>): void {
    const old = this.#queue.oldest(wanted);
    if (old !== undefined) this.#reset(old);
  }

  #reset(item: Item): void {
    if (item.hopeless) return;
    if (item.bytes > 0) void desk({ kind: 'drop', picture: item.number });
    Object.assign(item, { state: 'waiting', found: undefined, trouble: undefined, bytes: 0 });
  }

  #settle(item: Item): void {
    this.#wanted.get(item)?.();
    this.#wanted.delete(item);
  }

  /** Works once no other tab does: two at once would share one machine's memory. */
  async #inTurn(item: Item, signal: AbortSignal): Promise<void> {
    const told = setTimeout(() => this.#onlooker.onOtherTab(true), 500);
    const begin = async (): Promise<void> => {
      clearTimeout(told);
      this.#onlooker.onOtherTab(false);
      await this.#one(item, signal);
    };
    try {
      if ('locks' in navigator) await navigator.locks.request('revela at work', { signal }, begin);
      else await begin();
    } catch {
      // It was stopped while it waited.
      this.#back(item);
    } finally {
      clearTimeout(told);
      this.#onlooker.onOtherTab(false);
    }
  }

  #back(item: Item): void {
    if (item.state !== 'working') return;
    item.state = 'waiting';
    item.progress = undefined;
  }

  async #one(item: Item, signal: AbortSignal): Promise<void> {
    const started = performance.now();
    try {
      const found = await this.#make(item, signal);
      if (signal.aborted) {
        this.#back(item);
        return;
      }
      Object.assign(item, { found, state: 'done', progress: undefined });
      this.#queue.use(item);
      note(`picture ${item.number}: ${this.#task} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    } catch (error) {
      if (signal.aborted) {
        this.#back(item);
        return;
      }
      const message = error instanceof Error ? error.message : String(error);
      note(`picture ${item.number}: ${message.replaceAll(item.file.name, 'it')}`);
      Object.assign(item, {
        state: 'failed',
        trouble: troubleOf(error, item.file.name),
        progress: undefined,
      });
      item.hopeless = isOfFile(error);
      if (!item.hopeless && !(error instanceof Foreseen)) forgetRevela();
    }
    this.#settle(item);
    if (this.#queue.items.includes(item)) this.#onlooker.onFinished(item);
    else void desk({ kind: 'drop', picture: item.number });
  }

  async #make(item: Item, signal: AbortSignal): Promise<Found | undefined> {
    const task = this.#task;
    const size = await sizeOfFile(item.file);
    const large = size === undefined ? undefined : tooLargeFor(task, size);
    if (large !== undefined) throw new Foreseen(large);
    const { image } = await desk({ kind: 'pixels', file: item.file });
    if (image === undefined || signal.aborted) return undefined;
    note(`picture ${item.number}: ${image.width}×${image.height}, ${image.format ?? 'lossless'}, ${task}`);
    const watching: Watching = {
      signal,
      onTile: (tile) => {
        if (!signal.aborted) this.#onlooker.onTile(item, tile);
      },
      onProgress: (done) => {
        item.progress = done;
        if (!signal.aborted) this.#queue.changed();
      },
    };
    const engine = await revela();
    const scale = scaleOf(task);
    if (scale === 1) {
      const { layers, facts } = await engine.denoiseLayers(image, {
        ...watching,
        ...(this.weights === undefined ? {} : { weights: this.weights }),
      });
      if (!signal.aborted) await this.#keep(item, { layers, mixed: true });
      return { kind: 'denoise', facts, layers: layers.length };
    }
    const { image: made, facts } = await engine.upscale(image, { scale, ...watching });
    const { width, height } = made;
    if (!signal.aborted) await this.#keep(item, { layers: [{ detail: 0, image: made }], mixed: false });
    return { kind: 'upscale', facts, width, height };
  }

  async #keep(item: Item, made: Made): Promise<void> {
    const { bytes = 0 } = await desk({ kind: 'keep', picture: item.number, made });
    item.bytes = bytes;
  }
}
