import type { Metadata } from 'sharp';
import { avifFacts } from './avif-facts.js';
import { avifMetadata } from './avif-metadata.js';
import { exifDensity, exifStructure } from './exif.js';
import { tiffMetadata } from './exif-tiff.js';
import type { PictureFormat } from '../pixels/index.js';
import type { FoundMetadata } from './found-metadata.js';
import { damagedProfile, isWholeProfile } from './icc.js';
import { parseJpeg } from './jpeg-file.js';
import { jpegMetadata } from './jpeg-metadata.js';
import { pngChunks } from './png-file.js';
import { pngMetadata } from './png-metadata.js';
import { webpChunks, webpMetadata } from './webp-metadata.js';

/** What a picture file says beside its pixels, as it stands there; nothing of a damaged one. */
export function foundMetadata(
  {
    format,
    channels,
    raw,
  }: { readonly format: PictureFormat; readonly channels: 1 | 3; readonly raw: Metadata },
  bytes: Uint8Array,
): FoundMetadata {
  const found = byFormat(format, channels, raw, bytes) ?? {};
  // The format's own word on the density comes first.
  const density = found.density ?? (found.exif === undefined ? undefined : exifDensity(found.exif));
  if (found.icc === undefined || isWholeProfile(found.icc)) return { ...found, density };
  return { ...found, density, icc: undefined, lost: [...(found.lost ?? []), damagedProfile] };
}

function byFormat(
  format: PictureFormat,
  channels: 1 | 3,
  raw: Metadata,
  bytes: Uint8Array,
): FoundMetadata | undefined {
  switch (format) {
    case 'jpeg': {
      const file = parseJpeg(bytes);
      return file && jpegMetadata(file);
    }
    case 'png': {
      const chunks = pngChunks(bytes);
      return chunks && pngMetadata(chunks, channels);
    }
    case 'webp': {
      const chunks = webpChunks(bytes);
      return chunks && webpMetadata(chunks);
    }
    case 'tiff':
      return tiffMetadata(bytes, channels);
    case 'avif':
      return avifMetadata(avifFacts(bytes), fromDecoder(raw));
  }
}

/** What the decoder has read. */
function fromDecoder({ icc, exif, xmp }: Metadata): Pick<FoundMetadata, 'icc' | 'exif' | 'xmp'> {
  return {
    icc,
    exif: exif === undefined ? undefined : exifStructure(exif),
    xmp: xmp?.toString('latin1'),
  };
}
