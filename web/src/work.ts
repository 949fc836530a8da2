import { sizeOfFile, type TilePixels, type UpscaleSettings, type Watching } from 'revela/web';
import { desk, type Made, whenLost } from './desk/index.js';
import { forgetRevela, revela } from './engine.js';
import { inTurn } from './in-turn.js';
import { fail } from './fail.js';
import { note } from './log.js';
import { compared, scored } from './measuring.js';
import type { Found, Item, Queue } from './queue.js';
import { isMeasuring, scaleOf, type Task } from './settings.js';
import { Foreseen, isOfWorker, tooLargeFor } from './troubles.js';

/** Bytes that results may take before the queue rests. */
const MOST_BYTES = 2 ** 31;

/** Who sees the work as it goes. */
export interface Onlooker {
  /** A part of the result, as the network gave it. */
  onTile(item: Item, tile: TilePixels): void;
  onFinished(item: Item): void;
  /** The results are gone, and are made again. */
  onLost(): void;
  /** Another tab works; `false` once this one does. */
  onOtherTab(waits: boolean): void;
}

/** Works on the pictures of a queue, one after another. */
export class Works {
  readonly #queue: Queue;
  readonly #onlooker: Onlooker;
  /** Pictures that were worked on once more, as a worker had ended. */
  readonly #again = new WeakSet<Item>();
  /** Who waits for pictures. */
  readonly #wanted = new Map<Item, (() => void)[]>();
  #task: Task;
  #stopping: AbortController | undefined;
  #resting = false;
  paused = false;
  /** A file of weights that denoises instead of the general ones. */
  weights: Uint8Array | undefined;
  /** How pictures are enlarged. */
  enlarging: Pick<UpscaleSettings, 'sharpen' | 'denoise'> = {};

  constructor(queue: Queue, task: Task, onlooker: Onlooker) {
    this.#queue = queue;
    this.#task = task;
    this.#onlooker = onlooker;
    queue.watch(() => this.#settle());
    whenLost(() => this.#lost());
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
    this.#halt();
  }

  #halt(): void {
    this.#stopping?.abort();
    for (const item of this.#queue.items) this.#back(item);
    this.#queue.changed();
  }

  /** Lets other work go first, whatever is asked meanwhile, until {@link wake}. */
  rest(): void {
    this.#resting = true;
    this.#halt();
  }

  /** Goes on after a rest, unless somebody has stopped it. */
  wake(): void {
    this.#resting = false;
    this.go();
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
    this.#reset(item);
    this.#queue.changed();
    this.go();
  }

  /** Waits until a picture is done, failed or taken out; it goes before others. */
  async want(item: Item): Promise<void> {
    if (this.#isSettled(item)) return;
    await new Promise<void>((resolve) => {
      this.#wanted.set(item, [...(this.#wanted.get(item) ?? []), resolve]);
      this.go();
    });
  }

  #isSettled(item: Item): boolean {
    return item.state === 'done' || item.state === 'failed' || !this.#queue.items.includes(item);
  }

  /** Whatever has become of a picture, and whoever has done it: those who wait for it hear of it. */
  #settle(): void {
    for (const [item, resolvers] of this.#wanted) {
      if (!this.#isSettled(item)) continue;
      this.#wanted.delete(item);
      for (const resolve of resolvers) resolve();
    }
  }

  /** Begins, unless it is under way. */
  go(): void {
    if (this.working || this.paused || this.#resting) return;
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
    const told = (waits: boolean): void => this.#onlooker.onOtherTab(waits);
    void inTurn(() => this.#one(item, stop.signal), stop.signal, told)
      // It was stopped while it waited.
      .catch(() => this.#back(item))
      .finally(() => {
        this.#stopping = undefined;
        // Its result may have come as it was taken out.
        if (!this.#queue.items.includes(item)) void desk({ kind: 'drop', picture: item.number });
        this.#queue.changed();
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

  /** All results are gone, with the worker that held them: they are made again. */
  #lost(): void {
    const done = this.#queue.items.filter(({ bytes, state }) => bytes > 0 && state === 'done');
    for (const item of done) {
      item.bytes = 0;
      this.#reset(item);
    }
    note(`the worker that holds pictures ended; results lost: ${done.length}`);
    this.#onlooker.onLost();
    this.#queue.changed();
    this.go();
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
      if (isOfWorker(error) && !this.#again.has(item)) {
        note(
          `picture ${item.number}: once more, as ${error instanceof Error ? error.message : 'a worker ended'}`,
        );
        this.#again.add(item);
        this.#back(item);
        forgetRevela();
        return;
      }
      fail(item, error);
      if (!item.hopeless && !(error instanceof Foreseen)) forgetRevela();
    }
    if (this.#queue.items.includes(item)) this.#onlooker.onFinished(item);
  }

  async #make(item: Item, signal: AbortSignal): Promise<Found | undefined> {
    const task = this.#task;
    const size = await sizeOfFile(item.file);
    const large = size === undefined ? undefined : tooLargeFor(task, size);
    if (large !== undefined) throw new Foreseen(large);
    const { image } = await desk({ kind: 'pixels', file: item.file, picture: item.number });
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
    if (isMeasuring(task)) {
      const reference = this.#queue.comparedWith ?? item;
      const { found, bytes } =
        task === 'score'
          ? await scored(engine, item, image, signal)
          : await compared(engine, item, image, reference, signal);
      item.bytes = bytes;
      return found;
    }
    const scale = scaleOf(task);
    if (scale === 1) {
      const { layers, facts } = await engine.denoiseLayers(image, {
        ...{ ...watching, transfer: true },
        ...(this.weights && { weights: this.weights }),
      });
      if (!signal.aborted) await this.#keep(item, { layers, mixed: true });
      return { kind: 'denoise', facts, layers: layers.length };
    }
    const { image: made, facts } = await engine.upscale(image, {
      ...{ scale, ...this.enlarging },
      ...{ ...watching, transfer: true },
    });
    const { width, height } = made;
    if (!signal.aborted) await this.#keep(item, { layers: [{ detail: 0, image: made }], mixed: false });
    return { kind: 'upscale', facts, width, height };
  }

  async #keep(item: Item, made: Made): Promise<void> {
    const { bytes = 0 } = await desk({ kind: 'keep', picture: item.number, made });
    item.bytes = bytes;
  }
}
