import { describe, expect, test } from 'vitest';
import { convertWeights, loadUpscalerWeights, saveUpscalerWeights } from '#src/api/index.js';
import { sharedFolder } from '../shared.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { randomUpscaler, smallUpscalers } from './upscalers.js';

const path = temporaryFolder();
const one = smallUpscalers['SRVGGNet ×4'];
const two = {
  ...one,
  parameters: Object.fromEntries(
    Object.entries(one.parameters).map(([key, { data, ...rest }]) => [
      key,
      { ...rest, data: Float32Array.from(data, Number).map((x) => x + 1) },
    ]),
  ),
  licence: 'MIT',
};

async function saved(): Promise<readonly [string, string]> {
  await saveUpscalerWeights(path('a.safetensors'), one);
  await saveUpscalerWeights(path('b=1,c.safetensors'), two);
  return [path('a.safetensors'), path('b=1,c.safetensors')];
}

/** By how much the numbers of weights are more than the first's, on average. */
function shiftOf({ parameters }: typeof one): number {
  const shifts = Object.entries(parameters).flatMap(([key, { data }]) =>
    [...Float32Array.from(data, Number)].map((x, i) => x - Number(one.parameters[key]?.data[i])),
  );
  return shifts.reduce((sum, x) => sum + x, 0) / shifts.length;
}

describe('weights of one network are blended by their shares', () => {
  test('number by number', async () => {
    const [a] = await saved();
    await saveUpscalerWeights(path('b.safetensors'), two);
    const blend = await loadUpscalerWeights(`${a}=0.75,${path('b.safetensors')}=0.25`);
    expect(shiftOf(blend)).toBeCloseTo(0.25, 6);
    expect(blend.licence).toBe('CC0-1.0 and MIT');
    expect(blend.record.startedFrom).toBe('a.safetensors=0.75,b.safetensors=0.25');
    expect(shiftOf(await loadUpscalerWeights(`${a}=0, ${path('b.safetensors')}=1`))).toBeCloseTo(1, 6);
  });

  test('a file that is called like a blend is itself', async () => {
    const [, odd] = await saved();
    expect(shiftOf(await loadUpscalerWeights(odd))).toBeCloseTo(1, 6);
  });

  test('and kept in a file', async () => {
    const [a] = await saved();
    await saveUpscalerWeights(path('b.safetensors'), two);
    const target = path('blend.safetensors');
    await convertWeights(`${a}=0.5,${path('b.safetensors')}=0.5`, target);
    expect(shiftOf(await loadUpscalerWeights(target))).toBeCloseTo(0.5, 6);
  });

  test('the general network of Real-ESRGAN and its twin', async (context) => {
    const [a, b] = ['general', 'general-wdn'].map((name) =>
      sharedFolder(context, 'weights', `realesr-${name}-x4v3.fp16.safetensors`),
    );
    const { description } = await loadUpscalerWeights(`${a}=0.7,${b}=0.3`);
    expect(description.config).toMatchObject({ num_feat: 64, num_conv: 32, upscale: 4 });
  });
});

test.each([
  ['0.7', '0.4', /add up to 1\.1; they must add up to 1/],
  ['1.5', '-0.5', /from 0 to 1, got 1\.5/],
  ['x', '1', /from 0 to 1, got x/],
])('shares of %s and %s are refused', async (first, second, words) => {
  const [a] = await saved();
  expect(await refusal(() => loadUpscalerWeights(`${a}=${first},${a}=${second}`))).toMatch(words);
});

test('weights of different networks are refused', async () => {
  const [a] = await saved();
  const other = path('other.safetensors');
  await saveUpscalerWeights(other, randomUpscaler('srvggnet', { num_feat: 4, num_conv: 2, upscale: 4 }));
  expect(await refusal(() => loadUpscalerWeights(`${a}=0.5,${other}=0.5`))).toMatch(/different networks/);
});
