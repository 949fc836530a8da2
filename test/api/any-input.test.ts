import { readFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  compare,
  degrade,
  denoise,
  describePicture,
  openMeasure,
  type PictureInput,
  readPicture,
  score,
  upscale,
} from '#src/index.js';
import { draw, expectRefusal, integersOf, samples, temporaryFolder } from '../images/drawing.js';

const { path } = temporaryFolder();
const [width, height] = [96, 64];
const pixels = samples(width * height * 3, 8);
let png: Buffer;

beforeAll(async () => {
  png = await draw(width, height, 3, pixels).png().toBuffer();
  await (await readPicture(png)).toFile(path('a.png'));
});

/** Bytes that are no Buffer, in memory of their own. */
const plain = (): ArrayBuffer => Uint8Array.from(png).buffer;

const inputs: Readonly<Record<string, () => PictureInput | Promise<PictureInput>>> = {
  'a path': () => path('a.png'),
  'an address': () => pathToFileURL(path('a.png')),
  'a Buffer': () => png,
  'an ArrayBuffer': plain,
  'a Blob': () => new Blob([plain()]),
  'the answer of fetch': () => new Response(plain()),
  'a stream of Node': () => createReadStream(path('a.png'), { highWaterMark: 100 }),
  'a stream of the web': () => new Blob([plain()]).stream(),
  'parts by a generator': async function* parts() {
    yield png.subarray(0, 50);
    yield png.subarray(50);
  },
  'a pipe of sharp': () => sharp(png).png(),
  'raw bytes': () => ({ data: pixels, width, height, channels: 3 }),
  'raw bytes, channels left out': () => ({ data: Uint8ClampedArray.from(pixels), width, height }),
  'raw floats': () => ({
    data: Float32Array.from(pixels, (v) => v / 255),
    ...{ width, height, channels: 3 },
  }),
  'raw pixels of sharp': () => sharp(png).raw().toBuffer({ resolveWithObject: true }),
  'raw 16-bit pixels of sharp': () =>
    draw(
      width,
      height,
      3,
      Uint16Array.from(pixels, (v) => 257 * v),
    )
      .raw({ depth: 'ushort' })
      .toBuffer({ resolveWithObject: true }),
  'raw floats of sharp': async () => {
    const { data, info } = await sharp(png).raw({ depth: 'float' }).toBuffer({ resolveWithObject: true });
    return {
      info,
      data: Buffer.from(
        new Float32Array(data.buffer, data.byteOffset, data.length / 4).map((v) => v / 255).buffer,
      ),
    };
  },
  'a file of sharp': () => sharp(png).png().toBuffer({ resolveWithObject: true }),
  'a decoded picture': () => readPicture(png),
};

describe.each(Object.entries(inputs))('%s', (name, give) => {
  it('is a picture like any other, to read and to work on', async () => {
    const read = await readPicture(await give());
    const eight = await read.toRaw({ depth: 8 });
    expect(eight).toEqual({ data: pixels, width, height, channels: 3 });
    const small = await degrade(await give(), { scale: 2 });
    expect([small.width, small.height]).toEqual([48, 32]);
    expect(await compare(await give(), png)).toMatchObject({ psnr: Infinity });
    expect(name).not.toBe('');
  });
});

it('scoring, enlarging and describing take them too, and no file is made on the way', async () => {
  const blob = new Blob([plain()]);
  expect((await score(blob.stream())).value).toBe((await score(path('a.png'))).value);
  const large = await upscale({ data: pixels, width, height, channels: 3 }, { scale: 2 });
  expect([large.width, large.height, large.format]).toEqual([192, 128, 'png']);
  expect(await describePicture(blob)).toMatchObject({ width, height, format: 'png' });
});

describe('what comes out', () => {
  it('is the bytes of a file of any format, with what the picture knows of itself', async () => {
    const image = await readPicture(await sharp(png).withMetadata({ density: 200 }).png().toBuffer());
    for (const format of ['jpeg', 'jpg', 'png', 'webp', 'tiff', 'tif', 'avif'] as const) {
      const bytes = await image.toBuffer(format);
      const facts = await describePicture(bytes);
      expect(facts).toMatchObject({
        width,
        height,
        format: { jpg: 'jpeg', tif: 'tiff' }[String(format)] ?? format,
      });
    }
    expect((await readPicture(await image.toBuffer())).metadata.density?.x).toBeCloseTo(200, 2);
    const [good, bad] = [
      await image.toBuffer('webp', { quality: 95 }),
      await image.toBuffer('webp', { quality: 5 }),
    ];
    expect(bad.length).toBeLessThan(good.length);
    expect(integersOf(await readPicture(await image.toBuffer('webp', { lossless: true })))).toEqual([
      ...pixels,
    ]);
  });

  it('is raw pixels of each depth, with opacity last, as sharp takes them', async () => {
    const values = samples(12 * 4, 16);
    const image = await readPicture({ data: values, width: 4, height: 3, channels: 4 });
    expect(image.bitDepth).toBe(16);
    expect(await image.toRaw()).toEqual({ data: values, width: 4, height: 3, channels: 4 });
    const { data } = await image.toRaw({ depth: 'float' });
    expect(data).toEqual(Float32Array.from(values, (value) => value / 65_535));
    const grey = await readPicture({ data: samples(24, 8), width: 4, height: 3 });
    const raw = await grey.toRaw();
    expect(raw).toEqual({ data: samples(24, 8), width: 4, height: 3, channels: 2 });
    const again = await draw(4, 3, 2, samples(24, 8)).png().toBuffer();
    expect((await readPicture(again)).alpha).toEqual(grey.alpha);
  });

  it('goes to a file by path or address, and replaces none unasked', async () => {
    const image = await readPicture(png);
    await image.toFile(pathToFileURL(path('sub/b.webp')), { lossless: true });
    expect(await readFile(path('sub/b.webp'))).toEqual(await image.toBuffer('webp', { lossless: true }));
    await expectRefusal(image.toFile(path('sub/b.webp')), 'exists already');
  });
});

async function* failing(): AsyncGenerator<Uint8Array> {
  yield png.subarray(0, 9);
  throw new Error('the line is dead');
}

async function readBefore(): Promise<Response> {
  const answer = new Response(plain());
  await answer.arrayBuffer();
  return answer;
}

describe('what is no picture', () => {
  const give = async (input: unknown): Promise<unknown> => readPicture(JSON.parse('[]').concat([input])[0]);

  it.each([
    ['an address of the web', new URL('https://example.org/a.png'), 'fetch it first'],
    ['a stream of texts', Readable.from(['abc']), 'must give bytes'],
    [
      'half a raw picture',
      { data: new Uint8Array(5), width: 2, height: 1 },
      'data of raw pixels has 5 samples',
    ],
    ['too few samples', { data: new Uint8Array(5), width: 2, height: 1, channels: 3 }, 'must have 6 samples'],
    ['a raw list', { data: [1, 2, 3], width: 1, height: 1 }, 'data of raw pixels must be'],
    ['no width', { data: new Uint8Array(3), height: 1 }, 'width of raw pixels must be'],
    ['five channels', { data: new Uint8Array(5), width: 1, height: 1, channels: 5 }, 'must be 1, 2, 3 or 4'],
    ['a number', 5, 'it is 5'],
    [
      'floats that are none',
      { data: new Float32Array(3).fill(NaN), width: 1, height: 1 },
      'must be a finite number',
    ],
  ])('%s is refused by one line', async (_, input, words) => {
    await expectRefusal(give(input), words);
  });

  it('a stream that never ends is left when the signal is given, and closed', async () => {
    const stream = new Readable({ read() {} });
    const stop = new AbortController();
    const work = degrade(stream, { signal: stop.signal });
    stop.abort(new Error('the caller went away'));
    await expect(work).rejects.toThrow('the caller went away');
    expect(stream.destroyed).toBe(true);
  });

  it.each([
    [
      'a stream of a file that is not there',
      () => createReadStream('missing.png'),
      'it does not exist',
      'ERR_FILE_MISSING',
    ],
    ['a stream that fails', () => Readable.from(failing()), 'the line is dead', 'ERR_FILE'],
    ['an answer that was read before', readBefore, 'cannot read the picture', 'ERR_FILE'],
  ])('%s is refused by one line, by all that take pictures', async (_, give, words, code) => {
    const refused = expect.objectContaining({
      name: 'RevelaError',
      message: expect.stringContaining(words),
      code,
    });
    // Nobody else listens to the streams: what they fail with while models are read would end the process.
    for (const take of [readPicture, score, upscale, denoise, degrade])
      await expect(take(await give())).rejects.toEqual(refused);
    await expect(compare(png, await give())).rejects.toEqual(refused);
    await using measure = await openMeasure('revela', { device: 'cpu', threads: 1 });
    const seen: unknown[] = [];
    for await (const { error } of measure.images([await give(), png])) seen.push(error?.code);
    expect(seen).toEqual([code, undefined]);
    const calls = [png, png, await give(), png].map((input) => measure.score(input));
    expect((await Promise.allSettled(calls)).map(({ status }) => status === 'fulfilled')).toEqual([
      ...[true, true, false, true],
    ]);
  });

  it('a blob that never comes is left when the signal is given', async () => {
    const stop = new AbortController();
    const blob = { arrayBuffer: () => new Promise<ArrayBuffer>(() => undefined) };
    const work = denoise(blob, { signal: stop.signal });
    stop.abort(new Error('the caller went away'));
    await expect(work).rejects.toThrow('the caller went away');
  });

  it("sharp's floats from 0 to 255 are told from those in [0, 1]", async () => {
    await expectRefusal(
      readPicture(await sharp(png).raw({ depth: 'float' }).toBuffer({ resolveWithObject: true })),
      'must lie in [0, 1]',
    );
  });

  it('formats, depths and options that there are not are refused by name', async () => {
    const image = await readPicture(png);
    const gif: unknown = 'gif';
    await expectRefusal(image.toBuffer(JSON.parse(JSON.stringify(gif))), '`format` must be one of jpeg, png');
    await expectRefusal(
      image.toFile(path('c.gif'), JSON.parse('{"format":"gif"}')),
      '`format` must be one of',
    );
    expect(await image.toFile(path('short'), { format: 'jpg' })).toEqual([]);
    expect(await describePicture(path('short'))).toMatchObject({ format: 'jpeg' });
    await expect(image.toBuffer('webp', { quality: 0 })).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    await expectRefusal(image.toRaw(JSON.parse('{"depth":12}')), '`depth` must be 8, 16');
    await expectRefusal(image.toBuffer('png', JSON.parse('{"qualty":12}')), 'no option "qualty"');
    await expectRefusal(
      image.toBuffer('jpeg', { quality: 101 }),
      '`quality` must be a whole number from 1 to 100, got 101',
    );
  });
});
