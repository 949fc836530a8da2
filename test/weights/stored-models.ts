import { writeFile } from 'node:fs/promises';
import type { ListedModel } from '#src/weights/index.js';
import { temporaryFolder } from './files.js';
import { drawnBytes, sha256 } from './model-server.js';

export const bytes = drawnBytes(5000);

/** Stores for the tests of a file. */
export function storedModels() {
  const path = temporaryFolder();
  let made = 0;
  /** A store of its own, and a file to put into it. */
  const store = async (content: Uint8Array = bytes) => {
    const folder = path(`store ${++made}`);
    const file = path(`encoder${made}.pt`);
    await writeFile(file, content);
    return { folder, file };
  };
  /** How many there are; the last one has that number. */
  const count = (): number => made;
  return { path, store, count };
}

export const listed: ListedModel = {
  name: 'Encoder',
  url: 'https://example.org/encoder.pt',
  licence: 'MIT',
  size: bytes.length,
  sha256: sha256(bytes),
};

export const models = [listed];
