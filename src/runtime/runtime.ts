import type { CompiledLoop, CompiledModel, Port } from '../compile/index.js';
import type { DType, Shape, TensorValue } from '../tensor/index.js';
import type { Feed } from './protocol.js';
import type { WorkerLink } from './worker-link.js';
import { startWorker } from './worker-link.js';

/** Devices that programs run on. */
export type DeviceName = 'cpu' | 'webgpu' | 'cuda';

/** A tensor that lives where it is used: in the worker's memory, or on the GPU. */
export interface DeviceTensor {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Frees it. Using it afterwards is an error. */
  release(): void;
}

/** What a run returns: outputs brought to the host, and those that stayed on the device. */
export interface RunResult {
  readonly fetched: Readonly<Record<string, TensorValue>>;
  readonly kept: Readonly<Record<string, DeviceTensor>>;
}

/** A compiled program, ready to run. */
export interface Executable {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /**
   * Runs once. `signal` stops before the run; one in progress finishes first.
   *
   * @throws the signal's reason, or an error with ONNX Runtime's message
   */
  run(
    feeds: Readonly<Record<string, TensorValue | DeviceTensor>>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<RunResult>;
  release(): Promise<void>;
}

/** A compiled loop, ready to run in place. */
export interface Loop {
  /** Once per set of arrays; arrays of a set have one length. CPU only. */
  run(
    sets: readonly Readonly<Record<string, DeviceTensor>>[],
    scalars: Readonly<Record<string, number>>,
  ): Promise<void>;
}

/** Options of {@link Runtime.load}. */
export interface LoadOptions {
  /** Outputs that stay on the device. */
  readonly keep?: readonly string[];
  readonly optimization?: 'training' | 'inference';
}

/** Runs programs on one device, in a worker: the event loop of the caller stays free. */
export interface Runtime {
  readonly device: DeviceName;
  readonly threads: number;
  /** One line for people: which device runs. */
  readonly description: string;
  load(model: CompiledModel, options?: LoadOptions): Promise<Executable>;
  loadLoop(loop: CompiledLoop): Promise<Loop>;
  upload(value: TensorValue): Promise<DeviceTensor>;
  download(tensor: DeviceTensor): Promise<TensorValue>;
  /** Ends the worker and frees everything. */
  close(): Promise<void>;
}

class ResidentTensor implements DeviceTensor {
  constructor(
    readonly id: number,
    readonly shape: Shape,
    readonly dtype: DType,
    private readonly onRelease: (id: number) => void,
  ) {}
  release(): void {
    this.onRelease(this.id);
  }
}

function idOf(tensor: DeviceTensor): number {
  if (!(tensor instanceof ResidentTensor)) throw new TypeError('this tensor belongs to no runtime');
  return tensor.id;
}

const isValue = (feed: TensorValue | DeviceTensor): feed is TensorValue => 'data' in feed;

/** What {@link openRuntime} needs to know. */
export interface RuntimeSettings {
  readonly device: DeviceName;
  readonly threads: number;
  readonly description: string;
  /** Sessions held at once; the least recently used ones are released and made again when needed. */
  readonly maxSessions: number;
  /** A model that returns its input, to bring tensors of a device to the host. */
  readonly identity: (shape: Shape, dtype: DType) => CompiledModel;
}

/** Opens a runtime on a device that is known to work. */
export function openRuntime(settings: RuntimeSettings): Runtime {
  const { device, threads, maxSessions } = settings;
  const link: WorkerLink = startWorker();
  let numbers = 0;
  const live = new Map<number, () => Promise<void>>(); // session → unload, in order of last use
  const pendingRelease: number[] = [];

  const resident = (id: number, shape: Shape, dtype: DType): ResidentTensor =>
    new ResidentTensor(id, shape, dtype, (released) => pendingRelease.push(released));
  const flushReleases = async (): Promise<void> => {
    if (pendingRelease.length > 0) await link.ask({ kind: 'release', tensors: pendingRelease.splice(0) });
  };
  const toFeed = (feed: TensorValue | DeviceTensor): Feed =>
    isValue(feed) ? { value: feed } : { resident: idOf(feed) };

  const load = async (model: CompiledModel, options: LoadOptions = {}): Promise<Executable> => {
    const { keep = [], optimization = 'inference' } = options;
    const session = numbers++;
    const fetch = model.outputs.map(({ name }) => name).filter((name) => !keep.includes(name));
    const unload = async (): Promise<void> => {
      live.delete(session);
      await link.ask({ kind: 'unload', session });
    };
    const ensure = async (): Promise<void> => {
      const known = live.delete(session);
      live.set(session, unload);
      if (known) return;
      for (const [, evict] of [...live].slice(0, Math.max(0, live.size - maxSessions))) await evict();
      const training = optimization === 'training';
      const bytes = model.bytes;
      await link.ask({
        kind: 'load',
        session,
        bytes,
        settings: { provider: device, threads, keep, training },
      });
    };
    await ensure();
    return {
      inputs: model.inputs,
      outputs: model.outputs,
      async run(feeds, { signal } = {}) {
        signal?.throwIfAborted();
        await ensure();
        await flushReleases();
        const named = keep.map((name) => [name, numbers++] as const);
        const answer = await link.ask({
          kind: 'run',
          session,
          feeds: Object.entries(feeds).map(([name, feed]) => [name, toFeed(feed)]),
          fetch,
          keep: named,
        });
        const kept: Record<string, DeviceTensor> = {};
        for (const [index, [name, { shape, dtype }]] of (answer.kept ?? []).entries())
          kept[name] = resident(named[index]?.[1] ?? -1, shape, dtype);
        return { fetched: Object.fromEntries(answer.fetched ?? []), kept };
      },
      async release() {
        if (live.has(session)) await unload();
      },
    };
  };

  return {
    device,
    threads,
    description: settings.description,
    load,
    async loadLoop({ source, arrays, scalars }) {
      if (device !== 'cpu') throw new Error('loops run on the CPU only');
      const loop = numbers++;
      const names = [...arrays.map((_, i) => `a${i}`), ...scalars.map((_, i) => `s${i}`)];
      await link.ask({ kind: 'loadLoop', loop, source, names });
      const found = <T>(record: Readonly<Record<string, T>>, name: string): T => {
        const value = record[name];
        if (value === undefined) throw new RangeError(`the loop needs ${name}`);
        return value;
      };
      return {
        async run(sets, values) {
          await link.ask({
            kind: 'runLoop',
            loop,
            sets: sets.map((set) => arrays.map((name) => idOf(found(set, name)))),
            scalars: scalars.map((name) => found(values, name)),
          });
        },
      };
    },
    async upload(value) {
      const id = numbers++;
      await link.ask({ kind: 'upload', tensor: id, value });
      return resident(id, value.shape, value.dtype);
    },
    async download(tensor) {
      if (device === 'cpu') {
        const { value } = await link.ask({ kind: 'download', tensor: idOf(tensor) });
        if (value === undefined) throw new Error('the worker returned no tensor');
        return value;
      }
      const executable = await load(settings.identity(tensor.shape, tensor.dtype));
      const { fetched } = await executable.run({ x: tensor });
      await executable.release();
      const value = fetched['y'];
      if (value === undefined) throw new Error('the device returned no tensor');
      return value;
    },
    close: () => link.close(),
  };
}
