import type { Pixels } from '../page-image.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** Opens the decoder of JPEG XL files: upright, with 8 bits a value, brought into the colours of sRGB. */
export async function openJxl(): Promise<(bytes: Bytes) => Promise<Pixels>> {
  const { default: decode } = await import('@jsquash/jxl/decode.js');
  return async (bytes) => {
    const { data, width, height } = await decode(bytes.buffer);
    return { data: new Uint8ClampedArray(data), width, height };
  };
}
