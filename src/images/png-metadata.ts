import { present } from '../present.js';
import { deflateSync } from 'node:zlib';
import { profileOfGamma } from './colour-codes.js';
import type { Chromaticity, Primaries } from './colour-profile.js';
import type { FoundMetadata } from './found-metadata.js';
import { damagedProfile, isWholeProfile } from './icc.js';
import { photoshopWith } from './photoshop.js';
import type { ColourCodes, Density, PictureMetadata } from '../pixels/index.js';
import { countsOfShape, shapeOfCounts } from './pixel-shape.js';
import { assemblePng, type PngChunk, pngChunk, pngChunks } from './png-file.js';
import { rawProfile, rawProfilesOf } from './png-profiles.js';
import { chunkOfText, inflated, textOfChunk } from './png-text.js';

const xmpKeyword = 'XML:com.adobe.xmp';
const pixelsPerInch = 0.0254; // of pixels per metre

/** Chunks that are not metadata, or that go with the pixels: they are no loss. */
const understood = new Set(
  'IHDR PLTE IDAT IEND tRNS cICP iCCP sRGB gAMA cHRM eXIf pHYs tEXt zTXt iTXt bKGD hIST sBIT tIME sPLT iDOT acTL fcTL fdAT'.split(
    ' ',
  ),
);

const lossNames: Readonly<Record<string, string>> = {
  caBX: 'the content credentials (C2PA)',
  mDCV: 'the light levels (HDR)',
  cLLI: 'the light levels (HDR)',
  gmAP: 'the gain map (HDR)',
  gdAT: 'the gain map (HDR)',
  sCAL: 'the physical scale (sCAL)',
  pCAL: 'the physical scale (pCAL)',
};

/** What a PNG file says beside its pixels. */
export function pngMetadata(chunks: readonly PngChunk[], channels: 1 | 3): FoundMetadata {
  const first = (type: string): Buffer | undefined => chunks.find((chunk) => chunk.type === type)?.data;
  const all = chunks.map(textOfChunk).filter((text) => text !== undefined);
  const profiles = rawProfilesOf(all);
  const { photoshop } = profiles;
  const damaged = chunks.filter((chunk) => /^[zi]TXt$/.test(chunk.type) && textOfChunk(chunk) === undefined);
  const xmpText = all.find(({ keyword }) => keyword === xmpKeyword)?.text;
  const xmp = xmpText === undefined ? profiles.xmp : Buffer.from(xmpText, 'utf8').toString('latin1');
  const colours = codesOf(first('cICP'));
  const profile = profileOf(first('iCCP'));
  const icc = profile ?? (colours || first('sRGB') ? undefined : byGamma(first, channels));
  const others = chunks
    .filter(({ type }) => !understood.has(type))
    .map(({ type }) => lossNames[type] ?? `the chunk ${type}`);
  return {
    icc,
    exif: first('eXIf') ?? profiles.exif,
    xmp,
    density: densityOf(first('pHYs')) ?? photoshop.density,
    pixelShape: shapeOf(first('pHYs')),
    colours,
    iptc: photoshop.iptc,
    photoshop: photoshop.photoshop,
    texts: profiles.texts.filter(({ keyword }) => keyword !== xmpKeyword),
    lost: [
      ...photoshop.lost,
      ...others,
      ...(first('iCCP') !== undefined && profile === undefined ? [damagedProfile] : []),
      ...(damaged.length > 0 ? ['a text, which is damaged'] : profiles.lost),
    ],
  };
}

/** Whether a PNG file is an animation (APNG), and of how many frames. */
export function framesOf(chunks: readonly PngChunk[]): number {
  const control = chunks.find(({ type }) => type === 'acTL')?.data;
  return control === undefined || control.length < 4 ? 1 : control.readUInt32BE(0);
}

function codesOf(data: Buffer | undefined): ColourCodes | undefined {
  const [primaries, transfer, , range] = data ?? [];
  if (primaries === undefined || transfer === undefined) return undefined;
  return { primaries, transfer, fullRange: range !== 0 };
}

/** A name, a zero, the method, and the profile compressed; `undefined` where it is damaged. */
function profileOf(data: Buffer | undefined): Buffer | undefined {
  const end = data?.indexOf(0) ?? -1;
  const profile = data === undefined || end < 0 ? undefined : inflated(data.subarray(end + 2));
  return profile !== undefined && isWholeProfile(profile) ? profile : undefined;
}

function byGamma(first: (type: string) => Buffer | undefined, channels: 1 | 3): Uint8Array | undefined {
  const gamma = first('gAMA');
  const primaries = primariesOf(first('cHRM'));
  return profileOfGamma(
    present({
      gamma: gamma === undefined || gamma.length < 4 ? undefined : gamma.readUInt32BE(0) / 100_000,
      primaries,
    }),
    channels,
  );
}

function primariesOf(data: Buffer | undefined): Primaries | undefined {
  if (data === undefined || data.length < 32) return undefined;
  const colour = (at: number): Chromaticity => [
    data.readUInt32BE(at) / 100_000,
    data.readUInt32BE(at + 4) / 100_000,
  ];
  return { white: colour(0), red: colour(8), green: colour(16), blue: colour(24) };
}

function densityOf(data: Buffer | undefined): Density | undefined {
  if (data === undefined || data.length < 9 || data[8] !== 1) return undefined;
  const [x, y] = [data.readUInt32BE(0) * pixelsPerInch, data.readUInt32BE(4) * pixelsPerInch];
  return x > 0 && y > 0 ? { x, y } : undefined;
}

function shapeOf(data: Buffer | undefined): number | undefined {
  if (data === undefined || data.length < 9 || data[8] !== 0) return undefined;
  return shapeOfCounts(data.readUInt32BE(0), data.readUInt32BE(4));
}

/** A PNG file with metadata, and what of it does not fit. */
export function pngWithMetadata(
  encoded: Uint8Array,
  { icc, exif, xmp, density, pixelShape, colours, iptc, photoshop, texts = [] }: PictureMetadata,
): { readonly bytes: Uint8Array; readonly lost: readonly string[] } {
  const [header, ...chunks] = pngChunks(encoded) ?? [];
  if (header === undefined) throw new Error('the encoder wrote no PNG file');
  const own = chunks.filter(({ type }) => !/^(pHYs|eXIf|iCCP|[tzi][TE]Xt|tIME|gAMA|cHRM|sRGB)$/.test(type));
  const added: PngChunk[] = [];
  const lost: string[] = [];
  if (colours !== undefined) added.push(pngChunk('cICP', codesAsBytes(colours)));
  if (icc !== undefined) added.push(pngChunk('iCCP', Buffer.from('icc\0\0', 'latin1'), deflateSync(icc)));
  if (density !== undefined) {
    const [x, y] = [Math.round(density.x / pixelsPerInch), Math.round(density.y / pixelsPerInch)];
    if (x >= 1 && y >= 1 && Math.max(x, y) < 2 ** 31) added.push(sizeChunk(x, y, 'metres'));
    else lost.push('the density');
  } else if (pixelShape !== undefined) {
    const counts = countsOfShape(pixelShape, 2 ** 31 - 1);
    if (counts !== undefined) added.push(sizeChunk(counts.x, counts.y, 'no unit'));
  }
  if (exif !== undefined) added.push(pngChunk('eXIf', exif));
  if (xmp !== undefined) added.push(pngChunk('iTXt', Buffer.from(`${xmpKeyword}\0\0\0\0\0`, 'latin1'), xmp));
  for (const text of texts) added.push(chunkOfText(text));
  const blocks = photoshopWith(iptc, photoshop);
  if (blocks.length > 0) added.push(chunkOfText(rawProfile(blocks)));
  return { bytes: assemblePng([header, ...added, ...own]), lost };
}

function sizeChunk(x: number, y: number, unit: 'metres' | 'no unit'): PngChunk {
  const size = Buffer.alloc(9);
  size.writeUInt32BE(x, 0);
  size.writeUInt32BE(y, 4);
  size[8] = unit === 'metres' ? 1 : 0;
  return pngChunk('pHYs', size);
}

function codesAsBytes({ primaries, transfer, fullRange }: ColourCodes): Buffer {
  return Buffer.from([primaries, transfer, 0, fullRange ? 1 : 0]);
}
