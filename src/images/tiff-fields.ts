import { parseExif, serializeExif } from './exif-directory.js';

/** Fields of a first directory that are about the photograph rather than about how its pixels are stored. */
export const photographTags: ReadonlySet<number> = new Set([
  0x010e, // description
  0x010f, // make
  0x0110, // model
  0x0131, // software
  0x0132, // date
  0x013b, // artist
  0x013c, // computer
  0x8298, // copyright
  0x4746, // rating
  0x4749,
  0xc4a5, // PrintIM
  0x9c9b, // title, comment, author, keywords and subject as Windows writes them
  0x9c9c,
  0x9c9d,
  0x9c9e,
  0x9c9f,
]);

/** The photograph's fields of a TIFF file as an EXIF structure; `undefined` if there are none. */
export function exifOfTiff(file: Uint8Array): Uint8Array | undefined {
  const directory = parseExif(file);
  if (directory === undefined) return undefined;
  const fields = new Map([...directory.fields].filter(([tag]) => photographTags.has(tag)));
  if (fields.size === 0 && directory.children.size === 0) return undefined;
  return serializeExif({ fields, children: directory.children });
}

const profileTag = 0x8773;

/** The ICC profile of a TIFF file. */
export const iccOfTiff = (file: Uint8Array): Uint8Array | undefined =>
  parseExif(file)?.fields.get(profileTag)?.bytes;
