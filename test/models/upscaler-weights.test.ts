import { describe, expect, test } from 'vitest';
import {
  convertWeights,
  describeWeights,
  loadDenoiserWeights,
  loadUpscalerWeights,
  saveUpscalerWeights,
} from '#src/api/index.js';
import { readSafetensors, type StoredTensor, writePytorch, writeSafetensors } from '#src/weights/index.js';
import { sharedFolder } from '../shared.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { smallUpscalers } from './upscalers.js';

const path = temporaryFolder();
const upscaler = smallUpscalers['RRDBNet ×2, un-shuffling'];

/** The tensors of the upscaler, as a file holds them. */
const stored = (prefix = ''): Map<string, StoredTensor> =>
  new Map(
    Object.entries(upscaler.parameters).map(([key, { data, shape }]) => [
      prefix + key,
      { dtype: 'F32', shape, data: Float32Array.from(data, Number) },
    ]),
  );

describe('weights that are saved and loaded', () => {
  test.each(Object.entries(smallUpscalers))('are the same: %s', async (name, weights) => {
    const file = path(`${name}.safetensors`);
    await saveUpscalerWeights(file, { ...weights, method: 'pixel' });
    const { description, ...loaded } = await loadUpscalerWeights(file);
    expect(loaded).toEqual({
      method: 'pixel',
      parameters: weights.parameters,
      record: { steps: 3 },
      licence: 'CC0-1.0',
    });
    expect(description.config).toEqual(weights.description.config);
    expect((await readSafetensors(file)).metadata).toMatchObject({
      format: 'revela-upscaler-1',
      architecture: description.architecture,
    });
  });

  test('may be a PyTorch file with a prefix, and are converted whole', async () => {
    await writePytorch(path('prefixed.pth'), stored('net_g.'));
    const { parameters, record } = await loadUpscalerWeights(path('prefixed.pth'));
    expect(parameters).toEqual(upscaler.parameters);
    expect(record).toEqual({});
    const conversion = await convertWeights(path('prefixed.pth'), path('plain.safetensors'));
    expect(conversion).toMatchObject({ prefix: 'net_g.', tensors: stored().size });
    expect((await loadUpscalerWeights(path('plain.safetensors'))).parameters).toEqual(upscaler.parameters);
  });

  test('are described by their header', async () => {
    await saveUpscalerWeights(path('described.safetensors'), upscaler);
    expect(await describeWeights(path('described.safetensors'))).toMatchObject({
      training: { steps: 3 },
      network: {
        task: 'upscale',
        architecture: 'rrdbnet',
        title: expect.stringContaining('RRDBNet'),
        scale: 2,
        multiple: 2,
        reach: 38,
        tilesExactly: true,
      },
    });
  });

  test('of Real-ESRGAN are read as they were published', async (context) => {
    const { description, parameters } = await loadUpscalerWeights(
      sharedFolder(context, 'weights', 'realesr-animevideov3.pth'),
    );
    expect(description).toMatchObject({ architecture: 'srvggnet', scale: 4, reach: 18 });
    expect(Object.values(parameters).reduce((sum, { data }) => sum + data.length, 0)).toBe(621_424);
  });
});

describe('refusals', () => {
  test.each<readonly [string, (tensors: Map<string, StoredTensor>) => void, RegExp]>([
    [
      'NaN',
      (tensors) =>
        tensors.set('conv_hr.bias', { dtype: 'F32', shape: [8], data: new Float32Array(8).fill(Number.NaN) }),
      /conv_hr\.bias/,
    ],
    [
      'a missing tensor',
      (tensors) => tensors.delete('body.0.rdb2.conv3.bias'),
      /rrdbnet weights lack body\.0\.rdb2\.conv3\.bias/,
    ],
    [
      'a tensor too many',
      (tensors) => tensors.set('extra', { dtype: 'F32', shape: [1], data: new Float32Array(1) }),
      /rrdbnet of this size has no extra/,
    ],
    [
      'a tensor of another network',
      (tensors) => tensors.set('conv_hr.bias', { dtype: 'F32', shape: [9], data: new Float32Array(9) }),
      /conv_hr\.bias must be \[8\], got \[9\]/,
    ],
    [
      'no network',
      (tensors) => tensors.delete('conv_first.weight'),
      /an RRDBNet of which the first or the last layers are missing.*known are srvggnet, rrdbnet/,
    ],
  ])('%s', async (name, change, message) => {
    const tensors = stored();
    change(tensors);
    const file = path(`${name}.safetensors`);
    await writeSafetensors(file, { tensors, metadata: {} });
    const line = await refusal(() => loadUpscalerWeights(file));
    expect(line).toMatch(message);
    expect(line).toContain(file);
  });

  test('to denoise, with the command that enlarges', async () => {
    await saveUpscalerWeights(path('upscaler.safetensors'), upscaler);
    const line = await refusal(() => loadDenoiserWeights(path('upscaler.safetensors')));
    expect(line).toMatch(/this is a network that enlarges pictures \(rrdbnet\).*`upscale\(\)`/);
  });
});
