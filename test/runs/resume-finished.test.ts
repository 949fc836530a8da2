import { readFile, rm, stat } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { type Progress, trainDenoiser } from '#src/index.js';
import { photograph } from '../cli/command.js';
import { temporaryFolder } from '../weights/files.js';

const path = temporaryFolder();

it('a finished run that is resumed says that it is finished, and trains nothing', async () => {
  await photograph(64, 48).png().toFile(path('a.png'));
  const device = { device: 'cpu', threads: 1 } as const;
  const size = { baseChannels: 8, modules: 1, patch: 40, batch: 1, steps: 2 };
  const run = path('run');
  const first = await trainDenoiser({ pictures: [path('a.png')], output: run, ...size, ...device });
  expect(first).toMatchObject({ finished: true, steps: 2, startStep: 0 });
  const file = path('run', 'weights.safetensors');
  const [bytes, { mtimeMs }] = [await readFile(file), await stat(file)];
  const kinds: string[] = [];
  const again = await trainDenoiser({ resume: run, onProgress: ({ kind }) => kinds.push(kind), ...device });
  expect(again).toMatchObject({ finished: true, steps: 2, startStep: 2, path: first.path });
  expect(again.best?.step).toBe(first.best?.step);
  expect(again.weights.record).toEqual(first.weights.record);
  expect(kinds).toEqual([]);
  expect((await stat(file)).mtimeMs).toBe(mtimeMs);
  // What was lost of it is written again, without a step.
  await rm(file);
  expect(await trainDenoiser({ resume: run, ...device })).toMatchObject({ steps: 2, startStep: 2 });
  expect((await readFile(file)).equals(bytes)).toBe(true);
});

it('a finished run goes on where it is given more steps, and says from what to what', async () => {
  const device = { device: 'cpu', threads: 1 } as const;
  const size = { baseChannels: 8, modules: 1, patch: 40, batch: 1 };
  const run = path('longer');
  await trainDenoiser({ pictures: [path('a.png')], output: run, ...size, ...device, steps: 2 });
  const notes: string[] = [];
  const options = {
    resume: run,
    ...device,
    onProgress: (progress: Progress) => {
      if (progress.kind === 'note') notes.push(progress.message);
    },
  };
  const longer = await trainDenoiser({ ...options, steps: 4 });
  expect(longer).toMatchObject({ finished: true, steps: 4, startStep: 2 });
  expect(longer.weights.record.steps).toBe(4);
  expect(notes).toContain('The run takes 4 steps in all, in place of 2 steps');
  // The run remembers it.
  expect(JSON.parse(await readFile(path('longer', 'config.json'), 'utf8')).config.budget).toEqual({
    steps: 4,
  });
  expect(await trainDenoiser(options)).toMatchObject({ steps: 4, startStep: 4 });
  const lines = (await readFile(path('longer', 'metrics.jsonl'), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).step)).toEqual([1, 2, 3, 4]);
  await expect(trainDenoiser({ ...options, steps: 3 })).rejects.toThrow(
    '`steps` 3 counts from the beginning of the run, which has done 4 steps already; give more',
  );
});
