import type { CompiledLoop, CompiledModel, LoweringTarget, Port } from '../compile/index.js';
import type { Program, TensorValue } from '../tensor/index.js';
import { flattened, formatShape, negate, sameShape, trace } from '../tensor/index.js';
import { cpuTarget } from './blocked-form.js';
import { isTensorValue, ResidentTensor } from './device-tensor.js';
import { ProgramCache } from './program-cache.js';
import type { Command, Feed, Holdings, ModelPorts, ModelSource } from './protocol.js';
import type {
  DeviceName,
  DeviceTensor,
  Executable,
  LoadOptions,
  Loop,
  ProgramShelf,
  RunOptions,
  Runtime,
} from './runtime.js';
import { WorkerClient } from './worker-client.js';
import type { OpenLine } from './worker-line.js';

/** What {@link openRuntime} needs to know. */
export interface RuntimeSettings {
  /** Starts the worker that owns the sessions. */
  readonly line: OpenLine;
  readonly device: DeviceName;
  readonly threads: number;
  /** Asked late: a graphics driver is known only once a session was made. */
  readonly describe: () => string;
  /** Bytes that programs on shelves may take together; see {@link Runtime.shelf}. */
  readonly shelfBytes: number;
  /** How programs are spelled, where that is not to be found out. */
  readonly target?: LoweringTarget | undefined;
  /** Whether the worker's memory never shrinks, as that of WebAssembly: a fresh one takes its place once much of it is no longer needed. */
  readonly renews?: boolean;
}

function found<T>(record: Readonly<Record<string, T>>, name: string, what: string): T {
  const value = record[name];
  if (value === undefined) throw new RangeError(`${what} needs ${name}, which was not given`);
  return value;
}

function checkFeed({ name, shape, dtype }: Port, feed: TensorValue | DeviceTensor): void {
  if (!sameShape(feed.shape, shape) || feed.dtype !== dtype)
    throw new RangeError(
      `the program expects ${dtype} ${formatShape(shape)} for ${name}, got ${feed.dtype} ${formatShape(feed.shape)}`,
    );
}

/** A program that is made at once. */
const smallProgram = () => flattened(trace(({ input }) => ({ y: negate(input('x', [1])) })));

const portsOf = ({ inputs, outputs }: CompiledModel): ModelPorts => ({ inputs, outputs });

/** Buffers that a caller gives up: whole ones only, and not those that threads share. */
function buffersOf(feeds: readonly (TensorValue | DeviceTensor)[]): ArrayBuffer[] {
  const buffers = feeds.filter(isTensorValue).map(({ data }) => data.buffer);
  return [...new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer))];
}

/** A runtime over one worker. The device is taken as it is: {@link createRuntime} checks it. */
class WorkerRuntime implements Runtime {
  readonly device: DeviceName;
  readonly threads: number;
  readonly #describe: () => string;
  readonly #worker: WorkerClient;
  readonly #free = (tensor: number): void => this.#forget({ kind: 'free', tensors: [tensor] });
  #nextNumber = 1;
  #closing: Promise<void> | undefined;
  readonly #programs: ProgramCache;
  readonly #renews: boolean;
  #target: Promise<LoweringTarget> | undefined;

  constructor({ line, device, threads, describe, shelfBytes, target, renews = false }: RuntimeSettings) {
    this.#worker = new WorkerClient(line);
    this.device = device;
    this.threads = threads;
    this.#describe = describe;
    this.#renews = renews;
    this.#programs = new ProgramCache(shelfBytes, (program, options) => this.load(program, options));
    if (target !== undefined) this.#target = Promise.resolve(target);
    this.#forget(this.#opening());
  }

  #opening(): Extract<Command, { readonly kind: 'open' }> {
    return { kind: 'open', device: this.device, threads: this.threads };
  }

  get description(): string {
    return this.#describe();
  }

  target(): Promise<LoweringTarget> {
    this.#target ??= this.#findTarget();
    return this.#target;
  }

  async #findTarget(): Promise<LoweringTarget> {
    if (this.device !== 'cpu') return { device: this.device };
    try {
      return await cpuTarget(this);
    } catch (error) {
      // What went wrong once may go well the next time.
      this.#target = undefined;
      throw error;
    }
  }

  shelf(options: LoadOptions = {}): ProgramShelf {
    return this.#programs.shelf(options);
  }

  async rest(): Promise<void> {
    try {
      await this.#programs.clear();
      if (this.#renews) await this.#renew();
    } catch {
      // Of a worker that is gone the next call tells.
    }
  }

  /** A fresh worker, where this one holds nothing. */
  async #renew(): Promise<void> {
    const model = this.#nextNumber++;
    const source: ModelSource = { kind: 'program', program: smallProgram(), target: await this.target() };
    const { models, sessions, tensors, loops } = await this.held();
    if (models + sessions + tensors + loops > 0) return;
    await this.#worker.renew([
      this.#opening(),
      // Only with the first session all files are there that sessions need.
      { kind: 'load', model, source, optimization: 'inference', keep: [] },
      { kind: 'unload', model },
    ]);
  }

  async load(program: Program | CompiledModel, options: LoadOptions = {}): Promise<Executable> {
    const { keep = [], optimization = 'inference' } = options;
    const source: ModelSource =
      'bytes' in program
        ? { kind: 'compiled', bytes: program.bytes, ports: portsOf(program) }
        : { kind: 'program', program: flattened(program), target: await this.target() };
    const model = this.#nextNumber++;
    const { ports } = await this.#worker.callWithMuch({ kind: 'load', model, source, optimization, keep });
    if (ports === undefined) throw new Error('the worker answered without the ports of a model');
    const release = async (): Promise<void> => {
      await this.#worker.call({ kind: 'unload', model });
    };
    return {
      ...ports,
      run: (feeds, run = {}) => this.#run(model, ports, feeds, { keep, ...run }),
      release,
      [Symbol.asyncDispose]: release,
    };
  }

  async #run(
    model: number,
    { inputs, outputs }: ModelPorts,
    feeds: Readonly<Record<string, TensorValue | DeviceTensor>>,
    { keep = [], fetch, signal, transfer = false }: RunOptions,
  ) {
    const kept: Record<string, ResidentTensor> = {};
    for (const name of keep) {
      const port = outputs.find((output) => output.name === name);
      if (port === undefined) throw new RangeError(`the program has no output ${name} to keep`);
      kept[name] = new ResidentTensor(this.#nextNumber++, port, this.#free);
    }
    const given = inputs.map((port) => {
      const feed = found(feeds, port.name, 'the program');
      checkFeed(port, feed);
      return [port.name, this.#feed(feed)] as const;
    });
    const { values: fetched } = await this.#worker
      .call(
        {
          kind: 'run',
          model,
          feeds: Object.fromEntries(given),
          keep: Object.fromEntries(Object.entries(kept).map(([name, { id }]) => [name, id])),
          fetch: fetch ?? outputs.map(({ name }) => name).filter((name) => !keep.includes(name)),
        },
        { signal, transfer: transfer ? buffersOf(Object.values(feeds)) : [] },
      )
      .catch((error: unknown) => {
        // A run that was stopped after it had begun has left its outputs behind.
        for (const tensor of Object.values(kept)) tensor.release();
        throw error;
      });
    return { fetched, kept };
  }

  async loadLoop(compiled: CompiledLoop): Promise<Loop> {
    if (this.device !== 'cpu')
      throw new RangeError(`loops run on the CPU only, this runtime is on ${this.device}`);
    const loop = this.#nextNumber++;
    await this.#worker.call({ kind: 'loadLoop', loop, compiled });
    const { arrays, scalars } = compiled;
    const release = async (): Promise<void> => {
      await this.#worker.call({ kind: 'unloadLoop', loop });
    };
    return {
      run: async (sets, numbers) => {
        await this.#worker.call({
          kind: 'runLoop',
          loop,
          sets: sets.map((set) => arrays.map((name) => this.#idOf(found(set, name, 'the loop')))),
          scalars: scalars.map((name) => found(numbers, name, 'the loop')),
        });
      },
      release,
      [Symbol.asyncDispose]: release,
    };
  }

  async upload(value: TensorValue): Promise<DeviceTensor> {
    const tensor = new ResidentTensor(this.#nextNumber++, value, this.#free);
    await this.#worker.call({ kind: 'upload', tensor: tensor.id, value });
    return tensor;
  }

  async write(tensor: DeviceTensor, value: TensorValue): Promise<void> {
    checkFeed({ name: 'a tensor on the device', shape: tensor.shape, dtype: tensor.dtype }, value);
    await this.#worker.call({ kind: 'upload', tensor: this.#idOf(tensor), value });
  }

  async download(tensor: DeviceTensor): Promise<TensorValue> {
    const { values } = await this.#worker.call({ kind: 'download', tensor: this.#idOf(tensor) });
    const { value } = values;
    if (value === undefined) throw new Error('the worker answered without the tensor that was asked for');
    return { ...value, shape: tensor.shape };
  }

  async held(): Promise<Holdings> {
    const { held } = await this.#worker.call({ kind: 'count' });
    if (held === undefined) throw new Error('the worker answered without counting what it holds');
    return held;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    // Sessions are released by their own thread: ending it under them can bring the process down.
    const empty = await this.#worker.call({ kind: 'close' }).then(
      () => true,
      () => false,
    );
    await this.#worker.terminate(empty);
  }

  /** Sends what needs no answer; should it fail, the next call with one will fail as well. */
  #forget(command: Parameters<WorkerClient['call']>[0]): void {
    this.#worker.call(command).catch(() => undefined);
  }

  #feed(feed: TensorValue | DeviceTensor): Feed {
    return isTensorValue(feed)
      ? { kind: 'value', value: feed }
      : { kind: 'resident', tensor: this.#idOf(feed) };
  }

  #idOf(tensor: DeviceTensor): number {
    if (!(tensor instanceof ResidentTensor) || !tensor.madeWith(this.#free))
      throw new TypeError('this tensor belongs to another runtime');
    if (tensor.released) throw new RangeError('a tensor was used after its release');
    return tensor.id;
  }
}

/** Opens a runtime on a device that is known to work. */
export function openRuntime(settings: RuntimeSettings): Runtime {
  return new WorkerRuntime(settings);
}
