import { exifStructure } from './exif.js';
import { type PhotoshopFacts, photoshopFacts } from './photoshop.js';
import type { PictureText } from '../pixels/index.js';

/*
 * What PNG had no chunk for (EXIF, until 2017), or has none for (IPTC), stands in texts: in digits, with what it is and how
 * many bytes it has before them, as ImageMagick writes and exiftool reads it.
 */

const iptcKeyword = 'Raw profile type iptc';
const keywords = /^Raw profile type (exif|APP1|iptc|8bim|xmp)$/i;
const xmpStart = 'http://ns.adobe.com/xap/1.0/\0';

/** What the texts of a PNG file hold that are profiles. */
export interface RawProfiles {
  readonly exif?: Uint8Array | undefined;
  /** One character a byte. */
  readonly xmp?: string | undefined;
  readonly photoshop: PhotoshopFacts;
  /** The texts that are none. */
  readonly texts: readonly PictureText[];
  readonly lost: readonly string[];
}

/** Takes the profiles out of the texts of a PNG file. */
export function rawProfilesOf(all: readonly PictureText[]): RawProfiles {
  const isProfile = ({ keyword }: PictureText): boolean => keywords.test(keyword);
  const profiles = all.filter(isProfile).map(({ keyword, text }) => {
    const bytes = bytesOfProfile(text);
    const kind = keywords.exec(keyword)?.[1]?.toLowerCase();
    const isXmp = kind === 'xmp' || bytes?.toString('latin1', 0, xmpStart.length) === xmpStart;
    return { kind: isXmp ? 'xmp' : kind === 'app1' ? 'exif' : kind === '8bim' ? 'iptc' : kind, bytes };
  });
  const ofKind = (wanted: string): readonly Buffer[] =>
    profiles.flatMap(({ kind, bytes }) => (kind === wanted && bytes !== undefined ? [bytes] : []));
  const [exif] = ofKind('exif');
  const xmp = ofKind('xmp')[0]?.toString('latin1');
  const blocks = ofKind('iptc');
  const records = blocks.find((bytes) => bytes[0] === 0x1c);
  const facts = photoshopFacts(blocks.filter((bytes) => bytes !== records));
  return {
    exif: exif === undefined ? undefined : exifStructure(exif),
    xmp: xmp?.startsWith(xmpStart) ? xmp.slice(xmpStart.length) : xmp,
    photoshop: records === undefined ? facts : { ...facts, iptc: records },
    texts: all.filter((text) => !isProfile(text)),
    lost: profiles.some(({ bytes }) => bytes === undefined) ? ['a text, which is damaged'] : [],
  };
}

function bytesOfProfile(text: string): Buffer | undefined {
  const [, count, digits] = /^\s*\S+\s+(\d+)\s+([\da-f\s]+)$/i.exec(text) ?? [];
  const bytes = Buffer.from(digits?.replaceAll(/\s/g, '') ?? '', 'hex');
  return bytes.length > 0 && bytes.length === Number(count) ? bytes : undefined;
}

/** The text of IPTC and Photoshop's other blocks. */
export function rawProfile(blocks: Uint8Array): PictureText {
  const digits = Buffer.from(blocks).toString('hex').replaceAll(/.{72}/g, '$&\n');
  return { keyword: iptcKeyword, text: `\niptc\n${String(blocks.length).padStart(8)}\n${digits}\n` };
}
