import { present } from '../present.js';
import { uprightExif } from './exif.js';
import type { ColourCodes, Density, ExifField, PictureMetadata, PictureText } from '../pixels/index.js';
import { isPlacedOnEarth, placeTags } from './geo-fields.js';
import { type Orientation, swapsSides } from './orientation.js';
import { photoshopOfChanged } from './photoshop.js';
import { uprightXmp, withoutCompanions } from './xmp.js';

/** What a file says beside its pixels, as it stands there. */
export interface FoundMetadata {
  readonly icc?: Uint8Array | undefined;
  /** The TIFF structure. */
  readonly exif?: Uint8Array | undefined;
  /** One character a byte. */
  readonly xmp?: string | undefined;
  readonly density?: Density | undefined;
  readonly pixelShape?: number | undefined;
  readonly colours?: ColourCodes | undefined;
  readonly iptc?: Uint8Array | undefined;
  readonly photoshop?: Uint8Array | undefined;
  readonly texts?: readonly PictureText[] | undefined;
  readonly fields?: ReadonlyMap<number, ExifField> | undefined;
  /** What is not kept, for people. */
  readonly lost?: readonly string[] | undefined;
}

/** Pixels per inch that stand for "not known": EXIF demands a value, and programs write 72, or one a millimetre. */
const unknownDensities = [72, 25.4] as const;

/**
 * The metadata to carry over, fit for upright pixels: EXIF and XMP that say so, and that claim nothing that stood beside the
 * picture in its file.
 *
 * @param orientation how the pixels lie in the file: those of the picture are turned accordingly
 */
export function carriedMetadata(found: FoundMetadata, orientation: Orientation): PictureMetadata {
  const turned = orientation !== 1;
  const swaps = swapsSides(orientation);
  const exif = found.exif === undefined ? undefined : uprightExif(found.exif, swaps);
  const { text: xmp, gone } = withoutCompanions(found.xmp ?? '');
  const isUnknown = unknownDensities.some(
    (value) => Math.abs((found.density?.x ?? 0) - value) < 0.02 && found.density?.x === found.density?.y,
  );
  const lost = [...new Set([...(found.lost ?? []), ...gone])];
  const moved = turned && found.fields !== undefined && isPlacedOnEarth(found.fields);
  if (moved) lost.push('the place on Earth (GeoTIFF), because the picture was turned');
  const fields = moved
    ? new Map([...(found.fields ?? [])].filter(([tag]) => !placeTags.has(tag)))
    : found.fields;
  const changed = turned && found.photoshop ? photoshopOfChanged(found.photoshop, 'turned') : undefined;
  lost.push(...(changed?.lost ?? []));
  const photoshop = changed === undefined ? found.photoshop : changed.photoshop;
  if (found.exif !== undefined && exif === undefined) lost.push('the EXIF, which is damaged');
  const { icc, density, pixelShape, colours, iptc, texts } = found;
  return {
    ...present({
      icc,
      exif,
      xmp: found.xmp === undefined ? undefined : Buffer.from(uprightXmp(xmp), 'latin1'),
    }),
    ...present({
      density: isUnknown ? undefined : density && (swaps ? { x: density.y, y: density.x } : density),
      pixelShape: pixelShape === undefined ? undefined : swaps ? 1 / pixelShape : pixelShape,
      colours,
      iptc,
      photoshop,
      texts: texts?.length === 0 ? undefined : texts,
      fields: fields?.size === 0 ? undefined : fields,
    }),
    ...(lost.length > 0 && { lost }),
  };
}
