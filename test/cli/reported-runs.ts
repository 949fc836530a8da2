import { mkdir, readFile } from 'node:fs/promises';
import { beforeAll } from 'vitest';
import { createRunFolder } from '#src/runs/folder/run-folder.js';
import { wholeSettings } from '../runs/settings.js';
import { parsePage } from '../report/markup.js';
import { photograph, temporaryFolder } from './command.js';

export const path = temporaryFolder();

/** A recipe of one stage. */
export const recipeOf = (patch: number) => ({
  ...wholeSettings.denoiser.recipe,
  stages: [{ share: 1, patch, batch: 1, learningRate: 0.002, curve: 'cosine' }],
});

/** A run as the training leaves it, with numbers that are known. */
export async function makeRun(
  name: string,
  steps: number,
  changes: object = {},
  validated = true,
): Promise<void> {
  const run = await createRunFolder(path(name), {
    ...wholeSettings.denoiser,
    config: { in_ch: 3, out_ch: 3, base_ch: 32, num_module: 3 },
    recipe: recipeOf(80),
    budget: { steps: 3000 },
    files: [path('pictures', 'a.png'), path('pictures', 'b.png')],
    validation: { pairs: [], pictures: [] },
    ...changes,
  });
  for (let step = 1; step <= steps; step++) {
    run.appendMetrics({ step, loss: 5 / step + 1, gradientNorm: 2, learningRate: 0.002, seconds: step / 4 });
    if (validated && step % 500 === 0)
      run.appendMetrics({ step, validationPsnr: 30 + step / 1000, validationSsim: 0.8 });
  }
  await run.close();
}

/** Sample pictures of a step. */
export async function addSamples(run: string, step: number): Promise<void> {
  const folder = path(run, 'samples', `step-${String(step).padStart(8, '0')}`);
  await mkdir(folder, { recursive: true });
  await photograph(40, 30).png().toFile(`${folder}/cat.noisy.png`);
  await photograph(40, 30, 3)
    .blur(1 + step / 1000)
    .png()
    .toFile(`${folder}/cat.denoised.png`);
  await photograph(40, 30, 3).blur(2).png().toFile(`${folder}/cat.clean.png`);
}

export async function pageOf(file: string) {
  const text = await readFile(path(file), 'utf8');
  return { text, root: parsePage(text) };
}

beforeAll(async () => {
  await mkdir(path('pictures'));
  for (const name of ['a.png', 'b.png']) await photograph(16, 16).png().toFile(path('pictures', name));
  await makeRun('long', 3000);
  await makeRun('short', 700, { recipe: recipeOf(120) });
  for (const step of [500, 1000, 3000]) await addSamples('long', step);
  await makeRun('old', 20, {}, false);
  await makeRun('new', 0);
});
