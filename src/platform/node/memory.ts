import { totalmem } from 'node:os';

/** Bytes that can be had. macOS counts as free only what holds nothing at all, and gives more to who asks. */
export function freeMemory(): number {
  const available = process.availableMemory();
  return process.platform === 'darwin' ? Math.max(available, 0.7 * totalmem()) : available;
}
