import type { Pixels } from '../page-image.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** Opens the decoder of HEIC files: the main picture of each, upright, with 8 bits a value, of the colours that its file describes. */
export async function openHeic(): Promise<(bytes: Bytes) => Promise<Pixels>> {
  const { default: open } = await import('libheif-js/libheif-wasm/libheif-bundle.mjs');
  const library = open();
  return async (bytes) => {
    const images = new library.HeifDecoder().decode(bytes);
    try {
      const image = images.find((one) => one.is_primary()) ?? images[0];
      if (image === undefined) throw new Error('there is no picture in it');
      const [width, height] = [image.get_width(), image.get_height()];
      const data = new Uint8ClampedArray(4 * width * height);
      const shown = await new Promise((resolve) => image.display({ data, width, height }, resolve));
      if (shown === null) throw new Error('its pixels are damaged');
      return { data, width, height };
    } finally {
      for (const image of images) image.free();
    }
  };
}
