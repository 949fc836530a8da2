import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPatchSource, type PatchSourceOptions, readPicture } from '#src/images/index.js';
import { draw, expectRefusal, pictureOf, samples, temporaryFolder } from './drawing.js';

const { path, write } = temporaryFolder();
const settings = { patch: 12, batch: 3, seed: 5 };
let files: string[] = [];

beforeAll(async () => {
  const drawn = [
    draw(40, 30, 3, samples(40 * 30 * 3, 8, 1)),
    draw(20, 50, 3, samples(20 * 50 * 3, 16, 2)),
    draw(8, 9, 1, samples(72, 8, 3)), // smaller than a patch
    draw(30, 30, 4, samples(30 * 30 * 4, 8, 4)),
  ];
  files = await Promise.all(drawn.map(async (image, i) => write(`${i}.png`, await image.png().toBuffer())));
});

async function batches(count: number, options: Partial<PatchSourceOptions> = {}): Promise<Float32Array[]> {
  const source = createPatchSource({ files, ...settings, ...options });
  try {
    const taken: Float32Array[] = [];
    for (let i = 0; i < count; i++) {
      const { step, patches } = await source.next();
      expect(step).toBe((options.startStep ?? 0) + i);
      expect(patches.length).toBe(3 * 3 * 12 * 12);
      taken.push(patches);
    }
    return taken;
  } finally {
    await source.close();
  }
}

describe('createPatchSource', () => {
  it('gives the same batches for the same seed, from any step on', async () => {
    const all = await batches(12);
    expect(await batches(12)).toEqual(all);
    expect(await batches(5, { startStep: 7 })).toEqual(all.slice(7));
    expect(await batches(12, { seed: 6 })).not.toEqual(all);
  });

  it('gives the same batches however little memory it has, and however far ahead it works', async () => {
    const all = await batches(12);
    expect(await batches(12, { memory: 0, ahead: 1 })).toEqual(all);
  });

  it('cuts patches of many channels, all flipped and turned alike, from shared memory too', async () => {
    const [width, height, channels] = [40, 30, 9];
    const samples = new Uint16Array(new SharedArrayBuffer(2 * channels * width * height));
    // Each plane is the first one plus its number: it stays so wherever a patch is cut and however it is turned.
    for (let i = 0; i < samples.length; i++)
      samples[i] = (i % (width * height)) * 7 + Math.floor(i / (width * height));
    const raster = {
      width,
      height,
      channels,
      samples,
      pixelStep: 1,
      channelStep: width * height,
      white: 65_535,
    };
    const source = createPatchSource({ rasters: [raster], ...settings });
    for (let step = 0; step < 4; step++) {
      const { patches } = await source.next();
      expect(patches.length).toBe(3 * channels * 144);
      const numbers = Array.from(patches, (x) => Math.round(x * 65_535));
      for (let i = 0; i < numbers.length; i++) {
        const plane = Math.floor(i / 144) % channels;
        expect(numbers[i]).toBe((numbers[i - 144 * plane] ?? Number.NaN) + plane);
      }
    }
    await source.close();
    expect(() => createPatchSource({ rasters: [raster], files, ...settings })).toThrow(/or from files/);
  });

  it('cuts the same patches from pictures in memory as from their files', async () => {
    const pictures = await Promise.all(files.map((file) => readPicture(file)));
    expect(await batches(6, { files: [], pictures })).toEqual(await batches(6));
  });

  it('draws the pictures in proportion to their area', async () => {
    const flat = (value: number, width: number) =>
      pictureOf(width, 20, { channels: 1, data: new Float32Array(width * 20).fill(value) });
    const source = createPatchSource({
      pictures: [flat(0, 20), flat(1, 60)],
      patch: 1,
      batch: 4000,
      seed: 0,
    });
    const { patches } = await source.next();
    await source.close();
    const share = patches.reduce((sum, value) => sum + value, 0) / patches.length;
    expect(Math.abs(share - 0.75)).toBeLessThan(0.03);
  });

  it('answers requests that are made at once in their order', async () => {
    const source = createPatchSource({ files, ...settings });
    const steps = (await Promise.all(Array.from({ length: 8 }, () => source.next()))).map(
      (batch) => batch.step,
    );
    await source.close();
    expect(steps).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('refuses files that cannot be read, in one line', async () => {
    const whole = await draw(64, 64, 3, samples(64 * 64 * 3, 8))
      .jpeg()
      .toBuffer();
    const short = await write('short.jpg', whole.subarray(0, whole.length - 50));
    const text = await write('text.png', 'no picture');
    for (const [bad, words] of [
      [short, ['short.jpg', 'cut short']],
      [text, ['text.png', 'not a picture']],
      [path('none.png'), ['none.png', 'does not exist']],
    ] as const) {
      const source = createPatchSource({ files: [bad], ...settings });
      await expectRefusal(source.next(), ...words);
      await expectRefusal(source.next(), ...words);
      await source.close();
    }
  });

  it('refuses options out of range', () => {
    expect(() => createPatchSource({ ...settings })).toThrow('no pictures');
    expect(() => createPatchSource({ files, ...settings, patch: 0 })).toThrow('patch size');
    expect(() => createPatchSource({ files, ...settings, batch: 1.5 })).toThrow('batch size');
    expect(() => createPatchSource({ files, ...settings, seed: -1 })).toThrow('seed');
    expect(() => createPatchSource({ files, ...settings, memory: Number.NaN })).toThrow('memory');
  });

  it('ends when it is closed or its signal is given', async () => {
    const closed = createPatchSource({ files, ...settings });
    const pending = closed.next();
    const outcome = expect(pending).rejects.toThrow('closed');
    await closed.close();
    await outcome;
    await closed.close();
    await expect(closed.next()).rejects.toThrow('closed');

    const controller = new AbortController();
    const source = createPatchSource({ files, ...settings, signal: controller.signal });
    await source.next();
    const reason = new Error('stop');
    controller.abort(reason);
    await expect(source.next()).rejects.toBe(reason);
    expect(() => createPatchSource({ files, ...settings, signal: controller.signal })).toThrow(reason);
  });

  it('does not keep the process alive', async () => {
    const program = `
      import { createPatchSource } from ${JSON.stringify(import.meta.resolve('#src/images/index.js'))};
      const source = createPatchSource({ files: [process.argv[1]], patch: 4, batch: 1, seed: 0 });
      console.log((await source.next()).patches.length);
    `;
    const arguments_ = ['--input-type=module', '--eval', program, files[0] ?? ''];
    expect((await promisify(execFile)(process.execPath, arguments_)).stdout).toBe('48\n');
  });

  it('keeps the process alive for whoever waits for its end', async () => {
    const program = `
      import { createPatchSource } from ${JSON.stringify(import.meta.resolve('#src/images/index.js'))};
      const source = createPatchSource({ files: [process.argv[1]], patch: 4, batch: 1, seed: 0 });
      await source.next();
      await new Promise((resolve) => setImmediate(resolve));
      await source.close();
      console.log('closed');
    `;
    const arguments_ = ['--input-type=module', '--eval', program, files[0] ?? ''];
    expect((await promisify(execFile)(process.execPath, arguments_)).stdout).toBe('closed\n');
  });
});
