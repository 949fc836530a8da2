import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  addModel,
  compare,
  convertWeights,
  describeWeights,
  exportUpscaler,
  loadUpscalerWeights,
  openMeasure,
  saveUpscalerWeights,
  upscale,
} from '#src/index.js';
import { initialiseParameters } from '#src/nn/index.js';
import { networkParameters, upscalers } from '#src/networks/index.js';
import { byName } from '#src/option-checks.js';
import { loadLpips } from '#src/models/load-distances.js';
import { loadVgg19 } from '#src/models/load-vgg19.js';
import { newUpscalerSettings } from '#src/runs/upscaler/upscaler-settings.js';
import { photograph } from '../cli/command.js';
import { refusal, temporaryFolder } from '../weights/files.js';

const path = temporaryFolder();
const { REVELA_MODELS: former } = process.env;

beforeAll(async () => {
  process.env['REVELA_MODELS'] = path('models');
  const description = byName(upscalers, 'srvggnet', 'network').ofSize({
    baseChannels: 4,
    modules: 1,
    scale: 2,
  });
  await saveUpscalerWeights(path('own.safetensors'), {
    ...{ method: 'pixel', description, record: {}, licence: 'unknown' },
    parameters: initialiseParameters(networkParameters(description), 0),
  });
  await addModel(path('own.safetensors'), { folder: path('models'), name: 'small' });
  await photograph(24, 24).png().toFile(path('a.png'));
});
afterAll(() => {
  if (former === undefined) delete process.env['REVELA_MODELS'];
  else process.env['REVELA_MODELS'] = former;
});

it('is taken wherever weights are', async () => {
  expect((await loadUpscalerWeights('small')).description.scale).toBe(2);
  expect((await describeWeights('SMALL')).network?.scale).toBe(2);
  expect((await upscale(path('a.png'), { weights: 'small', device: 'cpu' })).width).toBe(48);
  await convertWeights('small', path('converted.pth'));
  await exportUpscaler('small', path('small.onnx'));
  const { from } = await newUpscalerSettings({ pictures: [path('a.png')], from: 'small' });
  expect(from).toBe(path('own.safetensors'));
});

it('is told where it is missing, with the command that gets it', async () => {
  const wanted: readonly (readonly [string, () => unknown])[] = [
    ['RealESRGAN_x4plus', () => upscale(path('a.png'), { weights: 'RealESRGAN_x4plus' })],
    ['RN50', () => openMeasure('clip-iqa', { clip: 'rn50' })],
    ['lpips-alex', () => compare(path('a.png'), path('a.png'), { metrics: ['lpips'] })],
    ['vgg19', () => loadVgg19('vgg19')],
    ['lpips-alex', () => loadLpips('alex', { weights: 'lpips-alex', backbone: 'alexnet' })],
    ['il-niqe', () => openMeasure('il-niqe', { ilNiqeModel: 'il-niqe' })],
  ];
  for (const [name, work] of wanted)
    expect(await refusal(work)).toBe(
      `${name} is not in ${path('models')}; get it with \`pullModel('${name}')\`, or register a copy with \`addModel(FILE, { name: '${name}' })\``,
    );
  expect(await refusal(() => loadUpscalerWeights('enlarger'))).toMatch(
    /^enlarger is neither a file nor a model; known are /,
  );
});

it('gives way to a file that is named by its path', async () => {
  await writeFile(path('small'), 'nothing');
  expect(await refusal(() => loadUpscalerWeights(path('small')))).toMatch(/small/);
});
