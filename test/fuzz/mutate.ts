import type { Random } from '#src/random.js';

/** Numbers at which readers go wrong: sizes, counts and offsets that are none. */
const extremes = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff] as const;

/** Pieces of text that are no part of any name: line breaks, codes of terminals, turned directions, huge numbers. */
const pieces = [
  ...['\n', '\r', '\0', '\u001b[2J', '\u202e', '\ud800', '"', '\\', '{', '[', ']', '}', ',', ':', ';', '\t'],
  ...[
    '-1',
    '0',
    '1e999',
    'NaN',
    'Infinity',
    '9007199254740993',
    '__proto__',
    '../../x',
    '[[[[[[[[',
    'a'.repeat(300),
  ],
];

/** Changes bytes: a few bits, an extreme number, a piece that goes, comes twice, moves or ends the file. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  if (bytes.length === 0) return Uint8Array.of(random.integer(256));
  const copy = Buffer.from(bytes);
  const at = random.integer(copy.length);
  const length = random.integer(Math.min(64, copy.length - at));
  switch (random.integer(7)) {
    case 0:
      return copy.subarray(0, at);
    case 1:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + length)]);
    case 2:
      return Buffer.concat([copy.subarray(0, at + length), copy.subarray(at)]);
    case 3: {
      const to = random.integer(copy.length);
      copy.copyWithin(to, at, at + length);
      return copy;
    }
    case 4: {
      if (at + 4 > copy.length) return copy.fill(0xff, at);
      const value = extremes[random.integer(extremes.length)] ?? 0;
      if (random.integer(2) === 0) copy.writeUInt32LE(value, at);
      else copy.writeUInt32BE(value, at);
      return copy;
    }
    case 5:
      return Buffer.concat([copy.subarray(0, at), pieceOf(random), copy.subarray(at)]);
    default:
      for (let flips = 1 + random.integer(4); flips > 0; flips--) {
        const place = random.integer(copy.length);
        copy[place] = (copy[place] ?? 0) ^ (1 << random.integer(8));
      }
      return copy;
  }
}

/** Changes a text: words that become extreme ones, lines that go or come twice, and bytes. */
export function mutateText(bytes: Uint8Array, random: Random): Uint8Array {
  if (random.integer(3) === 0) return mutateBytes(bytes, random);
  const words = Buffer.from(bytes)
    .toString('utf8')
    .split(/([\s,:;"{}[\]]+)/);
  const at = random.integer(words.length);
  switch (random.integer(3)) {
    case 0:
      words[at] = pieces[random.integer(pieces.length)] ?? '';
      break;
    case 1:
      words.splice(at, 1 + random.integer(4));
      break;
    default:
      words.splice(at, 0, ...words.slice(at, at + random.integer(20)));
  }
  return Buffer.from(words.join(''), 'utf8');
}

function pieceOf(random: Random): Buffer {
  return Buffer.from(pieces[random.integer(pieces.length)] ?? '', 'utf8');
}
