import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A file system in memory that can be full, mounted on a folder; needs root. `undefined` where it cannot be mounted. */
export function mountSmallDisk(folder, bytes) {
  mkdirSync(folder, { recursive: true });
  try {
    const how = `size=${Math.ceil(bytes / 1e6)}m,nr_inodes=0`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', how, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const ballast = join(folder, '.ballast');
  return {
    /** Fills it to its last byte. */
    fill() {
      const file = openSync(ballast, 'w');
      try {
        for (const block = Buffer.alloc(1 << 16); ; ) writeSync(file, block);
      } catch (error) {
        if (error.code !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast, { force: true }),
    unmount: () => execFileSync('umount', ['-l', folder]),
  };
}
