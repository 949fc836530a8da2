import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { loadDenoiserWeights, shippedDenoiserPath } from '#src/models/index.js';
import { weightsOf } from '#src/web/read-weights.js';

/** A file of safetensors without what it says of itself. */
function withoutMetadata(file: Uint8Array): Uint8Array {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)));
  delete header.__metadata__;
  const words = new TextEncoder().encode(JSON.stringify(header).padEnd(length));
  const bare = file.slice();
  bare.set(words, 8);
  return bare;
}

test('weights are taken for those of a method as Node takes them, with its name and without', async () => {
  for (const [name, method, unnamed] of [
    ['general', 'supervised', 'distilled'],
    ['self-supervised', 'sdap', 'sdap'],
  ] as const) {
    const path = shippedDenoiserPath(name);
    const file = new Uint8Array(await readFile(path));
    const read = weightsOf(file, name);
    expect(read.method).toBe(method);
    expect((await loadDenoiserWeights(path)).method).toBe(method);
    expect(weightsOf(withoutMetadata(file), name).method).toBe(unnamed);
  }
});
