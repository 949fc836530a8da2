import { cameraFacts, exifDensity, uprightExif, tiffPixelShape } from '#src/images/exif.js';
import { profileName } from '#src/images/icc.js';
import { describePicture, formatOfPath, readPicture, writePicture } from '#src/images/index.js';
import { draw, samples } from '../images/drawing.js';
import { drive, type Reader } from './drive.js';

const facts = {
  IFD0: { Make: 'Testwerke', Model: 'T 1', Copyright: 'T. Ester' },
  IFD2: { ISOSpeedRatings: '800', ExposureTime: '1/250', FNumber: '28/10' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' },
};
const drawing = () =>
  draw(12, 8, 3, samples(12 * 8 * 3, 8))
    .withMetadata({ orientation: 6, density: 240, icc: 'p3' })
    .withExifMerge(facts)
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');

/** Reads a picture, describes it, and writes some again, with all that it says beside its pixels. */
async function useOf(bytes: Uint8Array, file: string, extension: string): Promise<void> {
  await describePicture(bytes);
  const picture = await readPicture(bytes, { maxMegapixels: 1 });
  if (bytes.length % 3 === 0) await writePicture(`${file}${extension}`, picture, { overwrite: true });
}

const kinds = ['.jpg', '.png', '.webp', '.tif', '.avif'] as const;
const pictures = kinds.map(
  (extension): Reader => ({
    name: `${extension} picture`,
    seeds: async () => [
      await drawing()
        .toFormat(formatOfPath(extension) ?? 'png')
        .toBuffer(),
    ],
    // TIFF has a place for a density that no other format has.
    read: (bytes, file) => useOf(bytes, file, extension === '.jpg' ? '.tif' : extension),
  }),
);

drive([
  ...pictures,
  {
    name: 'EXIF alone',
    seeds: async () => {
      const { metadata } = await readPicture(await drawing().jpeg().toBuffer());
      return metadata.exif === undefined ? [] : [metadata.exif];
    },
    read: (bytes) => [
      cameraFacts(bytes),
      exifDensity(bytes),
      uprightExif(bytes, true),
      tiffPixelShape(bytes),
    ],
  },
  {
    name: 'colour profile',
    seeds: async () => {
      const { metadata } = await readPicture(await drawing().png().toBuffer());
      return metadata.icc === undefined ? [] : [metadata.icc];
    },
    read: (bytes) => profileName(bytes),
  },
]);
