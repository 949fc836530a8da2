import { describe, expect, it } from 'vitest';
import { avifFacts } from '#src/images/avif-facts.js';
import { readPicture } from '#src/images/index.js';
import { box } from '#src/images/boxes.js';

const bytes = (...values: readonly number[]) => Buffer.from(values);
const version = bytes(0, 0, 0, 0);
const codes = (primaries: number, transfer: number) =>
  box('colr', Buffer.from('nclx'), bytes(0, primaries, 0, transfer, 0, 6, 0x80));

/** An item's number and kind. */
const item = (id: number, kind: string) =>
  box('infe', bytes(2, 0, 0, 0, 0, id, 0, 0), Buffer.from(`${kind}\0`));
const reference = (type: string, from: number, ...to: readonly number[]) =>
  box(type, bytes(0, from, 0, to.length, ...to.flatMap((id) => [0, id])));

interface Contents {
  readonly items: readonly Buffer[];
  readonly references?: readonly Buffer[];
  readonly properties?: readonly Buffer[];
  /** Numbers of properties by item. */
  readonly of?: readonly (readonly [item: number, ...properties: readonly number[]])[];
}

/** A file without pixels whose main picture is item 1. */
function file({ items, references = [], properties = [], of = [] }: Contents): Buffer {
  const associations = of.map(([id, ...numbers]) => bytes(0, id, numbers.length, ...numbers));
  return Buffer.concat([
    box('ftyp', Buffer.from('avif\0\0\0\0')),
    box(
      'meta',
      version,
      box('pitm', version, bytes(0, 1)),
      box('iinf', version, bytes(0, items.length), ...items),
      box('iref', version, ...references),
      box(
        'iprp',
        box('ipco', ...properties),
        box('ipma', version, bytes(0, 0, 0, of.length), ...associations),
      ),
    ),
  ]);
}

describe('the boxes of an AVIF file', () => {
  it('say the colours of the main picture, not those of the HDR picture that a gain map makes of it', () => {
    const facts = avifFacts(
      file({
        items: [item(1, 'av01'), item(2, 'tmap'), item(3, 'av01')],
        properties: [codes(9, 16), box('clli', bytes(3, 232, 0, 100)), codes(12, 13)],
        of: [
          [2, 1, 2],
          [1, 0x80 | 3],
        ],
      }),
    );
    expect(facts.colours).toEqual({ primaries: 12, transfer: 13, fullRange: true });
    expect(facts.lost).toEqual(['the gain map (HDR)']);
  });

  it('tell a picture that is made of tiles from several pictures', () => {
    const items = [item(1, 'grid'), item(2, 'av01'), item(3, 'av01')];
    const tiles = reference('dimg', 1, 2, 3);
    expect(avifFacts(file({ items, references: [tiles] })).oneGrid).toBe(true);
    const alpha = [item(4, 'av01')];
    const mask = reference('auxl', 4, 1);
    expect(avifFacts(file({ items: [...items, ...alpha], references: [tiles, mask] })).oneGrid).toBe(true);
    expect(avifFacts(file({ items: [...items, ...alpha], references: [tiles] })).oneGrid).toBe(false);
    expect(avifFacts(file({ items })).oneGrid).toBe(false);
  });
});

describe('brightness alone from 16 to 235', () => {
  // A ramp of 16 steps of 17, coded so, as other programs write it.
  const ramp = [
    'AAAAHGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZgAAAOltZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAA',
    'AAAAAA5waXRtAAAAAAABAAAAHmlsb2MAAAAARAAAAQABAAAAAQAAAQ0AAAAzAAAAKGlpbmYAAAAAAAEAAAAaaW5mZQIAAAAA',
    'AQAAYXYwMUNvbG9yAAAAAGhpcHJwAAAASWlwY28AAAAUaXNwZQAAAAAAAAAQAAAACAAAAA5waXhpAAAAAAEIAAAADGF2MUOB',
    'ABwAAAAAE2NvbHJuY2x4AAEADQAGAAAAABdpcG1hAAAAAAAAAAEAAQQBAoMEAAAAO21kYXQSAAoIGAy/sMBDQYgyJRAA3XRI',
    'WR3QjejJdPkUsld0/K6e8dAv7TWhMpADaA8AcNhgaqw=',
  ].join('');

  it('is spread to the whole range, as others show it', async () => {
    const { width, data } = await readPicture(Buffer.from(ramp, 'base64'));
    expect(width).toBe(16);
    for (let x = 0; x < 16; x++) expect(Math.abs(255 * (data[x] ?? 0) - 17 * x)).toBeLessThan(3);
  });

  it('is told by the coding where the file does not say the range', () => {
    const coding = (grey: number) =>
      box('av1C', bytes(0x81, 5, grey, 0), Buffer.from('0a0a196a659e3fc7010d0920', 'hex'));
    const facts = (...properties: readonly Buffer[]) =>
      avifFacts(file({ items: [item(1, 'av01')], properties, of: [[1, 1, 2]] })).narrowGrey;
    expect(facts(coding(0x5c))).toBe(true);
    expect(facts(coding(0x4c))).toBe(false);
    expect(facts(coding(0x5c), codes(1, 13))).toBe(false); // which says that the range is whole
  });
});
