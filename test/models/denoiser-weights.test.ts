import { describe, expect, test } from 'vitest';
import { describeWeights, loadDenoiserWeights, saveDenoiserWeights } from '#src/api/index.js';
import type { StoredTensor } from '#src/weights/index.js';
import { readSafetensors, writePytorch, writeSafetensors } from '#src/weights/index.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { randomDenoiser } from './denoisers.js';

const path = temporaryFolder();
const denoiser = randomDenoiser(8, 2);

/** The tensors of the denoiser, as a file holds them. */
const stored = (): Map<string, StoredTensor> =>
  new Map(
    Object.entries(denoiser.parameters).map(([key, { data, shape }]) => [
      key,
      { dtype: 'F32', shape, data: Float32Array.from(data, Number) },
    ]),
  );

/** Writes other tensors, and gives the line that refuses to load them. */
async function refused(name: string, change: (tensors: Map<string, StoredTensor>) => void): Promise<string> {
  const tensors = stored();
  change(tensors);
  await writeSafetensors(path(name), { tensors, metadata: {} });
  const line = await refusal(() => loadDenoiserWeights(path(name)));
  expect(line).toContain(path(name));
  return line;
}

describe('weights that are saved and loaded', () => {
  test('are the same: numbers, network, method, record and licence', async () => {
    await saveDenoiserWeights(path('saved.safetensors'), denoiser);
    const loaded = await loadDenoiserWeights(path('saved.safetensors'));
    expect(Object.keys(loaded.parameters).sort()).toEqual(Object.keys(denoiser.parameters).sort());
    expect(loaded.parameters).toEqual(denoiser.parameters);
    expect(loaded.description.config).toEqual(denoiser.description.config);
    expect(loaded.description.reach).toBe(8);
    const { method, record, licence } = loaded;
    expect({ method, record, licence }).toEqual({ method: 'sdap', record: { steps: 3 }, licence: 'CC0-1.0' });
  });

  test('say in their file what they are', async () => {
    await saveDenoiserWeights(path('described.safetensors'), denoiser);
    const { metadata } = await readSafetensors(path('described.safetensors'));
    expect(metadata).toMatchObject({ method: 'sdap', architecture: 'dbsnl', licence: 'CC0-1.0' });
    expect(JSON.parse(metadata['config'] ?? '')).toEqual({ in_ch: 3, out_ch: 3, base_ch: 8, num_module: 2 });
  });

  test('may come from others: in half precision, in any order, with masks, without metadata', async () => {
    const mask: StoredTensor = {
      dtype: 'F32',
      shape: [8, 8, 3, 3],
      data: new Float32Array(576).fill(Number.NaN),
    };
    const tensors = new Map<string, StoredTensor>([
      ['branch1.body.0.mask', mask],
      ...[...stored()].reverse(),
    ]);
    await writeSafetensors(path('foreign.safetensors'), { tensors, metadata: { training: 'no JSON' } });
    const loaded = await loadDenoiserWeights(path('foreign.safetensors'));
    expect(loaded.parameters).toEqual(denoiser.parameters);
    expect(loaded).toMatchObject({ method: 'sdap', record: {}, licence: 'unknown' });
  });
});

describe('checkpoints of PyTorch', () => {
  const wrapped = (prefix: string) =>
    new Map([...stored()].map(([key, tensor]) => [`${prefix}${key}`, tensor]));

  test.each(['', 'module.', 'bsn.', 'model.net.', 'whatever.denoiser.'])(
    'load and are described, whatever is before their keys: "%s"',
    async (prefix) => {
      await writePytorch(path('net.pth'), wrapped(prefix));
      const loaded = await loadDenoiserWeights(path('net.pth'));
      expect(loaded.parameters).toEqual(denoiser.parameters);
      const described = await describeWeights(path('net.pth'));
      expect(described).toMatchObject({ format: 'pytorch', network: { architecture: 'dbsnl' } });
      expect(described.prefix).toBe(prefix === '' ? undefined : prefix);
    },
  );

  test('are checked against the network as others are', async () => {
    const tensors = stored();
    tensors.delete('tail.2.bias');
    await writePytorch(path('lacking.pth'), tensors);
    const line = await refusal(() => loadDenoiserWeights(path('lacking.pth')));
    expect(line).toMatch(/lacking\.pth: dbsnl weights lack tail\.2\.bias/);
  });
});

describe('weights that cannot be used are refused in one line', () => {
  test('another network', async () => {
    const line = await refused('other.safetensors', (tensors) => {
      tensors.clear();
      for (const name of ['conv_first.weight', 'body.0.weight', 'body.1.weight', 'conv_last.weight'])
        tensors.set(name, { dtype: 'F32', shape: [1], data: Float32Array.of(1) });
    });
    expect(line).toMatch(/no network that denoises.*dbsnl.*conv_first\.weight.*1 more/);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d among the numbers', async (value) => {
    const line = await refused('broken.safetensors', (tensors) => {
      const tensor = tensors.get('tail.2.weight');
      if (tensor?.data instanceof Float32Array) tensor.data[3] = value;
    });
    expect(line).toMatch(/tail\.2\.weight/);
  });

  test('missing tensors', async () => {
    const line = await refused('missing.safetensors', (tensors) => {
      for (const key of [...tensors.keys()]) if (key.endsWith('bias')) tensors.delete(key);
    });
    expect(line).toMatch(/lack head\.0\.bias.*and \d+ more/);
  });

  test('tensors that the network does not have', async () => {
    const line = await refused('extra.safetensors', (tensors) => {
      tensors.set('tail.8.bias', { dtype: 'F32', shape: [1], data: Float32Array.of(1) });
    });
    expect(line).toMatch(/tail\.8\.bias/);
  });

  test('tensors of another shape', async () => {
    const line = await refused('shape.safetensors', (tensors) => {
      tensors.set('tail.2.bias', { dtype: 'F32', shape: [5], data: new Float32Array(5) });
    });
    expect(line).toMatch(/tail\.2\.bias must be \[4\], got \[5\]/);
  });

  test('a width that no such network has', async () => {
    await refused('odd.safetensors', (tensors) => {
      tensors.set('head.0.weight', { dtype: 'F32', shape: [7, 3, 1, 1], data: new Float32Array(21) });
    });
  });

  test('a network that makes other pictures than it takes', async () => {
    const line = await refused('grey.safetensors', (tensors) => {
      tensors.set('head.0.weight', { dtype: 'F32', shape: [8, 1, 1, 1], data: new Float32Array(8) });
    });
    expect(line).toMatch(/makes pictures of 3 channels of ones of 1/);
  });

  test('a file that is not there', async () => {
    expect(await refusal(() => loadDenoiserWeights(path('nowhere.safetensors')))).toMatch(/nowhere/);
  });
});
