import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { compile } from '../compile/index.js';
import { RevelaError } from '../errors.js';
import type { DType, Shape, TensorValue } from '../tensor/index.js';
import { concat, conv2d, matmul, negate, pad, reshape, slice, softmax, sum, trace } from '../tensor/index.js';
import type { DeviceName, Runtime } from './runtime.js';
import { openRuntime } from './runtime.js';

/** A device by name, or `auto`: a GPU that computes right and faster than the CPU, else the CPU. */
export type DeviceChoice = DeviceName | 'auto';

/** Options of {@link createRuntime}. */
export interface RuntimeOptions {
  /** Default `auto`. */
  readonly device?: DeviceChoice;
  /** Threads of the CPU; default: as many as there are cores. */
  readonly threads?: number;
  /** Models held ready at once; default 8. */
  readonly maxSessions?: number;
  /** Told, in one line, when a GPU is there but not used. */
  readonly onWarning?: (line: string) => void;
}

const names: { readonly [D in DeviceName]: string } = {
  cpu: 'CPU',
  webgpu: 'GPU (WebGPU)',
  cuda: 'GPU (CUDA)',
};

const remedies: { readonly [D in DeviceName]: string } = {
  cpu: 'reinstall onnxruntime-node',
  webgpu:
    'it needs a graphics driver with Vulkan, Metal or Direct3D 12 (on Debian: libvulkan1 and the driver); or use --device cpu',
  cuda: 'it needs an NVIDIA driver, CUDA 12, cuDNN 9, and onnxruntime-node installed with ONNXRUNTIME_NODE_INSTALL=cuda12; or use --device cpu',
};

const identity = (device: DeviceName) => (shape: Shape, dtype: DType) =>
  compile(
    trace((declare) => ({ y: declare.input('x', shape, dtype) })),
    device,
  );

function open(
  device: DeviceName,
  { threads = availableParallelism(), maxSessions = 8 }: RuntimeOptions,
): Runtime {
  const description =
    device === 'cpu' ? `${names.cpu}, ${threads} thread${threads === 1 ? '' : 's'}` : names[device];
  return openRuntime({ device, threads, maxSessions, description, identity: identity(device) });
}

/** A little of everything that training uses, on numbers that are the same each time. */
function selfCheckProgram() {
  return trace((declare) => {
    const x = declare.input('x', [2, 8, 12, 10]);
    const weight = declare.input('weight', [8, 8, 3, 3]);
    const convolved = conv2d(x, weight, undefined, { padding: 2, dilation: 2 });
    const strided = slice(pad(convolved, [0, 0, 1, 1], [0, 0, 1, 1]), {
      axis: 2,
      start: 1,
      length: 6,
      step: 2,
    });
    const products = matmul(reshape(strided, [2, 48, 12]), reshape(strided, [2, 48, 12]), {
      transposeB: true,
    });
    return { y: concat([softmax(products), negate(sum(products, { axes: [2], keepAxes: true }))], 2) };
  });
}

const wave = (shape: Shape): TensorValue => {
  const length = shape.reduce((product, extent) => product * extent, 1);
  return { data: Float32Array.from({ length }, (_, i) => Math.sin(i * 1.7) * 0.3), shape, dtype: 'float32' };
};

async function selfCheckNumbers(runtime: Runtime): Promise<ArrayLike<number | bigint>> {
  const executable = await runtime.load(compile(selfCheckProgram(), runtime.device));
  const { fetched } = await executable.run({ x: wave([2, 8, 12, 10]), weight: wave([8, 8, 3, 3]) });
  await executable.release();
  return fetched['y']?.data ?? [];
}

/** Compares a GPU's answers with the CPU's; returns what is wrong, or nothing. */
async function selfCheck(runtime: Runtime, cpu: Runtime): Promise<string | undefined> {
  const [actual, expected] = [await selfCheckNumbers(runtime), await selfCheckNumbers(cpu)];
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (Number(actual[i]) - Number(expected[i])) ** 2;
    norm += Number(expected[i]) ** 2;
  }
  const error = Math.sqrt(difference / norm);
  return error <= 1e-4 ? undefined : `its numbers are wrong (relative error ${error.toExponential(1)})`;
}

/** Billions of operations per second that a device does in a 3×3 convolution of 64 channels. */
export async function convolutionSpeed(runtime: Runtime): Promise<number> {
  const size = 96;
  const program = trace((declare) => {
    const y = conv2d(
      declare.input('x', [1, 64, size, size]),
      declare.input('weight', [64, 64, 3, 3]),
      undefined,
      { padding: 1 },
    );
    return { y: sum(y) };
  });
  const executable = await runtime.load(compile(program, runtime.device));
  const feeds = { x: wave([1, 64, size, size]), weight: wave([64, 64, 3, 3]) };
  await executable.run(feeds);
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    await executable.run(feeds);
    best = Math.min(best, performance.now() - start);
  }
  await executable.release();
  return (2 * 9 * 64 * 64 * size * size) / best / 1e6;
}

/** What is known of a device: whether it works here, and how fast, or why not. */
export interface DeviceReport {
  readonly device: DeviceName;
  readonly works: boolean;
  /** One line for people. */
  readonly detail: string;
  /** GFLOP/s in a 3×3 convolution. */
  readonly speed?: number;
}

async function probe(device: DeviceName, options: RuntimeOptions, cpu: Runtime): Promise<DeviceReport> {
  const runtime = open(device, options);
  try {
    const wrong = device === 'cpu' ? undefined : await selfCheck(runtime, cpu);
    if (wrong !== undefined) return { device, works: false, detail: `${names[device]}: ${wrong}` };
    const speed = await convolutionSpeed(runtime);
    return {
      device,
      works: true,
      detail: `${runtime.description}: ${speed.toFixed(0)} GFLOP/s in convolutions`,
      speed,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { device, works: false, detail: `${names[device]} does not work here (${reason})` };
  } finally {
    await runtime.close();
  }
}

/**
 * Tries every device: whether it is there, computes right, and how fast.
 *
 * @example
 * for (const { detail } of await probeDevices()) console.log(detail);
 */
export async function probeDevices(options: RuntimeOptions = {}): Promise<readonly DeviceReport[]> {
  const cpu = open('cpu', options);
  try {
    const reports: DeviceReport[] = [];
    for (const device of ['cpu', 'webgpu', 'cuda'] as const) reports.push(await probe(device, options, cpu));
    return reports;
  } finally {
    await cpu.close();
  }
}

/** Whether a look for a GPU is worth its time; on Linux drivers show in /dev, elsewhere there nearly always is one. */
function mayHaveGpu(): boolean {
  if (process.platform !== 'linux') return true;
  return readdirSync('/dev').some((name) => name === 'dri' || name === 'dxg' || /^nvidia\d/.test(name));
}

/**
 * Opens a runtime. A GPU is trusted only after its answers to a small program agree with the CPU's.
 *
 * @throws RevelaError when a device that was asked for by name is not there or computes wrongly.
 *
 * @example
 * const runtime = await createRuntime({ device: 'cpu', threads: 2 });
 * try { … } finally { await runtime.close(); }
 */
export async function createRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const { device = 'auto', onWarning } = options;
  const cpu = open('cpu', options);
  if (device === 'cpu') return cpu;
  if (device === 'auto' && !mayHaveGpu()) return cpu;
  const gpu = await probe(device === 'auto' ? 'webgpu' : device, options, cpu);
  if (device === 'auto') {
    if (/wrong/.test(gpu.detail)) onWarning?.(`${gpu.detail}; the CPU is used instead`);
    if (!gpu.works || (gpu.speed ?? 0) <= (await convolutionSpeed(cpu))) return cpu;
  } else if (!gpu.works) {
    await cpu.close();
    throw new RevelaError(`--device ${device}: ${gpu.detail}; ${remedies[device]}`);
  }
  await cpu.close();
  return open(gpu.device, options);
}
