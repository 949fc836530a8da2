import { fstatSync, ftruncateSync, writeFileSync } from 'node:fs';

/**
 * Appends to a file that was opened for appending: all of it, or, where the disk gets full on the way, nothing, so
 * that what is appended later does not follow a fragment.
 *
 * @throws the error of the file system
 */
export function appendWhole(descriptor: number, content: string | Uint8Array): void {
  const { size } = fstatSync(descriptor);
  try {
    writeFileSync(descriptor, content);
  } catch (error) {
    try {
      ftruncateSync(descriptor, size);
    } catch {
      // The first failure is the one to tell.
    }
    throw error;
  }
}
