import type { GeoTIFFImage } from 'geotiff';
import { RevelaError } from '../../errors.js';
import { isOrientation, turned } from '../../images/anywhere.js';
import type { Pixels } from '../page-image.js';
import { refuseTooLarge } from '../refuse-too-large.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** How TIFF files say what their values mean. */
const colours = { whiteIsZero: 0, blackIsZero: 1, rgb: 2, palette: 3, yCbCr: 6 } as const;
const newJpeg = 7;

const refused = (what: string): RevelaError =>
  new RevelaError(`TIFF files ${what} are not opened in a page; use the command`, {
    code: 'ERR_DAMAGED_IMAGE',
  });

/** Values of a picture, pixel by pixel. */
interface Values {
  readonly values: Uint8Array | Uint8ClampedArray | Uint16Array;
  /** How many a pixel. */
  readonly step: number;
}

function bitsOf(image: GeoTIFFImage): 8 | 16 {
  for (let i = 0; i < image.getSamplesPerPixel(); i++) {
    const bits = image.getBitsPerSample(i);
    if (bits !== image.getBitsPerSample(0)) throw refused('with values of several sizes');
    if (image.getSampleFormat(i) !== 1) throw refused('whose values are no whole numbers');
    if (bits !== 8 && bits !== 16) throw refused(`of ${bits} bits a value`);
  }
  return image.getBitsPerSample(0) === 16 ? 16 : 8;
}

async function valuesOf(image: GeoTIFFImage, bits: 8 | 16): Promise<Values> {
  const directory = image.fileDirectory;
  const kind = await directory.loadValue('PhotometricInterpretation');
  if (kind === colours.yCbCr) {
    if (bits !== 8 || (await directory.loadValue('Compression')) !== newJpeg)
      throw refused('of brightness and colour differences that are no JPEG');
    return { values: bytesOf(await image.readRGB({ interleave: true })), step: 3 };
  }
  if (kind === colours.palette) {
    if (bits !== 8) throw refused('with a palette of 16 bits');
    const map = await directory.loadValue('ColorMap');
    const raster = await image.readRasters({ interleave: true, samples: [0] });
    return { values: coloured(bytesOf(raster), Array.from(map ?? [])), step: 3 };
  }
  if (kind !== colours.whiteIsZero && kind !== colours.blackIsZero && kind !== colours.rgb)
    throw refused('of other colours than grey, or red, green and blue');
  const values = bytesOf(await image.readRasters({ interleave: true }));
  if (kind === colours.whiteIsZero) {
    const white = 2 ** bits - 1;
    const step = image.getSamplesPerPixel();
    for (let i = 0; i < values.length; i += step) values[i] = white - (values[i] ?? 0);
  }
  return { values, step: image.getSamplesPerPixel() };
}

function bytesOf(raster: unknown): Values['values'] {
  if (raster instanceof Uint8Array || raster instanceof Uint8ClampedArray || raster instanceof Uint16Array)
    return raster;
  throw refused('of such values');
}

/** The colours that a palette names: all red ones, then green, then blue, of 16 bits. */
function coloured(places: Values['values'], map: readonly number[]): Uint8Array {
  const count = map.length / 3;
  const values = new Uint8Array(3 * places.length);
  for (const [i, place] of places.entries())
    for (let c = 0; c < 3; c++) values[3 * i + c] = (map[c * count + place] ?? 0) >>> 8;
  return values;
}

/** Red, green, blue and opacity of all pixels; grey is three times the same. */
function spread({ values, step }: Values, bits: 8 | 16): Uint8Array | Uint16Array {
  const area = values.length / step;
  const data = bits === 16 ? new Uint16Array(4 * area) : new Uint8Array(4 * area);
  const grey = step < 3;
  const opacity = step === 2 ? 1 : step > 3 ? 3 : undefined;
  for (let i = 0; i < area; i++) {
    for (let c = 0; c < 3; c++) data[4 * i + c] = values[i * step + (grey ? 0 : c)] ?? 0;
    data[4 * i + 3] = opacity === undefined ? 2 ** bits - 1 : (values[i * step + opacity] ?? 0);
  }
  return data;
}

/** Opens the decoder of TIFF files: the first picture of each, of 8 or 16 bits a value, value by value and upright. */
export async function openTiff(): Promise<(bytes: Bytes) => Promise<Pixels>> {
  const { fromArrayBuffer } = await import('geotiff');
  return async (bytes) => {
    const image = await (await fromArrayBuffer(bytes.buffer)).getImage();
    const [width, height] = [image.getWidth(), image.getHeight()];
    refuseTooLarge({ width, height }, 1);
    const bits = bitsOf(image);
    const samples = spread(await valuesOf(image, bits), bits);
    if (samples.length !== 4 * width * height) throw new Error('the picture is not whole');
    const said = await image.fileDirectory.loadValue('Orientation');
    const orientation = isOrientation(said) ? said : 1;
    if (samples instanceof Uint16Array) {
      const upright = turned({ width, height, samples }, 4, orientation, (length) => new Uint16Array(length));
      return { width: upright.width, height: upright.height, data: new Uint16Array(upright.samples) };
    }
    const upright = turned({ width, height, samples }, 4, orientation, (length) => new Uint8Array(length));
    return { width: upright.width, height: upright.height, data: new Uint8ClampedArray(upright.samples) };
  };
}
