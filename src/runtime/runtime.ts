import type { CompiledLoop, CompiledModel, LoweringTarget, Port } from '../compile/index.js';
import type { TensorValue } from '../tensor/index.js';
import type { DeviceTensor } from './device-tensor.js';

export type { DeviceTensor } from './device-tensor.js';

/** Devices that programs run on. */
export type DeviceName = 'cpu' | 'webgpu' | 'cuda';

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
export interface Loop {
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
 * Runs programs on one device, in a worker: the event loop of the caller stays free. Calls are done one after another, in
 * the order in which they are made.
 */
export interface Runtime extends AsyncDisposable {
  readonly device: DeviceName;
  readonly threads: number;
  /** One line for people: which device runs. */
  readonly description: string;
  /** How programs for this runtime are best spelled: what {@link compile} takes. Found out at the first call. */
  target(): Promise<LoweringTarget>;
  load(model: CompiledModel, options?: LoadOptions): Promise<Executable>;
  loadLoop(loop: CompiledLoop): Promise<Loop>;
  upload(value: TensorValue): Promise<DeviceTensor>;
  /** A copy of a device tensor's numbers. */
  download(tensor: DeviceTensor): Promise<TensorValue>;
  /** Puts new numbers of the same shape into a device tensor. */
  write(tensor: DeviceTensor, value: TensorValue): Promise<void>;
  /** Waits for the calls already made, frees everything and ends the worker. */
  close(): Promise<void>;
}
