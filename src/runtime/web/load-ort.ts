import type { OrtModule } from '../ort-tensor.js';
import type { DeviceName } from '../runtime.js';

/** Where ONNX Runtime's files are, and with how many threads it computes. */
export interface OrtPlace {
  /** A folder, with a slash at its end. */
  readonly files: string;
  readonly threads: number;
}

/** Of the two builds of ONNX Runtime the one that a device needs: that for WebGPU is twice as large. */
export async function loadOrt(device: DeviceName, { files, threads }: OrtPlace): Promise<OrtModule> {
  const build = device === 'webgpu' ? 'ort-wasm-simd-threaded.asyncify' : 'ort-wasm-simd-threaded';
  const ort =
    device === 'webgpu' ? await import('onnxruntime-web/webgpu') : await import('onnxruntime-web/wasm');
  ort.env.logLevel = 'fatal';
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = { mjs: `${files}${build}.mjs`, wasm: `${files}${build}.wasm` };
  return ort;
}
