import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { shippedDenoiserPath } from '#src/api/index.js';
import { writeSafetensors } from '#src/weights/index.js';
import {
  drawWeights,
  expectRefusal,
  expectSuccess,
  jsonLines,
  photograph,
  revela,
  temporaryFolder,
} from './command.js';

const path = temporaryFolder();
const info = (...args: readonly string[]) => revela(['info', ...args], { cwd: path() });

beforeAll(async () => {
  await photograph(48, 32, 4, 16).withIccProfile('p3').png().toFile(path('deep.png'));
  await photograph(48, 32)
    .withMetadata({ orientation: 6 })
    .withExifMerge({
      IFD0: { Make: 'Testwerke', Model: 'T 1' },
      IFD2: { ISOSpeedRatings: '800', ExposureTime: '1/250', FNumber: '28/10', FocalLength: '50/1' },
    })
    .jpeg()
    .toFile(path('camera.jpg'));
  await drawWeights(path('drawn.safetensors'));
});

describe('info', () => {
  it('describes a picture to people', async () => {
    const { stdout } = await expectSuccess(info('camera.jpg'));
    expect(stdout).toMatch(/^camera\.jpg\n {2}kind {6}JPEG picture, [\d.]+ KiB\n/);
    expect(stdout).toContain('32 × 48 pixels\n');
    expect(stdout).toContain('red, green, blue, 8 bits each\n');
    expect(stdout).toContain('Testwerke T 1\n');
    expect(stdout).toContain('1/250 s, f/2.8, ISO 800, 50 mm\n');
  });

  it('and to programs', async () => {
    const { stdout } = await expectSuccess(info('deep.png', '--json'));
    expect(jsonLines(stdout)).toEqual([
      {
        kind: 'picture',
        file: 'deep.png',
        format: 'png',
        width: 48,
        height: 32,
        channels: 3,
        hasAlpha: true,
        bitDepth: 16,
        fileSize: expect.any(Number),
        profile: 'sP3C',
        camera: {},
      },
    ]);
  });

  it('describes weights', async () => {
    const { stdout } = await expectSuccess(info('drawn.safetensors'));
    expect(stdout).toMatch(/network +DBSNl, /);
    expect(stdout).toMatch(/size +in_ch 3, out_ch 3, base_ch 4, num_module 1\n/);
    expect(stdout).toMatch(/parameters +1,085\n/);
    expect(stdout).toMatch(/multiply-adds +1\.02 k a pixel, 67 M at 256 × 256 pixels\n/);
    expect(stdout).toMatch(/takes +any size\n/);
    expect(stdout).toMatch(/sees +5 pixels in each direction \(11 × 11\), but not the pixel itself\n/);
    expect(stdout).toMatch(/tiles +margins of 5 pixels give the same result as the whole picture\n/);
    expect(stdout).toMatch(/numbers +[\d,]+ in \d+ tensors\n/);
    expect(stdout).toMatch(/method +sdap\n/);
    expect(stdout).toMatch(/training +3 steps, in 1:05, on 2 pictures, seed 1\n/);
    expect(stdout).toMatch(/licence +CC0-1\.0\n/);
  });

  it('describes weights of another network, whatever their file is called', async () => {
    await writeSafetensors(path('other.bin'), {
      tensors: new Map([['x', { dtype: 'F32', shape: [2, 3], data: new Float32Array(6) }]]),
      metadata: {},
    });
    const { stdout } = await expectSuccess(info('other.bin', '--json'));
    const [facts] = jsonLines(stdout);
    expect(facts).toMatchObject({ kind: 'weights', tensors: 1, parameters: 6, training: {} });
    expect(facts).not.toHaveProperty('network');
  });

  it('describes weights in several files by their folder', async () => {
    const part = (name: string) => ({
      tensors: new Map([[name, { dtype: 'F32', shape: [1], data: new Float32Array(1) } as const]]),
      metadata: {},
    });
    await mkdir(path('cut'));
    await writeSafetensors(path('cut/n-00001-of-00002.safetensors'), part('a'));
    await writeSafetensors(path('cut/n-00002-of-00002.safetensors'), part('b'));
    await writeFile(path('cut/config.json'), '{}'); // of another program
    expect((await expectSuccess(info('cut'))).stdout).toMatch(/files +2\n/);
  });

  it('tells weights of other programs as what they are', async () => {
    await writeFile(path('llm.gguf'), 'GGUF and more');
    await expectRefusal(info('llm.gguf'), 1, 'llm.gguf is a GGUF file, as llama.cpp and ComfyUI read');
  });

  it('refuses what is neither', async () => {
    await writeFile(path('notes.txt'), 'No picture, but some words.');
    await expectRefusal(info('notes.txt'), 1, 'notes.txt is not a picture that can be read');
    await expectRefusal(info('gone.png'), 1, 'gone.png', 'does not exist');
    await expectRefusal(info('.'), 1, 'not a run folder');
  });

  it('shows no control characters of names', async () => {
    const ending = await info('a\u001b[2Jb\nc.png');
    expect(ending.stderr).toMatch(/^revela: cannot read a\?\[2Jb\?c\.png: [^\n]+\n$/);
  });
});

describe('doctor', () => {
  it('reports versions, memory, weights and devices', async () => {
    const { code, stdout } = await revela(['doctor', '--json']);
    const [report] = jsonLines(stdout);
    expect(report).toMatchObject({
      kind: 'doctor',
      versions: { node: process.version, revela: expect.any(String), onnxruntime: expect.any(String) },
      machine: { cores: expect.any(Number), memory: expect.any(Number) },
      weights: { works: existsSync(shippedDenoiserPath()) },
      devices: [
        { device: 'cpu', works: true, speed: expect.any(Number) },
        { device: 'webgpu' },
        { device: 'cuda' },
      ],
    });
    expect(code).toBe(existsSync(shippedDenoiserPath()) ? 0 : 1);
  });
});
