import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { captureTime, describePicture, likeness, readCapture } from '#src/images/index.js';
import { scene, takenAt } from '../scenes.js';
import { temporaryFolder } from './drawing.js';

const { path } = temporaryFolder();

describe('the time of a picture', () => {
  const taken = '2026:05:01 12:00:00';

  it('counts from 1970, to the fraction of a second, in UTC where the offset is known', () => {
    const local = captureTime({ taken, subSeconds: '25' });
    expect(local).toEqual({
      milliseconds: Date.UTC(2026, 4, 1, 12) + 250,
      inUtc: false,
      text: '2026-05-01T12:00:00.250',
    });
    const zoned = captureTime({ taken, subSeconds: '007', utcOffset: '-03:30' });
    expect(zoned).toEqual({
      milliseconds: Date.UTC(2026, 4, 1, 15, 30) + 7,
      inUtc: true,
      text: '2026-05-01T12:00:00.007-03:30',
    });
    // What is no fraction and no offset is passed over.
    expect(captureTime({ taken, subSeconds: ' ', utcOffset: '   :  ' })?.text).toBe(
      '2026-05-01T12:00:00.000',
    );
  });

  it.each([
    '',
    '    :  :     :  :  ',
    '0000:00:00 00:00:00',
    '2026:02:30 12:00:00',
    '2026:05:01 24:00:00',
    'May',
  ])('is none where the camera had none: %j', (blank) => {
    expect(captureTime({ taken: blank })).toBeUndefined();
  });

  it('is read from the file', async () => {
    const exif = takenAt(taken, { fraction: '5', offset: '+02:00' });
    const file = await (await scene(1)).withExif(exif).jpeg().toBuffer();
    expect((await describePicture(file)).camera).toMatchObject({
      ...{ taken, subSeconds: '5', utcOffset: '+02:00' },
    });
    await writeFile(path('a.jpg'), file);
    expect(await readCapture(path('a.jpg'))).toMatchObject({
      time: { text: '2026-05-01T12:00:00.500+02:00' },
      camera: 'Testwerke T1',
    });
  });
});

describe('likeness', () => {
  const glanceOf = async (name: string, file: Buffer) => {
    await writeFile(path(name), file);
    return (await readCapture(path(name))).glance;
  };

  it('is that of the scene, whatever the exposure, the kind of file and how it lies', async () => {
    const plain = await glanceOf('plain.png', await (await scene(1)).png().toBuffer());
    const others = {
      'dark.jpg': await (await scene(1)).linear(0.6, 0).jpeg().toBuffer(),
      'deep.tif': await (await scene(1)).toColourspace('rgb16').tiff().toBuffer(),
      'clear.png': await (await scene(1)).ensureAlpha(0.5).png().toBuffer(),
      'grey.png': await (await scene(1)).greyscale().png().toBuffer(),
      // Stored on its side, and turned upright by its EXIF.
      'turned.jpg': await (await scene(1)).rotate(270).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    };
    for (const [name, file] of Object.entries(others))
      expect([name, likeness(plain, await glanceOf(name, file))]).toEqual([name, expect.closeTo(1, 1)]);
    const aside = await glanceOf('aside.png', await (await scene(1)).rotate(270).png().toBuffer());
    expect(likeness(plain, aside)).toBeLessThan(0.8);
    const other = await glanceOf('other.png', await (await scene(2)).png().toBuffer());
    expect(likeness(plain, other)).toBeLessThan(0.8);
  });

  it('follows hands that move, and finds nothing like a flat picture', async () => {
    const wide = await (await scene(1, { width: 288, height: 208 })).png().toBuffer();
    const part = async (left: number) =>
      sharp(wide).extract({ left, top: 0, width: 256, height: 208 }).png().toBuffer();
    const [first, moved] = [await glanceOf('1.png', await part(0)), await glanceOf('2.png', await part(32))];
    expect(likeness(first, moved)).toBeGreaterThan(0.95);
    expect(likeness(moved, first)).toBeGreaterThan(0.95);
    expect(likeness(first, new Uint8Array(256).fill(7))).toBe(0);
  });
});
