import { describe, expect, it } from 'vitest';
import { OptionError } from '#src/errors.js';
import { RevelaImage } from '#src/images/index.js';
import { degrade } from '#src/api/index.js';
import { degradeBicubic } from '#src/upscale/index.js';
import { expectRefusal, pictureOf } from '../images/drawing.js';

describe('degrade', () => {
  it('makes a quarter by bicubic unless told otherwise, rounded to the depth of the picture', async () => {
    const picture = pictureOf(40, 32);
    const small = await degrade(picture);
    expect(small).toMatchObject({ width: 10, height: 8, channels: 3, bitDepth: 8, format: 'png' });
    expect(small.data).toEqual(degradeBicubic(picture, 4).data);
    const deep = await degrade(pictureOf(40, 32, { bitDepth: 16 }), { scale: 2 });
    expect(deep).toMatchObject({ width: 20, height: 16, bitDepth: 16 });
    expect(deep.data.some((value) => Math.abs(value * 255 - Math.round(value * 255)) > 0.1)).toBe(true);
  });

  it('takes files and their bytes alike', async () => {
    const picture = pictureOf(24, 24);
    const bytes = await new RevelaImage(picture).toBuffer('png');
    expect((await degrade(bytes)).data).toEqual((await degrade(picture)).data);
    await expectRefusal(degrade('gone.png'), 'gone.png', 'does not exist');
  });

  it('cuts the right and the bottom to a multiple of the scale', async () => {
    const picture = pictureOf(43, 33);
    const small = await degrade(picture);
    expect([small.width, small.height]).toEqual([10, 8]);
    const cut = Float32Array.from({ length: 3 * 40 * 32 }, (_, i) => {
      const [x, line] = [i % 40, Math.floor(i / 40)];
      return picture.data[(Math.floor(line / 32) * 33 + (line % 32)) * 43 + x] ?? Number.NaN;
    });
    expect(small.data).toEqual(degradeBicubic({ channels: 3, width: 40, height: 32, data: cut }, 4).data);
  });

  it('as the real world does it: by seed and number, in 8 bits, grey too', async () => {
    const picture = pictureOf(48, 40, { bitDepth: 16 });
    const run = (seed: number, index = 0) => degrade(picture, { kind: 'real-world', seed, index });
    const first = await run(3);
    expect(first).toMatchObject({ width: 12, height: 10, bitDepth: 8 });
    expect((await run(3)).data).toEqual(first.data);
    expect((await run(4)).data).not.toEqual(first.data);
    expect((await run(3, 1)).data).not.toEqual(first.data);
    expect((await degrade(picture, { kind: 'real-world', seed: 3, sharpen: true })).data).not.toEqual(
      first.data,
    );
    const grey = await degrade(pictureOf(16, 16, { channels: 1 }), { kind: 'real-world' });
    expect(grey).toMatchObject({ width: 4, height: 4, channels: 1 });
    expect(grey.data).toHaveLength(16);
  });

  it('makes alpha smaller too, at its own depth, and keeps what is said about the picture', async () => {
    const alpha = Uint16Array.from({ length: 16 * 8 }, (_, i) => (i % 16 < 8 ? 0 : 65_535));
    const metadata = { icc: Uint8Array.of(1, 2, 3), density: { x: 240, y: 240 } };
    for (const kind of ['bicubic', 'real-world'] as const) {
      const small = await degrade(pictureOf(16, 8, { alpha, metadata }), { kind, scale: 2 });
      expect(small.alpha).toBeInstanceOf(Uint16Array);
      expect(small.alpha).toHaveLength(8 * 4);
      expect([small.alpha?.[0], small.alpha?.[7]]).toEqual([0, 65_535]);
      expect(small.metadata).toEqual(metadata);
    }
    const solid = new Uint8Array(16 * 8).fill(200);
    expect((await degrade(pictureOf(16, 8, { alpha: solid }))).alpha).toEqual(new Uint8Array(8).fill(200));
  });

  it('refuses pictures that are too small or too large, and wrong options', async () => {
    await expectRefusal(degrade(pictureOf(40, 3)), 'the picture has 40×3 pixels', '4 times smaller');
    await expectRefusal(degrade(pictureOf(44_000, 4), { kind: 'real-world' }), '44000×4', 'too many a side');
    for (const [options, words] of [
      [{ scale: 9 }, 'scale'],
      [{ scale: 2.5 }, 'scale'],
      [{ seed: -1 }, 'seed'],
      [{ index: -1 }, 'index'],
    ] as const) {
      await expect(degrade(pictureOf(16, 16), options)).rejects.toThrow(OptionError);
      await expectRefusal(degrade(pictureOf(16, 16), options), words);
    }
  });

  it('stops when its signal is given', async () => {
    const controller = new AbortController();
    const reason = new Error('stop');
    const running = degrade(pictureOf(900, 700), { kind: 'real-world', signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    await expect(running).rejects.toBe(reason);
  });
});
