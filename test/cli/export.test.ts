import { readFile, writeFile } from 'node:fs/promises';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
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
const command = (...args: readonly string[]) => revela(args, { cwd: path() });

beforeAll(async () => {
  await drawWeights(path('drawn.safetensors'));
  await photograph(48, 32, 3, 16).png().toFile(path('photo.png'));
});

/** The 16-bit values of a PNG, interleaved. */
const samples = async (file: string): Promise<Uint16Array> => {
  const { data } = await sharp(path(file))
    .toColourspace('rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  return new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
};

describe('export', () => {
  it.each([['--enhance'], ['--no-enhance']])(
    'writes a model that denoises as revela denoise does: %s',
    async (flag) => {
      const { stdout, stderr } = await expectSuccess(
        command('export', 'drawn.safetensors', `model${flag}.onnx`, flag),
      );
      expect(stdout).toBe(`model${flag}.onnx\n`);
      expect(stderr).toMatch(/Wrote [\d.]+ KiB; revela info model\S+ shows how it is called\n$/);
      await expectSuccess(
        command(
          'denoise',
          'photo.png',
          '--weights',
          'drawn.safetensors',
          '--no-adapt',
          '--bare',
          '--no-keep-detail',
          flag,
          '--device',
          'cpu',
          '--output',
          `clean${flag}.png`,
        ),
      );
      const [noisy, clean] = [await samples('photo.png'), await samples(`clean${flag}.png`)];
      const pixels = 48 * 32; // sides of tiles: other pictures are mirrored up to the next
      const planar = Float32Array.from(
        noisy,
        (_, i) => (noisy[(i % pixels) * 3 + Math.floor(i / pixels)] ?? 0) / 65_535,
      );
      const session = await ort.InferenceSession.create(path(`model${flag}.onnx`));
      const { denoised } = await session.run({ noisy: new ort.Tensor('float32', planar, [1, 3, 32, 48]) });
      await session.release();
      for (const [i, value] of Array.from(clean).entries()) {
        const found = Number(denoised?.data[(i % 3) * pixels + Math.floor(i / 3)]);
        expect(Math.abs(Math.round(found * 65_535) - value)).toBeLessThanOrEqual(1);
      }
    },
  );

  it('tells programs what it wrote, and info shows the card', async () => {
    const { stdout } = await expectSuccess(command('export', 'drawn.safetensors', 'json.onnx', '--json'));
    const [, done] = jsonLines(stdout);
    const bytes = (await readFile(path('json.onnx'))).length;
    expect(done).toMatchObject({
      kind: 'done',
      model: 'json.onnx',
      bytes,
      card: { name: 'drawn', method: 'sdap' },
    });
    const info = await expectSuccess(command('info', 'json.onnx'));
    expect(info.stdout).toMatch(/^json\.onnx\n {2}kind +ONNX model, [\d.]+ KiB\n/);
    expect(info.stdout).toMatch(/takes +noisy \[1, 3, height, width\]\n/);
    expect(info.stdout).toMatch(/gives +denoised \[1, 3, height, width\]\n/);
    expect(info.stdout).toMatch(/licence +CC0-1\.0\n/);
    const [facts] = jsonLines((await expectSuccess(command('info', 'json.onnx', '--json'))).stdout);
    expect(facts).toMatchObject({
      kind: 'model',
      file: 'json.onnx',
      opset: 21,
      metadata: { architecture: 'dbsnl' },
    });
  });

  it('replaces no file without being told to', async () => {
    await writeFile(path('kept.onnx'), 'precious');
    await expectRefusal(
      command('export', 'drawn.safetensors', 'kept.onnx'),
      1,
      'kept.onnx exists already',
      '--overwrite',
    );
    expect(await readFile(path('kept.onnx'), 'utf8')).toBe('precious');
    await expectSuccess(command('export', 'drawn.safetensors', 'kept.onnx', '--overwrite'));
    expect((await readFile(path('kept.onnx'))).length).toBeGreaterThan(1000);
  });

  it('says in one line what is wrong, and writes nothing', async () => {
    await expectRefusal(
      command('export', 'gone.safetensors', 'a.onnx'),
      1,
      'gone.safetensors',
      'does not exist',
    );
    await expectRefusal(command('export', 'photo.png', 'a.onnx'), 1, 'photo.png holds no weights');
    await expectRefusal(command('export', 'drawn.safetensors', '.'), 1, 'it is a folder');
    await expectRefusal(command('export', 'drawn.safetensors', 'no/such/a.onnx'), 1, 'does not exist');
    await expectRefusal(command('export', 'drawn.safetensors'), 2, 'MODEL');
    await expectRefusal(
      command('export', 'drawn.safetensors', 'a.onnx', '--method', 'magic'),
      2,
      '--method',
      'magic',
    );
    await writeFile(path('broken.onnx'), 'not a model');
    await expectRefusal(command('info', 'broken.onnx'), 1, 'broken.onnx is not a whole ONNX model');
    expect(namesIn(path()).filter((name) => name === 'a.onnx' || name.endsWith('.tmp'))).toEqual([]);
  });
});
