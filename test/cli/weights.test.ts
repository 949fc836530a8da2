import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors, readWeightsFile } from '#src/weights/index.js';
import { loadUpscalerWeights, saveUpscalerWeights, upscale, type UpscalerWeights } from '#src/api/index.js';
import { largestDifference, noisyPicture } from '../models/denoisers.js';
import { smallUpscalers } from '../models/upscalers.js';
import { floats, make, tensor, zipCheckpoint } from '../weights/checkpoint-files.js';
import {
  drawWeights,
  expectRefusal,
  expectSuccess,
  jsonLines,
  namesIn,
  photograph,
  revela,
  temporaryFolder,
} from './command.js';

const path = temporaryFolder();
const convert = (...args: readonly string[]) => revela(['weights', 'convert', ...args], { cwd: path() });
const weight = tensor({ storage: '0', length: 2, shape: [2] });
const storages = { 0: floats(1, 2) };

beforeAll(async () => {
  await drawWeights(path('drawn.safetensors'));
  const wrapped = make.dict({ epoch: make.number(4), params: make.dict({ 'module.weight': weight }) });
  await writeFile(path('wrapped.pth'), zipCheckpoint(wrapped, storages));
  const malicious = make.dict({ weight, more: make.call('os', 'system', make.text('touch owned')) });
  await writeFile(path('malicious.pth'), zipCheckpoint(malicious, storages));
  await photograph(48, 32).png().toFile(path('noisy.png'));
});

describe('weights convert', () => {
  it('goes to PyTorch and back, numbers and all', async () => {
    const there = await expectSuccess(convert('drawn.safetensors', 'new/drawn.pth'));
    expect(there.stdout).toMatch(/^new\/drawn\.pth: \d+ tensors\n$/);
    expect(there.stderr).toMatch(/no place for metadata, left out: .*licence/);
    await expectSuccess(convert('new/drawn.pth', 'back.safetensors'));
    const [first, last] = [
      await readSafetensors(path('drawn.safetensors')),
      await readSafetensors(path('back.safetensors')),
    ];
    expect([...last.tensors]).toEqual([...first.tensors]);
    expect(last.metadata).toEqual({});
  });

  it('folds what is learnt in branches into what is used, and nothing else', async () => {
    const learnt = smallUpscalers['SPAN ×2'];
    await saveUpscalerWeights(path('span.safetensors'), { ...learnt, method: 'pixel' });
    await expectSuccess(convert('span.safetensors', 'folded.safetensors', '--fold'));
    const used = await loadUpscalerWeights(path('folded.safetensors'));
    expect(used.description.config).toEqual({ ...learnt.description.config, form: 'plain' });
    expect(used).toMatchObject({ method: 'pixel', licence: 'CC0-1.0' });
    const { metadata } = await readSafetensors(path('folded.safetensors'));
    expect(JSON.parse(metadata['config'] ?? '{}')).toMatchObject({ form: 'plain' });
    const picture = noisyPicture(20, 14);
    const enlarged = async (weights: UpscalerWeights) =>
      (await upscale(picture, { weights, device: 'cpu', threads: 1 })).data;
    expect(largestDifference(await enlarged(used), await enlarged(learnt))).toBeLessThan(1e-6);
    const { stdout } = await expectSuccess(revela(['info', 'span.safetensors'], { cwd: path() }));
    expect(stdout).toMatch(/parameters +[\d,]+, [\d,]+ once folded for use/);
    await expectRefusal(
      convert('folded.safetensors', 'again.safetensors', '--fold'),
      1,
      'learnt in branches: leave --fold out',
    );
  });

  it('unwraps, says so, and keeps what lay beside the tensors', async () => {
    const { stdout } = await expectSuccess(convert('wrapped.pth', 'plain.safetensors'));
    expect(stdout).toBe('plain.safetensors: 1 tensor (from params, names without module.)\n');
    const { tensors, metadata } = await readSafetensors(path('plain.safetensors'));
    expect(tensors.get('weight')?.data).toEqual(Float32Array.of(1, 2));
    expect(metadata).toEqual({ epoch: '4' });
  });

  it('tells other programs', async () => {
    const { stdout } = await expectSuccess(convert('wrapped.pth', 'told.pt', '--json'));
    expect(jsonLines(stdout)).toEqual([
      {
        kind: 'converted',
        input: 'wrapped.pth',
        output: 'told.pt',
        from: 'pytorch',
        to: 'pytorch',
        tensors: 1,
        wrapper: ['params'],
        prefix: 'module.',
        others: [],
        leftOut: ['epoch'],
      },
    ]);
    expect((await readWeightsFile(path('told.pt'))).tensors.size).toBe(1);
  });

  it('replaces a file only if it may', async () => {
    await writeFile(path('kept.pth'), 'mine');
    await expectRefusal(convert('wrapped.pth', 'kept.pth'), 1, 'kept.pth exists already', '--overwrite');
    expect(await readFile(path('kept.pth'), 'utf8')).toBe('mine');
    await expectSuccess(convert('wrapped.pth', 'kept.pth', '--overwrite'));
    expect((await readWeightsFile(path('kept.pth'))).tensors.size).toBe(1);
    await expectRefusal(
      convert('kept.pth', './kept.pth', '--overwrite'),
      1,
      'would replace the file that is read',
    );
  });

  it('refuses what cannot be used, in one line and without a trace', async () => {
    const before = namesIn(path());
    await expectRefusal(
      convert('malicious.pth', 'x.safetensors'),
      1,
      'malicious.pth: refuses to unpickle os.system',
    );
    await expectRefusal(convert('noisy.png', 'x.pth'), 1, 'noisy.png holds no weights');
    await expectRefusal(convert('nowhere.pth', 'x.pth'), 1, 'nowhere.pth', 'does not exist');
    await expectRefusal(
      convert('wrapped.pth', 'x.bin'),
      2,
      '.safetensors, .pth',
      'x.bin',
      'weights convert --help',
    );
    await expectRefusal(convert('wrapped.pth'), 2, 'OUT');
    expect(namesIn(path())).toEqual(before);
  });
});

describe('checkpoints elsewhere', () => {
  it('info shows their kind and what was around the tensors', async () => {
    const { stdout } = await expectSuccess(revela(['info', 'wrapped.pth'], { cwd: path() }));
    expect(stdout).toMatch(/kind +PyTorch checkpoint, [\d.]+ (KiB|bytes)\n/);
    expect(stdout).toMatch(/unwrapped +from params, names without module\.\n/);
    expect(stdout).toMatch(/numbers +2 in 1 tensor\n/);
    await expectRefusal(
      revela(['info', 'malicious.pth'], { cwd: path() }),
      1,
      'refuses to unpickle os.system',
    );
  });

  it('denoise takes them as --weights, with the same result', async () => {
    await expectSuccess(convert('drawn.safetensors', 'drawn.pth', '--overwrite'));
    for (const name of ['drawn.safetensors', 'drawn.pth'])
      await expectSuccess(
        revela(
          ['denoise', 'noisy.png', '--weights', name, '--no-adapt', '-o', `${name}.png`, '--device', 'cpu'],
          {
            cwd: path(),
          },
        ),
      );
    expect(await readFile(path('drawn.pth.png'))).toEqual(await readFile(path('drawn.safetensors.png')));
  });
});
