/** The Castagnoli polynomial, its bits reversed. */
const polynomial = 0x82f63b78;

/** The remainder of every byte, so that the sum goes by bytes, not by bits. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? polynomial : 0);
  return remainder;
});

/** CRC-32C of bytes, an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ (remainders[(sum ^ byte) & 0xff] ?? 0);
  return (sum ^ 0xffffffff) >>> 0;
}

/**
 * The sum as record files store it: rotated by 15 bits, plus a constant, so that the sum of data that itself ends
 * in its sum is not always the same.
 */
export function maskedCrc32c(bytes: Uint8Array): number {
  const sum = crc32c(bytes);
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}
