import { RevelaError } from '../../errors.js';
import { formatNames, type PageFormat } from '../page-format.js';
import type { Pixels } from '../page-image.js';

type Bytes = Uint8Array<ArrayBuffer>;
type Decode = (bytes: Bytes) => Promise<Pixels>;

interface Decoder {
  /** The package that it needs, which does not come with this one. */
  readonly peer: string;
  readonly load: () => Promise<Decode>;
}

/** What opens the files that most browsers do not, fetched when the first of them comes. */
const decoders: Readonly<Partial<Record<PageFormat, Decoder>>> = {
  tiff: { peer: 'geotiff@3.0.5', load: async () => (await import('./tiff.js')).openTiff() },
  heic: { peer: 'libheif-js@1.23.2', load: async () => (await import('./heic.js')).openHeic() },
  jxl: { peer: '@jsquash/jxl@1.3.0', load: async () => (await import('./jxl.js')).openJxl() },
};

/** Whether files of a kind have a decoder of their own here. */
export const hasDecoder = (format: PageFormat | undefined): format is PageFormat =>
  format !== undefined && decoders[format] !== undefined;

/**
 * The pixels of a file of a kind that has a decoder of its own, upright.
 *
 * @throws RevelaError where the decoder cannot be loaded, and for kinds of files that it does not know; Error for damaged ones
 */
export async function decodeByOwn(format: PageFormat, bytes: Bytes): Promise<Pixels> {
  const decoder = decoders[format];
  if (decoder === undefined) throw new Error(`${format} files have no decoder`);
  const decode = await decoder.load().catch((error: unknown) => {
    const name = formatNames[format];
    throw new RevelaError(
      `what opens ${name} files could not be loaded (${String(error)}); a page of your own needs ${decoder.peer} beside Revela`,
    );
  });
  return decode(bytes);
}
