import type { CompiledLoop, CompiledModel, LoweringTarget, Port } from '../compile/index.js';
import type { Program, TensorValue } from '../tensor/index.js';
import type { DeviceTensor } from './device-tensor.js';
import type { Holdings } from './protocol.js';

export type { DeviceTensor } from './device-tensor.js';
export type { Holdings } from './protocol.js';

/** Devices that programs run on. */
export type DeviceName = 'cpu' | 'webgpu' | 'cuda';

/** What a run returns: outputs brought to the host, and those that stayed on the device. */
export interface RunResult {
  readonly fetched: Readonly<Record<string, TensorValue>>;
  readonly kept: Readonly<Record<string, DeviceTensor>>;
}

/** A compiled program, ready to run. It stays until it is released. */
export interface Executable extends AsyncDisposable {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /**
   * Runs once, after the calls made before it.
   *
   * @throws the signal's reason, or a RevelaError with ONNX Runtime's message
   */
  run(feeds: Readonly<Record<string, TensorValue | DeviceTensor>>, options?: RunOptions): Promise<RunResult>;
  release(): Promise<void>;
}

/** Options of {@link Executable.run}. */
export interface RunOptions {
  /** Outputs that stay on the device; default: what the program was loaded with. */
  readonly keep?: readonly string[];
  /** Outputs to bring to the host; default: those that are not kept. */
  readonly fetch?: readonly string[];
  /** Stops before the run; one in progress finishes first. */
  readonly signal?: AbortSignal | undefined;
  /** Hand the buffers of the fed numbers over instead of copying them: the caller cannot read them afterwards. */
  readonly transfer?: boolean;
}

/** A compiled loop, ready to run in place. */
export interface Loop extends AsyncDisposable {
  /** Once per set of arrays; arrays of a set have one length. CPU only. */
  run(
    sets: readonly Readonly<Record<string, DeviceTensor>>[],
    scalars: Readonly<Record<string, number>>,
  ): Promise<void>;
  release(): Promise<void>;
}

/** Options of {@link Runtime.load}. */
export interface LoadOptions {
  /** Outputs that stay on the device, unless a run says otherwise. */
  readonly keep?: readonly string[];
  /** `training` rounds denormal numbers to zero, on which some processors are very slow. Default `inference`. */
  readonly optimization?: 'training' | 'inference';
}

/**
 * Programs of one owner that are made when they are needed: those for pictures of a size, say. They are kept as long as the
 * runtime has room for them; see {@link Runtime.shelf}.
 */
export interface ProgramShelf extends AsyncDisposable {
  /**
   * Runs the program of that key.
   *
   * @param write traces it, where it is not ready
   * @param feeds what it does not take is left out
   * @throws as {@link Executable.run}
   */
  run(
    key: string,
    write: () => Program,
    feeds: Readonly<Record<string, TensorValue | DeviceTensor>>,
    options?: RunOptions,
  ): Promise<RunResult>;
  /** Lets those programs go that are larger than all may be together: before what comes next needs their memory. */
  trim(): Promise<void>;
  /** Lets the programs go, after the runs that were asked for. */
  close(): Promise<void>;
}

/**
 * Runs programs on one device, in a worker: the event loop of the caller stays free. Calls are done one after another, in
 * the order in which they are made.
 */
export interface Runtime extends AsyncDisposable {
  readonly device: DeviceName;
  readonly threads: number;
  /** One line for people: which device runs. */
  readonly description: string;
  /** How programs are best spelled for this device. Found out at the first call. */
  target(): Promise<LoweringTarget>;
  /** Compiles a program for the device, in the worker, or takes one that is compiled. It is held until it is released. */
  load(program: Program | CompiledModel, options?: LoadOptions): Promise<Executable>;
  /**
   * A shelf of programs that are made when they are needed. All shelves of a runtime share one limit of memory: the programs
   * used longest ago make room for others.
   *
   * @example
   * const shelf = runtime.shelf();
   * const { fetched } = await shelf.run('640×480', () => programFor(640, 480), { picture });
   * await shelf.close();
   */
  shelf(options?: LoadOptions): ProgramShelf;
  loadLoop(loop: CompiledLoop): Promise<Loop>;
  upload(value: TensorValue): Promise<DeviceTensor>;
  /** A copy of a device tensor's numbers. */
  download(tensor: DeviceTensor): Promise<TensorValue>;
  /** Puts new numbers of the same shape into a device tensor. */
  write(tensor: DeviceTensor, value: TensorValue): Promise<void>;
  /**
   * Gives back the memory that is not needed now, before other work needs it: programs on shelves that nobody runs are let go, and made again
   * when they are needed. In a page, where the memory of WebAssembly never shrinks, a fresh worker takes the place of one that holds nothing
   * any more; where that cannot be had, as without a network, the old one goes on.
   */
  rest(): Promise<void>;
  /** What is on the device now: what its users have to release. */
  held(): Promise<Holdings>;
  /** Waits for the calls already made, frees everything and ends the worker. */
  close(): Promise<void>;
}
