import { OptionError } from '../errors.js';
import { muchInThread, sharedFloats } from '../in-thread.js';
import { inFloats, type Picture } from '../pixels/index.js';
import { present } from '../present.js';
import { valuesAndAlpha } from './decode.js';

/** Samples of pixels: of 8 bits, of 16 bits (up to 65535), or floats in [0, 1]. */
export type RawSamples = Uint8Array | Uint8ClampedArray | Uint16Array | Float32Array;

/**
 * Pixels without a file: row by row, the samples of a pixel side by side, as sharp's `raw`, canvases and most libraries have
 * them.
 *
 * @example
 * await denoise({ data: new Uint8Array(640 * 480 * 3), width: 640, height: 480, channels: 3 });
 */
export interface RawPixels {
  readonly data: RawSamples;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** 1 grey, 2 grey and opacity, 3 red, green, blue, 4 with opacity. Default: by how many samples there are, as of `ImageData`. */
  readonly channels?: 1 | 2 | 3 | 4;
}

/**
 * A picture of raw pixels. Floats keep all that they hold, beyond [0, 1] too; as a file they are 16 bits.
 *
 * @throws OptionError that names the field which is wrong
 */
export async function pictureOfRaw(raw: RawPixels): Promise<Picture> {
  const { data, width, height } = raw;
  for (const [name, side] of Object.entries({ width, height }))
    if (!Number.isInteger(side) || side < 1)
      throw new OptionError(`${name} of raw pixels must be a whole number above 0, got ${String(side)}`);
  const samples = samplesOf(data);
  if (samples === undefined)
    throw new OptionError(
      'data of raw pixels must be a Uint8Array, a Uint16Array or a Float32Array, the samples of a pixel side by side',
    );
  const area = width * height;
  const bands = raw.channels ?? samples.length / area;
  if (bands !== 1 && bands !== 2 && bands !== 3 && bands !== 4)
    throw new OptionError(
      raw.channels === undefined
        ? `data of raw pixels has ${samples.length} samples, which are not 1 to 4 for each of ${width} × ${height} pixels`
        : `channels of raw pixels must be 1, 2, 3 or 4, got ${String(raw.channels)}`,
    );
  if (samples.length !== area * bands)
    throw new OptionError(
      `data of raw pixels must have ${area * bands} samples for ${width} × ${height} pixels and ${bands} channels, got ${samples.length}`,
    );
  const channels = bands < 3 ? 1 : 3;
  const facts = { width, height, channels, format: 'png', metadata: {} } as const;
  if (samples instanceof Float32Array) {
    const planes = sharedFloats(area * channels);
    const alpha = await floatsAside(samples, bands, channels, planes);
    return { ...facts, data: planes, bitDepth: 16, ...present({ alpha }) };
  }
  const bitDepth = samples instanceof Uint8Array ? 8 : 16;
  const layout = { pixelStep: bands, channelStep: 1, white: 2 ** bitDepth - 1 };
  const raster = { width, height, channels, samples, ...layout } as const;
  return inFloats({ ...facts, bitDepth, ...(await valuesAndAlpha(raster, bands !== channels)) });
}

/** The samples as one of three types; `undefined` where they are something else. */
function samplesOf(data: unknown): Uint8Array | Uint16Array | Float32Array | undefined {
  if (data instanceof Uint8ClampedArray) return new Uint8Array(data.buffer, data.byteOffset, data.length);
  return data instanceof Uint8Array || data instanceof Uint16Array || data instanceof Float32Array
    ? data
    : undefined;
}

const floatsAside = muchInThread(
  new URL('./raw-pixels.js', import.meta.url),
  spreadFloats,
  ({ length }) => length,
);

/**
 * Writes the colours of interleaved floats into planes.
 *
 * @param planes where to
 * @returns their opacity, of 16 bits, where there is more than `channels`
 */
export function spreadFloats(
  samples: Float32Array,
  bands: number,
  channels: number,
  planes: Float32Array,
): Uint16Array | undefined {
  const area = samples.length / bands;
  for (let channel = 0; channel < channels; channel++)
    for (let from = channel, to = channel * area; from < samples.length; from += bands, to++)
      planes[to] = samples[from] ?? 0;
  if (bands === channels) return undefined;
  const alpha = new Uint16Array(area);
  for (let from = bands - 1, to = 0; from < samples.length; from += bands, to++)
    alpha[to] = Math.round(65_535 * Math.min(1, Math.max(0, samples[from] ?? 0)));
  return alpha;
}
