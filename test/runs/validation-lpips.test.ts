import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { readPicture, writePicture } from '#src/images/index.js';
import { openLpips, trainUpscaler, type TrainUpscalerOptions } from '#src/api/index.js';
import type { Progress } from '#src/apply/index.js';
import { writeSafetensors } from '#src/weights/index.js';
import { cpuRuntime } from '../compile/running.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { noisyPicture } from '../models/denoisers.js';
import { madeBackbone, madeHeads, stored } from '../models/distances.js';

const path = temporaryFolder();
const cpu = cpuRuntime();

beforeAll(async () => {
  await writePicture(path('a.png'), noisyPicture(90, 70));
  await writePicture(path('large.png'), noisyPicture(44, 40));
  await writePicture(path('small.png'), noisyPicture(19, 40));
  const write = (name: string, tensors: ReturnType<typeof stored>) =>
    writeSafetensors(path(name), { tensors, metadata: {} });
  await write('net.safetensors', stored(madeBackbone('squeeze')));
  await write('heads.safetensors', stored(madeHeads('squeeze')));
  await write('alex.safetensors', stored(madeBackbone('alex')));
  await write('alex-heads.safetensors', stored(madeHeads('alex')));
});

const files = () =>
  ({ network: 'squeeze', weights: path('heads.safetensors'), backbone: path('net.safetensors') }) as const;

const options = (run: string, changes: Partial<TrainUpscalerOptions> = {}): TrainUpscalerOptions => ({
  ...{ pictures: [path('a.png')], baseChannels: 8, modules: 2, patch: 32, batch: 1, steps: 4 },
  ...{ device: 'cpu', threads: 1, output: path(run), validation: path('large.png') },
  validationLpips: files(),
  ...changes,
});

test('a training is measured by LPIPS as well: of what it makes of whole pictures, in colour', async () => {
  const seen: Progress[] = [];
  const { weights, best } = await trainUpscaler(
    options('run', { validateEvery: 2, onProgress: (progress) => seen.push(progress) }),
  );
  const measured = seen.filter((progress) => progress.kind === 'validation');
  expect(measured.map(({ step }) => step)).toEqual([2, 4]);
  const samples = path('run', 'samples', 'step-00000004');
  const distance = openLpips(cpu(), {
    ...{ network: 'squeeze', backbone: madeBackbone('squeeze'), heads: madeHeads('squeeze') },
  });
  const expected = await distance.compare(
    await readPicture(`${samples}/large.upscaled.png`),
    await readPicture(`${samples}/large.large.png`),
  );
  await distance.close();
  expect(expected).toBeGreaterThan(0);
  expect(measured[1]?.lpips).toBeCloseTo(expected, 6);
  expect(weights.record.validationLpips).toBe(measured[1]?.lpips);
  // Four steps make nothing better than bicubic is, by neither measure.
  expect(best).toBeUndefined();
  const metrics = (await readFile(path('run', 'metrics.jsonl'), 'utf8')).trim().split('\n');
  expect(JSON.parse(metrics.at(-1) ?? '').validationLpips).toBe(measured[1]?.lpips);
});

test('without it, nothing is measured by LPIPS', async () => {
  const { validationLpips, ...others } = options('plain');
  expect(validationLpips).toMatchObject({ network: 'squeeze' });
  const { weights } = await trainUpscaler(others);
  expect(weights.record.validationPsnr).toBeGreaterThan(0);
  expect(weights.record.validationLpips).toBeUndefined();
});

test('a run goes on with the LPIPS that it began with or not at all', async () => {
  const stop = new AbortController();
  const changed = path('changed.safetensors');
  await writeSafetensors(changed, { tensors: stored(madeHeads('squeeze')), metadata: {} });
  await trainUpscaler(
    options('stopped', {
      validationLpips: { ...files(), weights: changed },
      signal: stop.signal,
      onProgress: (progress) => {
        if (progress.kind === 'training' && progress.step === 2) stop.abort();
      },
    }),
  );
  const resume = { resume: path('stopped'), device: 'cpu', threads: 1 } as const;
  await writeSafetensors(changed, { tensors: stored(madeHeads('squeeze')), metadata: { note: 'other' } });
  expect(await refusal(() => trainUpscaler(resume))).toContain('is not the file that the run began with');
  await writeSafetensors(changed, { tensors: stored(madeHeads('squeeze')), metadata: {} });
  const { weights } = await trainUpscaler(resume);
  expect(weights.record.validationLpips).toBeGreaterThan(0);
});

test('what cannot be measured ends a run before it begins', async () => {
  const { validation, ...blind } = options('never');
  expect(validation).toBe(path('large.png'));
  expect(await refusal(() => trainUpscaler(blind))).toContain('`validationLpips` needs `validation`');
  const alex = {
    network: 'alex',
    weights: path('alex-heads.safetensors'),
    backbone: path('alex.safetensors'),
  } as const;
  const small = options('never', { validation: path('small.png'), validationLpips: alex });
  expect(await refusal(() => trainUpscaler(small))).toContain('need at least 31×31');
  const swapped = options('never', { validationLpips: { ...files(), weights: alex.weights } });
  expect(await refusal(() => trainUpscaler(swapped))).toContain('heads of LPIPS for alex, not for squeeze');
});
