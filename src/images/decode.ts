import { RevelaError } from '../errors.js';
import { inSharedMemory, muchInThread } from '../in-thread.js';
import type { Raster, StoredValues } from '../pixels/index.js';
import { present } from '../present.js';
import { damagedError, forDecoder, type Header } from './inspect.js';
import { loadSharp } from './load-sharp.js';
import { type Orientation, swapsSides, turned } from './orientation.js';

/** Interleaved integer samples: the colour channels of a pixel, then its alpha if it has one. */
export interface DecodedRaster extends Raster {
  readonly channels: 1 | 3;
  readonly samples: Uint8Array | Uint16Array;
  /** What of the picture is damaged in its file, where that leaves the rest to be read; for people. */
  readonly damage?: string;
}

/**
 * Decodes the pixels of a file, upright, at its own depth and in its own colour space.
 *
 * sharp's defaults are not that: they convert to sRGB and to 8 bits, and its raw output of grey pictures of 8 bits drops
 * the alpha. Each is answered below; the orientation is that of the header, which is read in one place.
 *
 * @throws RevelaError if the data ends early or is damaged
 */
export async function decode(bytes: Uint8Array, header: Header, name: string): Promise<DecodedRaster> {
  const deep = header.bitDepth === 16;
  const greyWithAlpha = header.channels === 1 && header.hasAlpha;
  const asGrey = header.channels === 1 && (deep || !greyWithAlpha);
  const space = deep ? (asGrey ? 'grey16' : 'rgb16') : asGrey ? 'b-w' : 'srgb';
  const bands = (asGrey ? 1 : 3) + (header.hasAlpha ? 1 : 0);
  const sharp = await loadSharp();
  const decodedWith = (failOn: 'warning' | 'error') => {
    const given = sharp(forDecoder(bytes), { ignoreIcc: true, failOn, limitInputPixels: false });
    return (header.raw.hasAlpha && !header.hasAlpha ? given.removeAlpha() : given)
      .toColourspace(space)
      .raw({ depth: deep ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
  };
  // Of other kinds, warnings are about what stands beside the pixels.
  let damage: string | undefined;
  const sound =
    header.format === 'jpeg'
      ? await decodedWith('warning').catch((error: unknown) => {
          damage = damageIn(error);
          return undefined;
        })
      : undefined;
  const { data, info } =
    sound ??
    (await decodedWith('error').catch((error: unknown) => {
      throw damagedError(name, error);
    }));
  const { orientation } = header;
  const [width, height] = swapsSides(orientation) ? [info.height, info.width] : [info.width, info.height];
  if (width !== header.width || height !== header.height || info.channels !== bands) {
    throw new RevelaError(
      `${name} decodes to ${width}×${height}×${info.channels}, but its header says ${header.width}×${header.height}×${bands}; save it again from an image editor`,
    );
  }
  const given = deep ? asUint16(data) : data;
  const samples = header.narrow ? await spreadAside(given, bands, header.hasAlpha, header.white) : given;
  return {
    width,
    height,
    channels: header.channels,
    samples: await uprightAside(samples, info, bands, orientation),
    pixelStep: bands,
    channelStep: 1,
    white: header.white,
    ...present({ damage }),
  };
}

/** What the decoder of JPEG warns of, where it is about the pixels: it goes on with what it makes of the rest. */
function damageIn(error: unknown): string | undefined {
  const what = /Corrupt JPEG data: ([^\n]*)/.exec(error instanceof Error ? error.message : '')?.[1];
  return what === undefined ? undefined : `a part of the picture, which is damaged in its file (${what})`;
}

/** Samples of the picture when its pixels are turned as the orientation says. */
export function upright(
  samples: Uint8Array | Uint16Array,
  { width, height }: { readonly width: number; readonly height: number },
  bands: number,
  orientation: Orientation,
): Uint8Array | Uint16Array {
  return samples instanceof Uint16Array
    ? turned({ width, height, samples }, bands, orientation, (length) => new Uint16Array(length)).samples
    : turned({ width, height, samples }, bands, orientation, (length) => new Uint8Array(length)).samples;
}

/** Samples from 16 to 235 of 255 spread to the whole range, but for the alpha, which is the last of the bands. */
export function spread<Samples extends Uint8Array | Uint16Array>(
  samples: Samples,
  bands: number,
  hasAlpha: boolean,
  white: number,
): Samples {
  const unit = samples instanceof Uint8Array ? 1 : 256;
  const colours = hasAlpha ? bands - 1 : bands;
  for (let i = 0; i < samples.length; i++) {
    if (i % bands >= colours) continue;
    const value = ((samples[i] ?? 0) - 16 * unit) / (219 * unit);
    samples[i] = Math.round(white * Math.min(1, Math.max(0, value)));
  }
  return samples;
}

function asUint16(data: Buffer): Uint16Array {
  if (data.byteOffset % 2 === 0) return new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  return new Uint16Array(Uint8Array.from(data).buffer);
}

const self = new URL('./decode.js', import.meta.url);
const spreadAside = muchInThread(self, spread<Uint8Array | Uint16Array>, ({ length }) => length);
const turnedAside = muchInThread(self, upright, ({ length }) => length);
const alphaAside = muchInThread(self, alphaOf, ({ samples }) => samples.length);

/** What lies as it should is not sent anywhere. */
const uprightAside: typeof turnedAside = (samples, info, bands, orientation) =>
  orientation === 1 ? Promise.resolve(samples) : turnedAside(samples, info, bands, orientation);

/** The values of a raster, in memory that threads share, and its alpha, where it has one. */
export async function valuesAndAlpha(
  raster: DecodedRaster,
  hasAlpha: boolean,
): Promise<{ readonly data: StoredValues; readonly alpha?: Uint8Array | Uint16Array }> {
  const { pixelStep, white } = raster;
  const samples = await inSharedMemory(raster.samples);
  const alpha = hasAlpha ? await alphaAside({ ...raster, samples }) : undefined;
  // What lies beyond white is white.
  const values = Float32Array.from({ length: samples instanceof Uint8Array ? 256 : 65_536 }, (_, sample) =>
    Math.min(1, sample / white),
  );
  return { data: { samples, pixelStep, values }, ...present({ alpha }) };
}

/** The last of the interleaved bands, brought to the full range of its type. */
export function alphaOf({
  width,
  height,
  samples,
  pixelStep,
  white,
}: DecodedRaster): Uint8Array | Uint16Array {
  const area = width * height;
  const alpha = samples instanceof Uint8Array ? new Uint8Array(area) : new Uint16Array(area);
  const full = samples instanceof Uint8Array ? 255 : 65_535;
  for (let i = 0, from = pixelStep - 1; i < area; i++, from += pixelStep) {
    const sample = samples[from] ?? 0;
    alpha[i] = white === full ? sample : Math.min(full, Math.round((sample * full) / white));
  }
  return alpha;
}
