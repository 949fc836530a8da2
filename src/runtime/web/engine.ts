import { RevelaError } from '../../errors.js';
import { openRuntime } from '../open-runtime.js';
import type { Runtime } from '../runtime.js';
import { checkAnswers } from '../self-check.js';
import { pageWorker } from './page-worker.js';

/** What a page computes on, or `auto`: WebGPU where it computes right, else WebAssembly. */
export type EngineChoice = 'auto' | 'webassembly' | 'webgpu';

/** Options of {@link openEngine}. */
export interface EngineOptions {
  /** The folder of ONNX Runtime's files, on the page's own server; it ends with a slash. */
  readonly files: string;
  /** Default `auto`. */
  readonly engine?: EngineChoice;
  /** Threads of WebAssembly; default: as many as the page may have. */
  readonly threads?: number;
}

/** A runtime of a page, and why it is this one, for people. */
export interface Engine {
  readonly runtime: Runtime;
  readonly reason: string;
}

/** Bytes that programs on shelves may take together. */
const SHELF_BYTES = 64 * 2 ** 20;

/** More threads than this win nothing in WebAssembly. */
const MOST_THREADS = 8;

/** Threads that a page may have: those of the processor where it is isolated from other sites, else one. */
function threadsHere(asked: number | undefined): { readonly threads: number; readonly reason: string } {
  if (!globalThis.crossOriginIsolated)
    return { threads: 1, reason: 'the page is not isolated from other sites, which threads need' };
  const cores = navigator.hardwareConcurrency;
  const threads = Math.max(1, Math.min(asked ?? cores, MOST_THREADS));
  return { threads, reason: `the processor has ${cores} core${cores === 1 ? '' : 's'}` };
}

function webAssembly({ files, threads: asked }: EngineOptions): Engine {
  const { threads, reason } = threadsHere(asked);
  const runtime = openRuntime({
    line: pageWorker(files),
    device: 'cpu',
    threads,
    shelfBytes: SHELF_BYTES,
    renews: true,
    // The blocked form is ONNX Runtime's for native processors only.
    target: { device: 'cpu' },
    describe: () => `WebAssembly, ${threads} thread${threads === 1 ? '' : 's'}`,
  });
  return { runtime, reason };
}

async function webGpu({ files, engine }: EngineOptions): Promise<Engine> {
  const adapter = await adapterHere();
  if (adapter === undefined) throw new RevelaError('this browser gives no graphics card');
  if (isSoftware(adapter) && engine !== 'webgpu')
    throw new RevelaError('the graphics card is made of software');
  const runtime = openRuntime({
    line: pageWorker(files),
    device: 'webgpu',
    threads: 1,
    shelfBytes: SHELF_BYTES,
    target: { device: 'webgpu' },
    describe: () => 'GPU (WebGPU)',
  });
  try {
    // What brings numbers to the card stays open, and so does the card, which ONNX Runtime would open anew: what was checked is what computes.
    await runtime.upload({ dtype: 'float32', shape: [1], data: new Float32Array(1) });
    const wrong = await checkAnswers(runtime);
    if (wrong !== undefined) throw new RevelaError(wrong);
    return { runtime, reason: 'a graphics card is there, and computes what it should' };
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

/** As much of WebGPU as is asked for here. */
interface Graphics {
  requestAdapter(): Promise<Adapter | null>;
}

interface Adapter {
  readonly info?: { readonly isFallbackAdapter?: boolean; readonly vendor?: string };
}

function isGraphics(value: unknown): value is Graphics {
  return typeof value === 'object' && value !== null && 'requestAdapter' in value;
}

/** A graphics card, `undefined` where there is none. */
async function adapterHere(): Promise<Adapter | undefined> {
  const graphics: unknown = Reflect.get(navigator, 'gpu');
  if (!isGraphics(graphics)) return undefined;
  return (await graphics.requestAdapter().catch(() => null)) ?? undefined;
}

/** Whether a card is made of software, which is slower than WebAssembly. */
const isSoftware = ({ info }: Adapter): boolean =>
  info?.isFallbackAdapter === true || /swiftshader|llvmpipe/i.test(JSON.stringify(info?.vendor ?? ''));

/**
 * Opens what a page computes on. A graphics card is trusted only after its answers to a small program are those that are known.
 *
 * @throws RevelaError where WebGPU was asked for and does not work
 *
 * @example
 * const { runtime, reason } = await openEngine({ files: '/onnxruntime/' });
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { engine = 'auto' } = options;
  if (engine === 'webassembly') return webAssembly(options);
  try {
    return await webGpu(options);
  } catch (error) {
    if (engine === 'webgpu' || !(error instanceof RevelaError)) throw error;
    const plain = webAssembly(options);
    return { ...plain, reason: `${plain.reason}; WebGPU is not used: ${error.message}` };
  }
}
