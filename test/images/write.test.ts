import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { codeOf } from '#src/errors.js';
import { checkOutput, checkTarget, readPicture, writePicture } from '#src/images/index.js';
import {
  type Bands,
  draw,
  expectRefusal,
  integersOf,
  pictureOf,
  samples,
  temporaryFolder,
} from './drawing.js';

const { path, write } = temporaryFolder();

describe('writePicture', () => {
  const exact = (['png', 'tif'] as const).flatMap((extension) =>
    ([8, 16] as const).flatMap((depth) =>
      ([1, 2, 3, 4] as const).map((bands) => ({ extension, depth, bands })),
    ),
  );

  it.each(exact)(
    'writes .$extension of $depth bits and $bands bands exactly',
    async ({ extension, depth, bands }) => {
      const picture = await readPicture(
        await draw(11, 5, bands, samples(55 * bands, depth))
          .png()
          .toBuffer(),
      );
      const file = path(`exact-${depth}-${bands}.${extension}`);
      await writePicture(file, picture);
      const back = await readPicture(file);
      expect({ ...back, metadata: {}, format: '' }).toEqual({ ...picture, metadata: {}, format: '' });
    },
  );

  it.each(['jpg', 'webp', 'avif'])('writes .%s close to the picture', async (extension) => {
    const values = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => 60 + ((i / 3) % 64) + (i % 3) * 40);
    const picture = await readPicture(await draw(64, 64, 3, values).png().toBuffer());
    await writePicture(path(`smooth.${extension}`), picture);
    const back = integersOf(await readPicture(path(`smooth.${extension}`)));
    expect(Math.max(...back.map((value, i) => Math.abs(value - (values[i] ?? 0))))).toBeLessThanOrEqual(8);
  });

  it('writes JPEG with full colour resolution and a quality of choice', async () => {
    const picture = pictureOf(64, 64);
    await writePicture(path('fine.jpg'), picture);
    await writePicture(path('coarse.jpg'), picture, { quality: 40 });
    expect((await sharp(path('fine.jpg')).metadata()).chromaSubsampling).toBe('4:4:4');
    expect((await readFile(path('coarse.jpg'))).length).toBeLessThan(
      (await readFile(path('fine.jpg'))).length / 2,
    );
    await expectRefusal(writePicture(path('bad.jpg'), picture, { quality: 101 }), 'quality', '101');
  });

  it('keeps a grey picture grey in a JPEG and 16 bits as the nearest 8', async () => {
    const picture = pictureOf(16, 16, { channels: 1, bitDepth: 16, data: new Float32Array(256).fill(0.25) });
    await writePicture(path('grey.jpg'), picture);
    const back = await readPicture(path('grey.jpg'));
    expect([back.channels, back.bitDepth, ...new Set(integersOf(back))]).toEqual([1, 8, 64]);
  });

  it('rounds half to even and clamps', async () => {
    const data = Float32Array.of(-2, 0.5 / 255, 1.5 / 255, 2.5 / 255, 3.49 / 255, 1.0001, 7, -1e-9);
    // 0.5/255 … are not exact in float32; these are the halves as the writer sees them.
    const expected = [...data].map((value) => {
      const scaled = Math.min(255, Math.max(0, value * 255));
      const floor = Math.floor(scaled);
      const half = scaled - floor === 0.5;
      return half ? floor + (floor % 2) : Math.round(scaled);
    });
    await writePicture(path('rounded.png'), pictureOf(8, 1, { channels: 1, data }));
    expect(integersOf(await readPicture(path('rounded.png')))).toEqual(expected);
    // 127.5, exactly: to the even neighbour.
    await writePicture(path('half.png'), pictureOf(1, 1, { channels: 1, data: Float32Array.of(0.5) }));
    expect(integersOf(await readPicture(path('half.png')))).toEqual([128]);
  });

  it('writes alpha exactly where the file can hold it', async () => {
    const alpha = Uint8Array.from({ length: 32 * 32 }, (_, i) => (i * 37) % 256);
    const picture = pictureOf(32, 32, { alpha });
    for (const extension of ['png', 'webp', 'tif', 'avif']) {
      await writePicture(path(`alpha.${extension}`), picture);
      expect((await readPicture(path(`alpha.${extension}`))).alpha, extension).toEqual(alpha);
    }
    await expectRefusal(writePicture(path('alpha.jpg'), picture), 'alpha.jpg', 'transparency', '.png');
    await expect(writePicture(path('alpha.jpg'), picture)).rejects.toMatchObject({
      ...{ code: 'ERR_FORMAT', option: 'format', received: 'jpeg' },
      expected: 'a format with transparency: png, webp, tiff, avif',
    });
  });

  it('writes a new file once, whoever else wants its name at the same time', async () => {
    const picture = pictureOf(8, 8);
    const written = Array.from({ length: 4 }, () => writePicture(path('contended.png'), picture));
    const outcomes = await Promise.allSettled(written);
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(failures.map((error) => codeOf(error))).toEqual(Array(3).fill('ERR_FILE_EXISTS'));
  });

  it('brings 16-bit alpha to 8 bits where the file has no more', async () => {
    const alpha = Uint16Array.of(0, 257, 128 * 257 + 100, 65_535);
    await writePicture(path('alpha16.webp'), pictureOf(4, 1, { alpha, bitDepth: 16 }));
    expect((await readPicture(path('alpha16.webp'))).alpha).toEqual(Uint8Array.of(0, 1, 128, 255));
  });

  it('refuses values that are not numbers', async () => {
    const data = new Float32Array(12).fill(0.5);
    data[7] = Number.NaN;
    await expectRefusal(
      writePicture(path('nan.png'), pictureOf(2, 2, { data })),
      'must be a finite number',
      'x 1, y 1',
    );
  });

  it('refuses sides that the format cannot hold', async () => {
    const data = new Float32Array(17_000);
    const wide = pictureOf(17_000, 1, { channels: 1, data });
    await expectRefusal(writePicture(path('wide.webp'), wide), 'wide.webp', '17000×1', 'WebP', '.png');
    await writePicture(path('wide.png'), wide);
  });

  it('takes the format from the option before the extension', async () => {
    await writePicture(path('odd.name'), pictureOf(3, 3), { format: 'tiff' });
    expect((await readPicture(path('odd.name'))).format).toBe('tiff');
  });

  it('refuses an unknown extension', async () => {
    await expectRefusal(writePicture(path('picture.bmp'), pictureOf(2, 2)), '.bmp', '.png');
    await expectRefusal(checkOutput(path('picture')), 'no extension');
  });

  it('replaces a file only when asked to', async () => {
    const file = await write('taken.png', 'precious');
    await expectRefusal(writePicture(file, pictureOf(2, 2)), 'taken.png exists already', 'overwrite');
    expect(await readFile(file, 'utf8')).toBe('precious');
    await writePicture(file, pictureOf(2, 2), { overwrite: true });
    expect((await readPicture(file)).width).toBe(2);
    await mkdir(path('taken-folder.png'));
    await expectRefusal(
      writePicture(path('taken-folder.png'), pictureOf(2, 2), { overwrite: true }),
      'is a folder',
    );
  });

  it.runIf(existsSync('/dev/null'))('does not put a file in the place of a device', async () => {
    await expectRefusal(checkTarget('/dev/null', { overwrite: true }), '/dev/null', 'no ordinary file');
  });

  it('creates the folder, and refuses one that cannot be', async () => {
    await writePicture(path('new/deep/a.png'), pictureOf(2, 2));
    expect((await readPicture(path('new/deep/a.png'))).width).toBe(2);
    await write('a-file', 'x');
    await expectRefusal(writePicture(path('a-file/b.png'), pictureOf(2, 2)), 'b.png', 'is a file');
  });

  it.skipIf(process.platform !== 'linux')('refuses a folder that cannot be written', async () => {
    await mkdir(path('locked'));
    await chmod(path('locked'), 0o555);
    // Permissions do not bind the superuser, but the kernel's own folders do.
    const locked = process.getuid?.() === 0 ? '/sys/kernel' : path('locked');
    await expectRefusal(writePicture(join(locked, 'a.png'), pictureOf(2, 2)), 'a.png', 'cannot write');
  });

  it.skipIf(process.platform === 'win32')('leaves nothing behind when the disk takes no more', async () => {
    const folder = path('full');
    await mkdir(folder);
    const program = `
      import { writePicture } from ${JSON.stringify(import.meta.resolve('#src/images/index.js'))};
      const side = 200;
      const data = Float32Array.from({ length: 3 * side * side }, Math.random);
      const picture = { width: side, height: side, channels: 3, data, bitDepth: 8, format: 'png', metadata: {} };
      await writePicture(process.argv[1], picture).catch((error) => console.log(error.name + ': ' + error.message));
    `;
    // A limit on the size of files fails a write half-way, as a full disk does.
    const shell = 'ulimit -f 8; exec "$0" --input-type=module --eval "$1" "$2"';
    const { stdout } = await promisify(execFile)('sh', [
      '-c',
      shell,
      process.execPath,
      program,
      join(folder, 'a.png'),
    ]);
    expect(stdout).toMatch(/^RevelaError: cannot write .*a\.png: the file would be larger[^\n]*\n$/);
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves no other file beside the picture', async () => {
    await mkdir(path('clean'));
    for (const bands of [1, 3] as const satisfies readonly Bands[]) {
      await writePicture(path(`clean/${bands}.png`), pictureOf(4, 4, { channels: bands }));
    }
    await writePicture(
      path('clean/nan.png'),
      pictureOf(1, 1, { data: Float32Array.of(1, Number.NaN, 1) }),
    ).catch(() => {});
    expect((await readdir(path('clean'))).sort()).toEqual(['1.png', '3.png']);
  });
});
