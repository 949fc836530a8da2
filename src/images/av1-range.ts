import { type Box, boxOf } from './boxes.js';

/** Reads numbers of some bits. */
function bitsOf(bytes: Uint8Array): (count: number) => number {
  let at = 0;
  return (count) => {
    let value = 0;
    for (let i = 0; i < count; i++, at++) value = 2 * value + (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
    return value;
  };
}

/**
 * Whether a picture of an AVIF file has brightness alone, from 16 to 235 of 255 instead of from 0 on: the decoder gives these
 * values as they are, but those of pictures with colours in the whole range.
 *
 * @param own the properties of the picture
 */
export function isNarrowGrey(own: readonly Box[]): boolean {
  const coding = boxOf(own, 'av1C')?.data;
  if (coding === undefined || ((coding[2] ?? 0) & 0x10) === 0) return false;
  for (const { type, data } of own)
    if (type === 'colr' && data.toString('latin1', 0, 4) === 'nclx' && data.length >= 11)
      return ((data[10] ?? 0) & 0x80) === 0;
  return isNarrowSequence(coding.subarray(4));
}

const sequenceHeader = 1;

/** The same, of the sequence header of AV1: section 5.5 of its specification. */
function isNarrowSequence(units: Uint8Array): boolean {
  const [head = 0, size = 0] = units;
  if (((head >> 3) & 0xf) !== sequenceHeader || (head & 2) === 0 || size > 0x7f) return false;
  const bits = bitsOf(units.subarray(2, 2 + size));
  const profile = bits(3);
  bits(1); // a still picture
  const short = bits(1) === 1;
  if (short) bits(5);
  else {
    if (bits(1) === 1) return false; // with times, as films are
    const delays = bits(1);
    for (let points = bits(5) + 1; points > 0; points--) {
      bits(12);
      if (bits(5) > 7) bits(1);
      if (delays === 1 && bits(1) === 1) bits(4);
    }
  }
  const [across, down] = [bits(4) + 1, bits(4) + 1];
  bits(across + down);
  if (!short && bits(1) === 1) bits(7);
  bits(3);
  if (!short) {
    bits(4);
    const order = bits(1);
    if (order === 1) bits(2);
    const screen = bits(1) === 1 ? 2 : bits(1);
    if (screen > 0 && bits(1) === 0) bits(1);
    if (order === 1) bits(3);
  }
  bits(3);
  const deep = bits(1);
  if (profile === 2 && deep === 1) bits(1);
  const grey = profile !== 1 && bits(1) === 1;
  if (bits(1) === 1) bits(24);
  return grey && bits(1) === 0;
}
