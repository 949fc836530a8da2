import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { encodeSafetensors, isWeightsFile, readWeightsFile, readWeightsHeader } from '#src/weights/index.js';
import { refusal, temporaryFolder } from './files.js';

const path = temporaryFolder();
const one = (value: number) => ({ dtype: 'F32', shape: [1], data: Float32Array.of(value) }) as const;
const [first, second] = ['net-00001-of-00002.safetensors', 'net-00002-of-00002.safetensors'] as const;

/** Weights in two files and the list of them, in a folder of their own. */
async function twoParts(folder: string, weightMap: object = { a: first, b: second }): Promise<string> {
  await mkdir(path(folder));
  await writeFile(
    path(folder, first),
    encodeSafetensors({ tensors: new Map([['a', one(1)]]), metadata: { licence: 'MIT' } }),
  );
  await writeFile(
    path(folder, second),
    encodeSafetensors({ tensors: new Map([['b', one(2)]]), metadata: {} }),
  );
  const index = path(folder, 'net.safetensors.index.json');
  await writeFile(index, JSON.stringify({ metadata: { total_size: 8 }, weight_map: weightMap }));
  return index;
}

test('weights in several files are read by their list, and by any of them', async () => {
  const index = await twoParts('whole');
  for (const named of [index, path('whole', first), path('whole', second)]) {
    const { tensors, parts, metadata } = await readWeightsFile(named);
    expect([...tensors].map(([name, { data }]) => [name, ...data])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect({ parts, metadata }).toEqual({ parts: 2, metadata: { licence: 'MIT' } });
    expect((await readWeightsHeader(named)).tensors.size).toBe(2);
    expect(await isWeightsFile(named)).toBe(true);
  }
});

test('a part that is missing is told', async () => {
  await mkdir(path('half'));
  await writeFile(
    path('half', second),
    encodeSafetensors({ tensors: new Map([['b', one(2)]]), metadata: {} }),
  );
  expect(await refusal(() => readWeightsFile(path('half', second)))).toMatch(
    /is one of 2 parts of weights, and net-00001-of-00002\.safetensors is not beside it/,
  );
});

test.each([
  ['a tensor that no part has', { a: first, b: second, c: second }, /none of its parts has c/],
  [
    'a part that is not there',
    { a: first, b: 'elsewhere.safetensors' },
    /names 2 parts of weights, and elsewhere\.safetensors is not beside it; download all of them/,
  ],
  ['a part in another folder', { a: '../net.safetensors' }, /no file beside it/],
  ['no parts', {}, /names no part/],
])('a list with %s is refused', async (name, weightMap, words) => {
  const index = await twoParts(name.replaceAll(' ', '-'), weightMap);
  expect(await refusal(() => readWeightsFile(index))).toMatch(words);
});
