import { present } from '../present.js';
import type { ExifField, PictureMetadata } from '../pixels/index.js';
import { doubles, numbersOf } from './exif-fields.js';
import { photoshopOfChanged } from './photoshop.js';

/** Fields that place pixels on Earth (GeoTIFF). */
const geo = { scale: 0x830e, tiePoints: 0x8482, transformation: 0x85d8, keys: 0x87af } as const;

/** Fields that say where the picture lies; the others say what it shows. */
export const placeTags: ReadonlySet<number> = new Set([geo.scale, geo.tiePoints, geo.transformation]);

/** Whether fields place the picture on Earth. */
export function isPlacedOnEarth(fields: ReadonlyMap<number, ExifField>): boolean {
  return Object.values(geo).some((tag) => fields.has(tag));
}

/** The metadata of a picture that has become so many times as wide and high, or as low where that is less than one. */
export function rescaledMetadata(metadata: PictureMetadata, factor: number): PictureMetadata {
  const { fields, photoshop: blocks, lost = [], ...others } = metadata;
  const { photoshop = undefined, lost: more } =
    blocks === undefined ? { lost: [] } : photoshopOfChanged(blocks, 'resized');
  const all = [...lost, ...more];
  return {
    ...others,
    ...present({ fields: fields && rescaledFields(fields, factor), photoshop }),
    ...(all.length > 0 && { lost: all }),
  };
}

/**
 * The fields of a picture that has become so many times as wide and high: the place on Earth with smaller or larger pixels.
 * Where a GeoTIFF means the middles of pixels by its coordinates, these move.
 */
function rescaledFields(
  fields: ReadonlyMap<number, ExifField>,
  factor: number,
): ReadonlyMap<number, ExifField> {
  const numbers = (tag: number): readonly number[] => {
    const field = fields.get(tag);
    return field === undefined ? [] : numbersOf(field);
  };
  const rescaled = new Map(fields);
  const middle = meansMiddles(numbers(geo.keys)) ? 0.5 : 0;
  const moved = (coordinate: number): number => (coordinate + middle) * factor - middle;
  const [x, y, ...rest] = numbers(geo.scale);
  if (x !== undefined && y !== undefined) rescaled.set(geo.scale, doubles([x / factor, y / factor, ...rest]));
  const points = numbers(geo.tiePoints);
  if (points.length > 0)
    rescaled.set(geo.tiePoints, doubles(points.map((value, i) => (i % 6 < 2 ? moved(value) : value))));
  const matrix = numbers(geo.transformation);
  if (matrix.length === 16) {
    const shift = middle / factor - middle;
    rescaled.set(
      geo.transformation,
      doubles(
        matrix.map((value, i) => {
          const row = i - (i % 4);
          if (i % 4 < 2) return value / factor;
          return i % 4 === 3 ? value + shift * ((matrix[row] ?? 0) + (matrix[row + 1] ?? 0)) : value;
        }),
      ),
    );
  }
  return rescaled;
}

/** Whether the key 1025, the type of raster, has the value 2. Keys stand in fours: number, where, how many, value. */
function meansMiddles(keys: readonly number[]): boolean {
  for (let i = 4; i + 4 <= keys.length; i += 4) if (keys[i] === 1025) return keys[i + 3] === 2;
  return false;
}
