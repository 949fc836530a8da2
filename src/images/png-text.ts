import { inflateRawSync } from 'node:zlib';
import type { PictureText } from '../pixels/index.js';
import { type PngChunk, pngChunk } from './png-file.js';

/** A text of a compressed chunk may have so many bytes; more is no text. */
export const longestText = 2 ** 24;

/** The two bytes that say how the rest is compressed. */
const zlibHeader = 2;

/**
 * What was compressed with zlib; `undefined` if it is damaged or would be huge. The check sum behind it is not looked at, as
 * libpng does not: some programs leave it out, and the chunk has one of its own.
 */
export function inflated(data: Uint8Array): Buffer | undefined {
  try {
    return inflateRawSync(data.subarray(zlibHeader), { maxOutputLength: longestText });
  } catch {
    return undefined;
  }
}

/** The text of a tEXt, zTXt or iTXt chunk; `undefined` for other chunks and damaged ones. */
export function textOfChunk({ type, data }: PngChunk): PictureText | undefined {
  const zero = data.indexOf(0);
  if (zero < 1) return undefined;
  const keyword = data.toString('latin1', 0, zero);
  const rest = data.subarray(zero + 1);
  if (type === 'tEXt') return { keyword, text: rest.toString('latin1') };
  if (type === 'zTXt') {
    const text = inflated(rest.subarray(1))?.toString('latin1');
    return text === undefined ? undefined : { keyword, text };
  }
  if (type !== 'iTXt') return undefined;
  const languageEnd = rest.indexOf(0, 2);
  const translatedEnd = languageEnd < 0 ? -1 : rest.indexOf(0, languageEnd + 1);
  if (translatedEnd < 0) return undefined;
  const content = rest.subarray(translatedEnd + 1);
  const text = (rest[0] === 1 ? inflated(content) : content)?.toString('utf8');
  const language = rest.toString('latin1', 2, languageEnd);
  const translated = rest.toString('utf8', languageEnd + 1, translatedEnd);
  if (text === undefined) return undefined;
  return {
    keyword,
    text,
    ...(language === '' ? {} : { language }),
    ...(translated === '' ? {} : { translated }),
  };
}

/** A chunk of a text. */
export function chunkOfText({ keyword, text, language = '', translated = '' }: PictureText): PngChunk {
  const start = Buffer.from(`${keyword}\0`, 'latin1');
  const plain = language === '' && translated === '' && /^[\n\x20-\x7e\xa1-\xff]*$/.test(text);
  if (plain) return pngChunk('tEXt', start, Buffer.from(text, 'latin1'));
  return pngChunk(
    'iTXt',
    start,
    Buffer.from([0, 0]),
    Buffer.from(`${language}\0`, 'latin1'),
    Buffer.from(`${translated}\0${text}`, 'utf8'),
  );
}
