import { describe, expect, test } from 'vitest';
import { loadVgg19 } from '#src/api/index.js';
import { vgg19Parameters } from '#src/networks/index.js';
import type { StoredTensor } from '#src/weights/index.js';
import { writePytorch, writeSafetensors } from '#src/weights/index.js';
import { sharedFolder } from '../shared.js';
import { refusal, temporaryFolder } from '../weights/files.js';

const path = temporaryFolder();

/** Tensors with torchvision's keys, each filled with a number of its own. */
const stored = (): Map<string, StoredTensor> =>
  new Map(
    [...vgg19Parameters()].map(([key, { shape }], i) => {
      const count = shape.reduce((product, extent) => product * extent, 1);
      return [key, { dtype: 'F32', shape, data: new Float32Array(count).fill(i / 8) }];
    }),
  );

const single = (shape: readonly number[]): StoredTensor => ({
  dtype: 'F32',
  shape,
  data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)),
});

async function refused(change: (tensors: Map<string, StoredTensor>) => void): Promise<string> {
  const tensors = stored();
  change(tensors);
  await writeSafetensors(path('vgg.safetensors'), { tensors, metadata: {} });
  const line = await refusal(() => loadVgg19(path('vgg.safetensors')));
  expect(line).toContain(path('vgg.safetensors'));
  return line;
}

test.each(['', 'module.', 'vgg.'])(
  'torchvision’s weights are read, whatever is before their keys: "%s"',
  async (prefix) => {
    const tensors = new Map([...stored(), ['classifier.6.bias', single([1000])] as const]);
    await writePytorch(
      path('vgg19.pth'),
      new Map([...tensors].map(([key, tensor]) => [`${prefix}${key}`, tensor])),
    );
    const parameters = await loadVgg19(path('vgg19.pth'));
    expect(Object.keys(parameters)).toEqual([...vgg19Parameters().keys()]);
    expect(parameters['features.34.bias']?.data).toEqual(new Float32Array(512).fill(31 / 8));
  },
);

describe('what cannot be used is refused in one line', () => {
  test('LPIPS’s heads, which are no VGG', async (context) => {
    const heads = sharedFolder(context, 'weights', 'lpips_v0.1_vgg.pth');
    expect(await refusal(() => loadVgg19(heads))).toMatch(/holds no VGG19; its first tensors are lin0/);
  });

  test('VGG16', async () => {
    const line = await refused((tensors) => {
      for (const place of [30, 32, 34]) {
        tensors.delete(`features.${place}.weight`);
        tensors.delete(`features.${place}.bias`);
      }
    });
    expect(line).toMatch(/holds another network than VGG19; .* torchvision's vgg19/);
  });

  test('VGG with batch normalisation', async () => {
    const line = await refused((tensors) => {
      tensors.set('features.1.weight', single([64]));
      tensors.set('features.1.running_mean', single([64]));
    });
    expect(line).toMatch(/VGG with batch normalisation/);
  });

  test('a missing bias, another shape, NaN', async () => {
    expect(await refused((tensors) => tensors.delete('features.5.bias'))).toMatch(/lack features\.5\.bias/);
    expect(await refused((tensors) => tensors.set('features.5.bias', single([1])))).toMatch(
      /features\.5\.bias must be \[128\], got \[1\]/,
    );
    const line = await refused((tensors) => {
      const tensor = tensors.get('features.28.weight');
      if (tensor?.data instanceof Float32Array) tensor.data[9] = Number.NaN;
    });
    expect(line).toMatch(/NaN in tensor features\.28\.weight/);
  });
});
