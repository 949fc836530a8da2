import type sharp from 'sharp';

/** sharp, loaded when the first picture is read or written: what only computes starts without its native library. */
export async function loadSharp(): Promise<typeof sharp> {
  return (await import('sharp')).default;
}
