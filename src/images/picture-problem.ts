import { setImmediate } from 'node:timers/promises';
import { formats } from './formats.js';
import type { Picture } from '../pixels/index.js';

/**
 * Why a value is no {@link Picture}, in words that name the field; `undefined` if it is one. Types do not keep programs in
 * JavaScript, and pictures from other libraries, from having four channels, bytes for numbers, or numbers that are none.
 */
export async function pictureProblem(value: unknown): Promise<string | undefined> {
  if (typeof value !== 'object' || value === null) return `it is ${shown(value)}`;
  const { width, height, channels, data, alpha, bitDepth, format, metadata }: Fields = value;
  for (const [name, side] of Object.entries({ width, height }))
    if (typeof side !== 'number' || !Number.isInteger(side) || side < 1)
      return `${name} must be a whole number above 0, got ${shown(side)}`;
  const area = Number(width) * Number(height);
  if (channels !== 1 && channels !== 3)
    return `channels must be 1 (grey) or 3 (red, green, blue; opacity is alpha), got ${shown(channels)}`;
  if (!(data instanceof Float32Array))
    return `data must be a Float32Array, planar, in [0, 1], got ${shown(data)}`;
  if (data.length !== channels * area)
    return `data must have ${channels * area} numbers for ${width} × ${height} pixels and ${channels} channels, got ${data.length}`;
  const broken = await firstBroken(data);
  if (broken !== undefined) {
    const [x, y] = [broken % Number(width), Math.floor((broken % area) / Number(width))];
    return `data[${broken}] (x ${x}, y ${y}) must be a finite number, got ${data[broken]}`;
  }
  if (alpha !== undefined && !(alpha instanceof Uint8Array || alpha instanceof Uint16Array))
    return `alpha must be a Uint8Array or a Uint16Array, got ${shown(alpha)}`;
  if (alpha !== undefined && alpha.length !== area)
    return `alpha must have ${area} numbers, one a pixel, got ${alpha.length}`;
  if (bitDepth !== 8 && bitDepth !== 16) return `bitDepth must be 8 or 16, got ${shown(bitDepth)}`;
  if (typeof format !== 'string' || !Object.hasOwn(formats, format))
    return `format must be one of ${Object.keys(formats).join(', ')}, got ${shown(format)}`;
  if (typeof metadata !== 'object' || metadata === null)
    return `metadata must be an object, {} for none, got ${shown(metadata)}`;
  return undefined;
}

type Fields = Partial<Record<keyof Picture, unknown>>;

/** In words that fit into a line, whatever it is. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'object') return `a ${value.constructor?.name ?? 'object'}`;
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value).slice(0, 40);
}

/** So many numbers are looked at before the event loop has its turn. */
const SLICE = 2 ** 22;

async function firstBroken(data: Float32Array): Promise<number | undefined> {
  for (let from = 0; from < data.length; from += SLICE) {
    const end = Math.min(data.length, from + SLICE);
    for (let i = from; i < end; i++) if (!Number.isFinite(data[i])) return i;
    if (end < data.length) await setImmediate();
  }
  return undefined;
}
