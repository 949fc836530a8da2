import { writeFile } from 'node:fs/promises';
import type { ListedModel } from '#src/weights/index.js';
import { temporaryFolder } from './files.js';
import { drawnBytes, sha256 } from './model-server.js';

export const path = temporaryFolder();

export const bytes = drawnBytes(5000);

export let count = 0;

/** A store of its own, and a file to put into it. */
export async function store(content: Uint8Array = bytes) {
  const folder = path(`store ${++count}`);
  const file = path(`encoder${count}.pt`);
  await writeFile(file, content);
  return { folder, file };
}

export const listed: ListedModel = {
  name: 'Encoder',
  url: 'https://example.org/encoder.pt',
  licence: 'MIT',
  size: bytes.length,
  sha256: sha256(bytes),
};

export const models = [listed];
