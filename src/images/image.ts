import { RevelaError } from '../errors.js';
import { checked } from '../options/index.js';
import { bandsOf, type Picture, type PictureFormat, type PictureMetadata } from '../pixels/index.js';
import { encode, quantizeAside, roundedPicture } from './encode.js';
import { type FormatName, formatNamed } from './formats.js';
import { pathOf } from './picture-input.js';
import {
  type Encoding,
  encodingOptions,
  type RawOptions,
  rawOptions,
  type WriteOptions,
} from './picture-options.js';
import { pictureProblem } from './picture-problem.js';
import { writePicture } from './write.js';

/** Pixels as {@link RevelaImage.toRaw} gives them: the samples of a pixel side by side, its opacity last. */
export interface RawImage {
  readonly data: Uint8Array | Uint16Array | Float32Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
}

/** A decoded picture, and the ways out of it. */
export class RevelaImage implements Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Float32Array;
  declare readonly alpha?: Uint8Array | Uint16Array;
  readonly bitDepth: 8 | 16;
  declare readonly sampleBits?: 10 | 12;
  declare readonly lossless?: boolean;
  readonly format: PictureFormat;
  readonly metadata: PictureMetadata;

  constructor(picture: Picture) {
    this.width = picture.width;
    this.height = picture.height;
    this.channels = picture.channels;
    this.data = picture.data;
    if (picture.alpha !== undefined) this.alpha = picture.alpha;
    this.bitDepth = picture.bitDepth;
    if (picture.sampleBits !== undefined) this.sampleBits = picture.sampleBits;
    if (picture.lossless !== undefined) this.lossless = picture.lossless;
    this.format = picture.format;
    this.metadata = picture.metadata;
  }

  /**
   * The bytes of a picture file, with the metadata that the format can hold.
   *
   * @param format default: the kind of file that the picture came from, PNG for raw pixels
   * @throws RevelaError if the format cannot hold the picture, or a value is not a number; OptionError for a wrong option
   *
   * @example
   * response.end(await (await upscale(bytes)).toBuffer('webp', { quality: 90 }));
   */
  async toBuffer(format: FormatName = this.format, options: Encoding = {}): Promise<Buffer<ArrayBuffer>> {
    checked('toBuffer', encodingOptions, options);
    const problem = await pictureProblem(this);
    if (problem !== undefined) throw new RevelaError(`the picture cannot be encoded: ${problem}`);
    const { bytes } = await encode(await roundedPicture(this, formatNamed(format)), options, 'the picture');
    const { buffer, byteOffset, length } = bytes;
    return buffer instanceof ArrayBuffer ? Buffer.from(buffer, byteOffset, length) : Buffer.from(bytes);
  }

  /**
   * Writes the picture to a file, whole or not at all; its folder is made if need be.
   *
   * @param path its extension says the format, unless `options.format` does
   * @returns what of the picture and of its metadata is not in the file, for people; empty where all is
   * @throws RevelaError if it exists and `overwrite` is not set, cannot be written, or the format cannot hold the picture
   *
   * @example
   * await (await denoise('photo.jpg')).toFile('clean.png', { overwrite: true });
   */
  toFile(path: string | URL, options: WriteOptions = {}): Promise<readonly string[]> {
    return writePicture(pathOf(path), this, options);
  }

  /**
   * The pixels: 8 or 16 bits, rounded and clamped, or floats as they are. sharp takes them as
   * `sharp(data, { raw: { width, height, channels } })`.
   *
   * @param options `depth`: bits of a sample, or `float`; default: the picture's `bitDepth`
   * @throws RevelaError if a value is not a number
   *
   * @example
   * const { data, width, height, channels } = await (await denoise('photo.jpg')).toRaw();
   */
  async toRaw(options: RawOptions = {}): Promise<RawImage> {
    checked('toRaw', rawOptions, options);
    const { width, height } = this;
    const { depth = this.bitDepth } = options;
    const data = depth === 'float' ? floatsOf(this) : await quantizeAside(this, depth);
    const bands = bandsOf(this);
    return { data, width, height, channels: bands === 1 || bands === 2 || bands === 4 ? bands : 3 };
  }
}

function floatsOf({ width, height, channels, data, alpha }: Picture): Float32Array {
  const area = width * height;
  const bands = channels + (alpha === undefined ? 0 : 1);
  const samples = new Float32Array(area * bands);
  for (let channel = 0; channel < channels; channel++)
    for (let i = 0; i < area; i++) samples[i * bands + channel] = data[channel * area + i] ?? 0;
  const full = alpha instanceof Uint8Array ? 255 : 65_535;
  alpha?.forEach((value, i) => {
    samples[i * bands + channels] = value / full;
  });
  return samples;
}
