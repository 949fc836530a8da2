/** Which opinions are good, and by what that is known. */
export interface OpinionDirection {
  readonly better: 'higher' | 'lower';
  /** For people: "as KADID-10k has it". */
  readonly why: string;
}

/** A title in small letters, without what is no letter. */
export const bareTitle = (title: string): string => title.toLowerCase().replace(/[^a-z]/g, '');

/** Databases whose tables are known by their titles. */
const databases: readonly (OpinionDirection & { readonly titles: readonly string[] })[] = [
  // KADID-10k calls its scores DMOS, though they are those of quality, from 1 to 5.
  { titles: ['distimg', 'refimg', 'dmos', 'var'], better: 'higher', why: 'as KADID-10k has it' },
  { titles: ['image', 'dsttype', 'dstlev', 'dmos'], better: 'lower', why: 'as CSIQ has it' },
  { titles: ['imagename', 'ctotal', 'mos', 'sd'], better: 'higher', why: 'as KonIQ-10k has it' },
];

/**
 * Which scores of a table are good, by its titles.
 *
 * @param score the title of the column of scores
 */
export function directionOf(titles: readonly string[], score: string): OpinionDirection {
  const has = new Set(titles.map(bareTitle));
  const known = databases.find((database) => database.titles.every((title) => has.has(title)));
  if (known?.titles.includes(bareTitle(score)) === true) return { better: known.better, why: known.why };
  return /^dmos|dmos$|difference/.test(bareTitle(score))
    ? {
        better: 'lower',
        why: `because the column is titled ${score}, which mostly says how much worse than a reference a picture is`,
      }
    : { better: 'higher', why: 'as is usual' };
}

/** Databases whose lists have no titles, by how they name their pictures. */
const namings: readonly (OpinionDirection & { readonly naming: RegExp })[] = [
  {
    naming: /\.(?:awgn|blur|contrast|fnoise|jpeg|jpeg2000)\.[1-5]\.png$/i,
    better: 'lower',
    why: 'as CSIQ has it, whose pictures are named so',
  },
  { naming: /^i\d\d_\d\d_\d\.bmp$/i, better: 'higher', why: 'as TID2013 has it' },
  { naming: /^a\d{4}_\d\d_\d\d\.bmp$/i, better: 'higher', why: 'as PIPAL has it' },
];

/** Which scores are good of a list without titles, by the names of its pictures. */
export function directionOfNames(names: readonly string[]): OpinionDirection {
  const known = namings.find(({ naming }) => names.every((name) => naming.test(name)));
  return known === undefined
    ? { better: 'higher', why: 'as is usual' }
    : { better: known.better, why: known.why };
}

/** What CSIQ's table calls its distortions, and its files. */
const csiqFiles: Readonly<Record<string, string>> = {
  noise: 'AWGN',
  awgn: 'AWGN',
  blur: 'BLUR',
  contrast: 'contrast',
  fnoise: 'fnoise',
  jpeg: 'JPEG',
  'jpeg 2000': 'jpeg2000',
  jpeg2000: 'jpeg2000',
};

/** The places of the columns by which CSIQ's table names a picture; undefined where it is another table. */
export function csiqColumns(titles: readonly string[]): readonly [number, number, number] | undefined {
  const bare = titles.map(bareTitle);
  const [image, type, level] = ['image', 'dsttype', 'dstlev'].map((title) => bare.indexOf(title));
  if (image === undefined || type === undefined || level === undefined) return undefined;
  return Math.min(image, type, level) < 0 ? undefined : [image, type, level];
}

/** The name of CSIQ's file: `1600.AWGN.3.png`. */
export function csiqName(image: string, type: string, level: string): string {
  return `${image}.${csiqFiles[type.toLowerCase()] ?? type}.${level}.png`;
}

/** The pictures of LIVE's second release, in the order of its table: folders, and how many pictures each has. */
const liveFolders = [
  ['jp2k', 227],
  ['jpeg', 233],
  ['wn', 174],
  ['gblur', 174],
  ['fastfading', 174],
] as const;

/** The names of LIVE's pictures: `jp2k/img1.bmp`. */
export const liveNames: readonly string[] = liveFolders.flatMap(([folder, count]) =>
  Array.from({ length: count }, (_, i) => `${folder}/img${i + 1}.bmp`),
);
