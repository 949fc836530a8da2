import type { InferenceSession, Tensor } from 'onnxruntime-common';
import type { DType, TensorValue } from '../tensor/index.js';
import { identityModel } from './identity-model.js';
import type { OrtModule } from './ort-tensor.js';
import { dtypeOf, fromOrt, toOrt } from './ort-tensor.js';
import { runOptions } from './session-options.js';

/** How tensors come to live where the sessions can read them without moving them, and how they come back. */
export interface DeviceMemory {
  /** True when a kept output has to be asked for before the session is made. */
  readonly separate: boolean;
  upload(value: TensorValue): Promise<Tensor>;
  /** A copy of the numbers, which belongs to the caller. */
  download(tensor: Tensor): Promise<TensorValue>;
  /** The same numbers in memory that does not depend on the session that computed them; uses the tensor up. */
  detach(tensor: Tensor): Promise<Tensor>;
  free(tensor: Tensor): void;
  close(): Promise<void>;
}

/** The worker's own memory, for the CPU (and for CUDA, where Node's ONNX Runtime has no tensors on the card). */
export function hostMemory(ort: OrtModule): DeviceMemory {
  return {
    separate: false,
    upload: async (value) => toOrt(ort, value),
    async download(tensor) {
      const value = fromOrt(tensor);
      return { ...value, data: value.data.slice() };
    },
    detach: async (tensor) => tensor,
    free() {},
    async close() {},
  };
}

/** The memory of a graphics card. */
export function graphicsMemory(ort: OrtModule, options: InferenceSession.SessionOptions): DeviceMemory {
  const carriers = new Map<string, InferenceSession>();
  /** Carries one tensor through a session that does nothing but end on the wanted side. */
  async function carry(tensor: Tensor, dtype: DType, side: 'gpu-buffer' | 'cpu'): Promise<Tensor> {
    const key = `${dtype} ${side}`;
    let session = carriers.get(key);
    if (session === undefined) {
      const output = side === 'cpu' ? {} : { preferredOutputLocation: side };
      session = await ort.InferenceSession.create(identityModel(dtype), { ...options, ...output });
      carriers.set(key, session);
    }
    const { y } = await session.run({ x: tensor }, runOptions);
    if (y === undefined) throw new Error('the session that moves tensors gave nothing');
    return y;
  }
  return {
    separate: true,
    upload: (value) => carry(toOrt(ort, value), value.dtype, 'gpu-buffer'),
    download: async (tensor) => fromOrt(await carry(tensor, dtypeOf(tensor), 'cpu')),
    // Freeing a tensor after the session that allocated it is gone ends the process with a segmentation fault.
    async detach(tensor) {
      const copy = await carry(tensor, dtypeOf(tensor), 'gpu-buffer');
      tensor.dispose();
      return copy;
    },
    free: (tensor) => tensor.dispose(),
    async close() {
      for (const session of carriers.values()) await session.release();
      carriers.clear();
    },
  };
}
