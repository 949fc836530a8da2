import { readFile, writeFile } from 'node:fs/promises';
import * as ort from 'onnxruntime-node';
import * as web from 'onnxruntime-web';
import { describe, expect, test } from 'vitest';
import { inferenceMethods } from '#src/denoise/index.js';
import { exportDenoiser, loadDenoiserWeights, shippedDenoiserPath } from '#src/api/index.js';
import {
  type Architecture,
  architectures,
  dbsnlArchitecture,
  type NetworkSize,
} from '#src/networks/index.js';
import { readOnnxOutline } from '#src/weights/index.js';
import { namesIn } from '../cli/command.js';
import { cpuRuntime } from '../compile/running.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { largestDifference, liveliness, randomDenoiser } from '../models/denoisers.js';
import { libraryResult, pictureSizes, randomWeights } from './exported.js';

const cpu = cpuRuntime();
const path = temporaryFolder();

/** Float rounding: other operators, in another order. */
const ROUNDING = 1e-5;

/** The denoised picture of one ONNX Runtime, with the checks of its type. */
function pixels(
  tensor: { readonly data: unknown; readonly dims: readonly number[] } | undefined,
): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) expect.fail('there is no picture of floats');
  expect(tensor.data.length).toBe(tensor.dims.reduce((product, e) => product * e, 1));
  return tensor.data;
}

describe('the shipped weights as a model', () => {
  test.each([true, false])(
    'are what the library does, in onnxruntime-node; enhanced: %s',
    async (enhance) => {
      const file = path(`shipped-${enhance}.onnx`);
      await exportDenoiser(shippedDenoiserPath('self-supervised'), file, { enhance });
      const weights = await loadDenoiserWeights(shippedDenoiserPath('self-supervised'));
      const session = await ort.InferenceSession.create(file);
      for (const [width, height] of pictureSizes) {
        const { noisy, denoised } = await libraryResult(cpu(), weights, [width, height], enhance);
        const results = await session.run({ noisy: new ort.Tensor('float32', noisy, [1, 3, height, width]) });
        expect(results['denoised']?.dims).toEqual([1, 3, height, width]);
        expect(largestDifference(pixels(results['denoised']), denoised)).toBeLessThanOrEqual(ROUNDING);
        if (width > 50) expect(liveliness(denoised).deviation).toBeGreaterThan(0.05);
      }
      await session.release();
    },
  );

  test('and in onnxruntime-web, with WebAssembly', async () => {
    const file = path('web.onnx');
    await exportDenoiser(shippedDenoiserPath(), file);
    const weights = await loadDenoiserWeights(shippedDenoiserPath());
    web.env.wasm.numThreads = 1;
    const session = await web.InferenceSession.create(await readFile(file));
    for (const [width, height] of pictureSizes) {
      const { noisy, denoised } = await libraryResult(cpu(), weights, [width, height]);
      const results = await session.run({ noisy: new web.Tensor('float32', noisy, [1, 3, height, width]) });
      expect(largestDifference(pixels(results['denoised']), denoised)).toBeLessThanOrEqual(ROUNDING);
    }
    await session.release();
  });
});

/**
 * Small sizes, by architecture, and how much its matrices amplify: networks that add to what they got grow it by themselves.
 * One that is not here is taken as large as it is by default.
 */
const small: Readonly<Record<string, { readonly size: NetworkSize; readonly gain?: number }>> = {
  dbsnl: { size: { baseChannels: 8, modules: 1 }, gain: 5 },
  deamnet: { size: { baseChannels: 16, modules: 1 } },
  dncnn: { size: { baseChannels: 8, modules: 3 }, gain: 5 },
  nafnet: { size: { baseChannels: 8, modules: 1 } },
  restormer: { size: { baseChannels: 8, modules: 1 } },
  student: { size: { baseChannels: 8 }, gain: 5 },
  unet: { size: { baseChannels: 8 }, gain: 5 },
};

async function expectSameAsLibrary(architecture: Architecture, method: string): Promise<void> {
  const { size, gain } = small[architecture.name] ?? { size: {} };
  const weights = randomWeights(architecture.ofSize(size), method, gain);
  const file = path(`${architecture.name}-${method}.onnx`);
  await exportDenoiser(weights, file, { overwrite: true });
  const session = await ort.InferenceSession.create(file);
  for (const [width, height] of [
    [1, 1],
    [45, 30],
  ] as const) {
    const { noisy, denoised } = await libraryResult(cpu(), weights, [width, height]);
    const results = await session.run({ noisy: new ort.Tensor('float32', noisy, [1, 3, height, width]) });
    expect(largestDifference(pixels(results['denoised']), denoised)).toBeLessThanOrEqual(ROUNDING);
    if (width === 1) continue;
    // Where everything is clamped, everything is equal.
    expect(liveliness(denoised).inside).toBeGreaterThan(0.2);
    expect(liveliness(denoised).deviation).toBeGreaterThan(0.01);
  }
  await session.release();
}

describe('a model of', () => {
  test.each(Object.values(architectures))('$title is what the library does', (architecture) =>
    expectSameAsLibrary(architecture, architecture.ofSize({}).blindSpot ? 'sdap' : 'amsnet'),
  );

  test.each(Object.values(inferenceMethods))('$title is what the library does', ({ name }) =>
    expectSameAsLibrary(dbsnlArchitecture, name),
  );
});

describe('the card', () => {
  test('says what the model is, and how it is called', async () => {
    const { card, bytes } = await exportDenoiser(randomDenoiser(8, 1), path('card.onnx'), { enhance: false });
    const outline = await readOnnxOutline(path('card.onnx'));
    expect(outline).toMatchObject({ fileSize: bytes, opset: 21, metadata: card });
    expect(outline.producer).toMatch(/^revela \d+\.\d+\.\d+$/);
    expect(outline.inputs).toEqual([{ name: 'noisy', shape: [1, 3, 'height', 'width'] }]);
    expect(outline.outputs).toEqual([{ name: 'denoised', shape: [1, 3, 'height', 'width'] }]);
    expect(card).toMatchObject({
      format: 'revela-model-1',
      name: 'card',
      method: 'sdap',
      enhance: 'false',
      architecture: 'dbsnl',
      size_multiple: '2',
      licence: 'CC0-1.0',
    });
    expect(JSON.parse(card['config'] ?? '')).toEqual({ in_ch: 3, out_ch: 3, base_ch: 8, num_module: 1 });
    expect(JSON.parse(card['training'] ?? '')).toEqual({ steps: 3 });
    for (const key of ['value_range', 'colour_order', 'padding', 'usage', 'revela_version'])
      expect(card[key]).toMatch(/\S/);
  });

  test('weights lie in the model under their keys', async () => {
    const weights = randomDenoiser(8, 1);
    await exportDenoiser(weights, path('keys.onnx'));
    const text = (await readFile(path('keys.onnx'))).toString('latin1');
    for (const key of Object.keys(weights.parameters)) expect(text).toContain(`parameter/${key}`);
  });
});

describe('refusals', () => {
  test('a file that exists is replaced only on demand', async () => {
    const weights = randomDenoiser(8, 1);
    await writeFile(path('there.onnx'), 'precious');
    const line = await refusal(() => exportDenoiser(weights, path('there.onnx')));
    expect(line).toContain('there.onnx exists already');
    expect(await readFile(path('there.onnx'), 'utf8')).toBe('precious');
    await exportDenoiser(weights, path('there.onnx'), { overwrite: true });
    expect((await readOnnxOutline(path('there.onnx'))).nodes).toBeGreaterThan(20);
    expect(namesIn(path()).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('weights of 2 GiB, which no ONNX file holds', async () => {
    const weights = randomDenoiser(8, 1);
    // Never written to, so that it takes no memory.
    const huge = { data: new Float32Array(2 ** 29), shape: [2 ** 29], dtype: 'float32' as const };
    const parameters = { ...weights.parameters, huge };
    const line = await refusal(() => exportDenoiser({ ...weights, parameters }, path('huge.onnx')));
    expect(line).toMatch(/the weights of huge take 2\.0 GiB, and an ONNX file holds less than 2 GiB/);
    expect(namesIn(path())).not.toContain('huge.onnx');
  });

  test('a method that nobody knows', async () => {
    const line = await refusal(() =>
      exportDenoiser(randomDenoiser(8, 1), path('x.onnx'), { method: 'magic' }),
    );
    expect(line).toMatch(/`method` must be one of .*, got magic/);
  });

  test('a method that needs a blind spot, of a network that has none', async () => {
    const description = architectures['dncnn']?.ofSize({ baseChannels: 8, modules: 3 });
    if (description === undefined) expect.fail('there is no dncnn');
    const weights = { ...randomDenoiser(8, 1), description };
    const line = await refusal(() => exportDenoiser(weights, path('x.onnx'), { method: 'ap-bsn' }));
    expect(line).toMatch(
      /`method` ap-bsn needs a network that is blind to the pixel it predicts, and dncnn is not/,
    );
  });

  test('a model under the name of something else', async () => {
    const line = await refusal(() => exportDenoiser(randomDenoiser(8, 1), path('x.png')));
    expect(line).toMatch(/the model to write must end in \.onnx, .*; got .*x\.png/);
  });
});
