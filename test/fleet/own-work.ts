import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawWeights, expectSuccess, photograph, revela } from '../cli/command.js';

/** Two small photographs and a larger one, `0.jpg` to `2.jpg`, in a folder that is made; and weights of one's own in a file. */
export async function drawWork(folder: string, weights: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [i, size] of [66, 67, 560].entries())
    await photograph(size, 65)
      .jpeg()
      .toFile(join(folder, `${i}.jpg`));
  await drawWeights(weights);
}

/** What one machine makes of a folder with these weights: files by their names. */
export async function madeAlone(
  folder: string,
  weights: string,
  output: string,
): Promise<ReadonlyMap<string, Buffer>> {
  await expectSuccess(revela(['denoise', folder, '-w', weights, '--no-adapt', '-o', output]));
  const names = await readdir(output);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(output, name))] as const)),
  );
}
