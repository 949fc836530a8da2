import { describe, expect, test } from 'vitest';
import { assertFinite, toFloat32 } from '#src/weights/index.js';
import { refusal } from './files.js';

const every = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);

/** A number of a sign, an exponent and a fraction, as IEEE 754 reads them. */
function meaning(bits: number, exponentBits: number): number {
  const fractionBits = 15 - exponentBits;
  const sign = bits >> 15 === 1 ? -1 : 1;
  const exponent = (bits >> fractionBits) % 2 ** exponentBits;
  const fraction = (bits % 2 ** fractionBits) / 2 ** fractionBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === 2 ** exponentBits - 1)
    return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}

describe.each([
  ['F16', 5],
  ['BF16', 8],
] as const)('%s', (dtype, exponentBits) => {
  test('every number is the float32 of the same value, zeros with their sign', () => {
    const numbers = toFloat32({ dtype, shape: [65_536], data: every });
    for (const bits of every)
      if (!Object.is(numbers[bits], meaning(bits, exponentBits)))
        expect.fail(`${bits} became ${numbers[bits]}, not ${meaning(bits, exponentBits)}`);
  });

  test('the infinities and NaN are found, and no other number is taken for one', async () => {
    const finite = every.filter((bits) => Number.isFinite(meaning(bits, exponentBits)));
    expect(finite).toHaveLength(65_536 - 2 * 2 ** (15 - exponentBits));
    assertFinite(new Map([['w', { dtype, shape: [finite.length], data: finite }]]), 'a.pth');
    const first = every.find((bits) => bits >= 2 ** 15 && !Number.isFinite(meaning(bits, exponentBits))) ?? 0;
    const lines = [first, first + 1].map((bits) =>
      refusal(() => {
        const data = Uint16Array.of(0, bits);
        assertFinite(new Map([['w', { dtype, shape: [2], data }]]), 'a.pth');
      }),
    );
    expect(await lines[0]).toMatch(/a\.pth contains -Infinity in tensor w/);
    expect(await lines[1]).toMatch(/a\.pth contains NaN in tensor w/);
  });
});
