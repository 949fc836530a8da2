import { loadSharp } from './load-sharp.js';
import { type CaptureTime, captureTime } from './capture-time.js';
import { cameraFacts } from './exif.js';
import { damagedError, forDecoder, inspect } from './inspect.js';
import { type Glance, glanceSide } from './likeness.js';
import { foundMetadata } from './metadata.js';
import { turned } from './orientation.js';
import { loadBytes } from './read.js';

/** What tells which pictures were taken one after the other. */
export interface Capture {
  readonly time?: CaptureTime;
  /** Its make and model; empty where the file does not say. */
  readonly camera: string;
  readonly glance: Glance;
}

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
  const facts = exif === undefined ? {} : cameraFacts(exif);
  const time = captureTime(facts);
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
  return {
    ...(time === undefined ? {} : { time }),
    camera: [facts.make, facts.model].filter((part) => part !== undefined).join(' '),
    glance: upright.samples,
  };
}
