import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { LoweringTarget } from '../../compile/index.js';
import { RevelaError } from '../../errors.js';
import { openRuntime } from '../open-runtime.js';
import { nodeWorker } from './node-worker.js';
import { probeApart } from './probe.js';
import type { DeviceName, Runtime } from '../runtime.js';
import { selfCheck } from '../self-check.js';
import { convolutionSpeed } from '../speed.js';

/** A device by name, or `auto`: a GPU that computes right and faster than the CPU, else the CPU. */
export type DeviceChoice = DeviceName | 'auto';

/** Options of {@link createRuntime}. */
export interface RuntimeOptions {
  /** Default `auto`. */
  readonly device?: DeviceChoice;
  /** Threads of the CPU; default: as many as there are cores. */
  readonly threads?: number;
  /** Bytes that programs on shelves may take together, see {@link Runtime.shelf}; default 64 MiB. One larger than that stands alone. */
  readonly shelfBytes?: number;
  /** How programs are spelled; default: as is fastest on the device. For tests. */
  readonly target?: LoweringTarget;
  /** Told, in one line, when a GPU is there but not used. */
  readonly onWarning?: (line: string) => void;
  /** Stops the search for a device. */
  readonly signal?: AbortSignal;
}

/**
 * Pictures of a few sizes come one after another, and a program is made in far less time than a large picture takes: a
 * folder of all sizes should take little more memory than one of a single size.
 */
const SHELF_BYTES = 64 * 2 ** 20;

/** What a person has to do before a device works. */
const remedies: { readonly [D in DeviceName]: string } = {
  cpu: 'install revela anew',
  webgpu:
    'it needs a graphics driver with Vulkan, Metal or Direct3D 12 (on Debian: libvulkan1 and the driver); or use `device` cpu',
  cuda: 'it needs an NVIDIA driver, CUDA 12, cuDNN 9, and the CUDA libraries of ONNX Runtime (docs/engine.md); or use `device` cpu',
};

/** ONNX Runtime does not say which card it took; on Linux a driver made of software shows in what this process has loaded. */
function isSoftwareVulkan(): boolean {
  if (process.platform !== 'linux') return false;
  return readFileSync('/proc/self/maps', 'utf8').includes('libvk_swiftshader');
}

/** One line for people. A GPU's driver is known once its first session was made. */
function describe(device: DeviceName, threads: number): string {
  if (device === 'cpu') return `CPU, ${threads} thread${threads === 1 ? '' : 's'}`;
  if (device === 'cuda') return 'GPU (CUDA)';
  return isSoftwareVulkan() ? 'GPU (WebGPU over SwiftShader, a GPU made of software)' : 'GPU (WebGPU)';
}

/**
 * Opens a device and, unless it is the CPU, compares its numbers with the CPU's.
 *
 * @throws RevelaError that says why it cannot be used.
 */
export async function openChecked(device: DeviceName, options: RuntimeOptions = {}): Promise<Runtime> {
  const { threads = availableParallelism(), shelfBytes = SHELF_BYTES, target } = options;
  const open = (name: DeviceName): Runtime =>
    openRuntime({
      line: nodeWorker,
      device: name,
      threads,
      shelfBytes,
      target,
      describe: () => describe(name, threads),
    });
  if (device === 'cpu') return open('cpu');
  const cpu = open('cpu');
  const runtime = open(device);
  try {
    const wrong = await selfCheck(runtime, cpu);
    if (wrong !== undefined) throw new RevelaError(wrong);
    return runtime;
  } catch (error) {
    await runtime.close();
    throw error;
  } finally {
    await cpu.close();
  }
}

/** Whether a look for a GPU is worth its time; on Linux drivers show in /dev, elsewhere there nearly always is one. */
function mayHaveGpu(): boolean {
  if (process.platform !== 'linux') return true;
  return readdirSync('/dev').some((name) => name === 'dri' || name === 'dxg' || /^nvidia\d/.test(name));
}

/** True where the install fetched ONNX Runtime's CUDA part, which it does only when told to. */
function hasCuda(): boolean {
  const library = `../bin/napi-v6/${process.platform}/${process.arch}/libonnxruntime_providers_cuda.so`;
  return existsSync(new URL(library, import.meta.resolve('onnxruntime-node')));
}

/** The fastest device that computes right. GPUs are tried in processes of their own: a driver may bring its process down. */
export async function fastestDevice(
  { threads, onWarning, signal }: RuntimeOptions,
  cpu: Runtime,
): Promise<DeviceName> {
  const candidates: readonly DeviceName[] = hasCuda() ? ['webgpu', 'cuda'] : ['webgpu'];
  let best: { device: DeviceName; speed: number } | undefined;
  for (const device of candidates) {
    signal?.throwIfAborted();
    const { works, problem = '', speed = 0 } = await probeApart(device, threads);
    if (works && speed > (best?.speed ?? 0)) best = { device, speed };
    if (!works && !/adapter|library/i.test(problem))
      onWarning?.(`${describe(device, 0)} is not used: ${problem}; the CPU is used instead`);
  }
  signal?.throwIfAborted();
  return best !== undefined && best.speed > (await convolutionSpeed(cpu)) ? best.device : 'cpu';
}

/**
 * Opens a runtime. A GPU is trusted only after its answers to a small program agree with the CPU's; `auto` takes it only
 * where it is also faster than the CPU, which rules out GPUs made of software.
 *
 * @throws RevelaError when a device that was asked for by name is not there or computes wrongly.
 *
 * @example
 * await using runtime = await createRuntime({ device: 'cpu', threads: 2 });
 * console.log(runtime.description); // 'CPU, 2 threads'
 */
export async function createRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const { device = 'auto', onWarning, signal } = options;
  signal?.throwIfAborted();
  if (device !== 'auto') {
    return openChecked(device, options).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new RevelaError(`\`device\` ${device} does not work here: ${reason}; ${remedies[device]}`, {
        ...{ code: 'ERR_DEVICE', option: 'device', received: device },
      });
    });
  }
  const cpu = await openChecked('cpu', options);
  try {
    const fastest = mayHaveGpu() ? await fastestDevice(options, cpu) : 'cpu';
    if (fastest === 'cpu') return cpu;
    const gpu = await openChecked(fastest, options);
    await cpu.close();
    return gpu;
  } catch (error) {
    if (!(error instanceof RevelaError)) {
      await cpu.close();
      throw error;
    }
    onWarning?.(`a GPU is there but not used: ${error.message}; the CPU is used instead`);
    return cpu;
  }
}
