import sharp from 'sharp';
import { expect, test } from 'vitest';
import { sizeOfFile } from '#src/web/size-of-file.js';

const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#468' } });

const blob = (bytes: Buffer): Blob => new Blob([new Uint8Array(bytes)]);

test('files tell their size before they are decoded', async () => {
  const drawn = picture(70, 50);
  const preview = await picture(9, 9).jpeg().toBuffer();
  const files = {
    png: drawn.png(),
    jpeg: drawn.jpeg(),
    progressive: drawn.jpeg({ progressive: true }),
    'with a comment of 9,000 bytes': drawn.jpeg().withMetadata({
      exif: { IFD0: { ImageDescription: preview.toString('hex').repeat(9).slice(0, 9000) } },
    }),
    webp: drawn.webp(),
    'webp, lossless': drawn.webp({ lossless: true }),
    'webp, extended': drawn.withMetadata().webp(),
    avif: drawn.avif({ effort: 0 }),
  };
  for (const [name, made] of Object.entries(files))
    expect(await sizeOfFile(blob(await made.clone().toBuffer())), name).toEqual({ width: 70, height: 50 });
});

test('what tells no size gives none', async () => {
  const jpeg = await picture(70, 50).jpeg().toBuffer();
  for (const bytes of ['', 'no picture at all, but longer than a header'])
    expect(await sizeOfFile(new Blob([bytes]))).toBeUndefined();
  for (let length = 0; length < jpeg.length; length += 37) {
    const size = await sizeOfFile(blob(jpeg.subarray(0, length)));
    if (size !== undefined) expect(size).toEqual({ width: 70, height: 50 });
  }
});
