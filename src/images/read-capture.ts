import { loadSharp } from './load-sharp.js';
import { type Capture, captureFacts } from './capture-time.js';
import { damagedError, forDecoder, inspect } from './inspect.js';
import { glanceSide } from './likeness.js';
import { foundMetadata } from './metadata.js';
import { turned } from './orientation.js';
import { loadBytes } from './read.js';

/**
 * Reads when and by what a picture was taken, and how it looks at a glance; a JPEG file is decoded at the small size at once.
 *
 * @throws RevelaError as `readPicture` does
 *
 * @example
 * const { time, glance } = await readCapture('photo.jpg');
 */
export async function readCapture(path: string): Promise<Capture> {
  const { bytes, name } = await loadBytes(path);
  const header = await inspect(bytes, name);
  const { exif } = foundMetadata(header, bytes);
  const sharp = await loadSharp();
  const lying = await sharp(forDecoder(bytes), { ignoreIcc: true, failOn: 'error', limitInputPixels: false })
    .removeAlpha()
    .resize(glanceSide, glanceSide, { fit: 'fill' })
    .toColourspace('b-w')
    .raw({ depth: 'uchar' })
    .toBuffer()
    .catch((error: unknown) => {
      throw damagedError(name, error);
    });
  const upright = turned(
    { width: glanceSide, height: glanceSide, samples: Uint8Array.from(lying) },
    1,
    header.orientation,
    (length) => new Uint8Array(length),
  );
  return { ...captureFacts(exif), glance: upright.samples };
}
