import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRunFolder, type RunFolder } from '#src/runs/folder/run-folder.js';
import type { StoredTensor } from '#src/weights/index.js';
import { temporaryFolder } from '../weights/files.js';

export const path = temporaryFolder();

export const config = { network: 'dbsnl', seed: 0, patch: { size: 160 } };

/** The state of a run whose numbers follow from its step. */
export function stateAt(step: number) {
  const tensor = (value: number): StoredTensor => ({
    dtype: 'F32',
    shape: [1],
    data: Float32Array.of(value),
  });
  return {
    step,
    tensors: new Map([
      ['parameter/head.weight', tensor(step)],
      ['adam.m/head.weight', tensor(-step)],
      ['adam.m/2', tensor(0.5)],
    ]),
    state: JSON.stringify({ seconds: step / 2 }),
  };
}

/** Records steps, and saves a checkpoint after every third. */
export async function train(run: RunFolder, from: number, to: number): Promise<void> {
  for (let step = from; step <= to; step++) {
    run.appendMetrics({ step, loss: 1 / step, diverged: step === 5 ? Number.NaN : 0 });
    run.events().scalar('training/loss', 1 / step, step);
    if (step % 3 === 0) await run.saveCheckpoint(stateAt(step));
  }
}

export async function trained(name: string, to: number): Promise<string> {
  const run = await createRunFolder(path(name), config);
  await train(run, 1, to);
  await run.close();
  return path(name);
}

export const metricsOf = (folder: string) => readFile(join(folder, 'metrics.jsonl'), 'utf8');

export const checkpointFile = (folder: string, step: number) =>
  join(folder, 'checkpoints', `step-${String(step).padStart(8, '0')}.safetensors`);
