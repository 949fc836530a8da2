/** How files of kinds of picture begin that are not read, for messages. */
const beginnings: readonly (readonly [kind: string, start: string, at?: number])[] = [
  ['GIF', 'GIF8'],
  ['JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n'],
  ['JPEG 2000', '\xff\x4f\xff\x51'],
  ['JPEG XL', '\0\0\0\x0cJXL \r\n\x87\n'],
  ['JPEG XL', '\xff\x0a'],
  ['JPEG XR', 'II\xbc\x01'],
  ['JPEG-LS', '\xff\xd8\xff\xf7'],
  ['Photoshop', '8BPS'],
  ['OpenEXR', '\x76\x2f\x31\x01'],
  ['Radiance HDR', '#?RADIANCE'],
  ['FITS', 'SIMPLE  ='],
  ['DICOM', 'DICM', 128],
  ['QOI', 'qoif'],
  ['DDS', 'DDS '],
  ['icon', '\0\0\x01\0'],
  ['PDF', '%PDF-'],
  ['MNG', '\x8aMNG'],
  ['JNG', '\x8bJNG'],
  ['camera raw', 'ftypcrx ', 4],
  ['camera raw', 'FUJIFILMCCD-RAW'],
  ['PNG for iPhone programs (CgBI)', 'CgBI', 12],
];

/** Brands of files of the High Efficiency Image Format that hold no AV1. */
const heicBrands: ReadonlySet<string> = new Set('heic heix hevc hevx heim heis hevm hevs'.split(' '));

/**
 * The kind of picture that a file is by how it begins, where it is one that is not read; for people.
 *
 * @example
 * unreadKind(Buffer.from('GIF89a…')); // 'GIF'
 */
export function unreadKind(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 160)).toString('latin1');
  if (start.slice(4, 8) === 'ftyp' && heicBrands.has(start.slice(8, 12))) return 'HEIC';
  if (start.startsWith('BM') && start.startsWith('\0\0\0\0', 6)) return 'BMP';
  return beginnings.find(([, text, at = 0]) => start.startsWith(text, at))?.[0];
}
