import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type Picture, readPicture, writePicture } from '#src/images/index.js';
import { draw, temporaryFolder } from './drawing.js';
import { colourProfileOf, field, jpegWith, pngWith } from './metadata-drawing.js';

const { path } = temporaryFolder();

/** A PNG file of one colour, with chunks. */
async function png(colour: readonly number[], ...chunks: Parameters<typeof pngWith>[1][]): Promise<Buffer> {
  const values = Uint8Array.from({ length: 4 * 4 * 3 }, (_, i) => colour[i % 3] ?? 0);
  return pngWith(await draw(4, 4, 3, values).png().toBuffer(), ...chunks);
}

const chunkOf = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(Math.round(value * 100_000), 4 * i);
  return bytes;
};
const gamma = (value: number) => ['gAMA', chunkOf(value)] as const;
const codes = (primaries: number, transfer: number) =>
  ['cICP', Buffer.from([primaries, transfer, 0, 1])] as const;
const adobe = ['cHRM', chunkOf(0.3127, 0.329, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06)] as const;

/** What a colour-managed program shows of the middle of a file, in sRGB. */
async function shown(file: string): Promise<readonly number[]> {
  const { data } = await sharp(file).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray(0, 3)];
}

/** Writes a picture that it reads. */
async function through(file: Buffer, extension: string, changes: Partial<Picture> = {}) {
  const picture = { ...(await readPicture(file)), ...changes };
  const result = path(`result.${extension}`);
  const lost = await writePicture(result, picture, { overwrite: true, quality: 100 });
  return { picture, result, lost, back: await readPicture(result) };
}

describe('a profile', () => {
  const name = Buffer.from('a\0\0', 'latin1');
  const drawn = () => draw(4, 4, 3, new Uint8Array(48));

  it('whose check sum is missing or wrong is taken', async () => {
    const profile = await colourProfileOf('p3');
    const packed = deflateSync(profile);
    for (const data of [packed.subarray(0, -4), Buffer.concat([packed.subarray(0, -4), Buffer.alloc(4)])]) {
      const { metadata } = await readPicture(await png([9, 9, 9], ['iCCP', Buffer.concat([name, data])]));
      expect(Buffer.from(metadata.icc ?? [])).toEqual(profile);
      expect(metadata.lost).toBeUndefined();
    }
  });

  it('that is damaged is told', async () => {
    const profile = await colourProfileOf('p3');
    const cut = profile.subarray(0, 300);
    const icc = Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), cut]);
    const files = [
      await png([9, 9, 9], ['iCCP', Buffer.concat([name, deflateSync(profile).subarray(0, 200)])]),
      await png([9, 9, 9], ['iCCP', Buffer.concat([name, deflateSync(cut)])]),
      jpegWith(await drawn().jpeg().toBuffer(), [0xe2, icc]),
    ];
    for (const file of files) {
      const { metadata } = await readPicture(file);
      expect(metadata.icc).toBeUndefined();
      expect(metadata.lost).toEqual(['the colour profile, which is damaged']);
    }
  });
});

describe('colours that a file describes without a profile', () => {
  it.each(['png', 'jpg', 'webp', 'tif', 'avif'])(
    'become a profile in a .%s file: light itself',
    async (extension) => {
      const { result, lost } = await through(await png([128, 55, 40], gamma(1)), extension);
      expect(lost).toEqual([]);
      const seen = await shown(result);
      // 128, 55 and 40 of 255 as light, in sRGB.
      for (const [i, value] of [188, 128, 110].entries())
        expect(Math.abs((seen[i] ?? 0) - value)).toBeLessThanOrEqual(4);
    },
  );

  it('become a profile: primaries of Adobe RGB', async () => {
    const { result, picture } = await through(await png([100, 200, 100], gamma(1 / 2.2), adobe), 'png');
    expect(picture.metadata.icc).toBeDefined();
    const [red = 0, green = 0] = await shown(result);
    expect(red).toBeLessThan(30); // a green that sRGB has not
    expect(Math.abs(green - 201)).toBeLessThanOrEqual(3);
    const grey = await through(await png([119, 119, 119], gamma(1 / 2.2), adobe), 'png');
    for (const value of await shown(grey.result)) expect(Math.abs(value - 119)).toBeLessThanOrEqual(2);
  });

  it('say nothing where they are those of sRGB', async () => {
    const plain = ['cHRM', chunkOf(0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)] as const;
    expect((await readPicture(await png([9, 9, 9], gamma(0.454_55), plain))).metadata).toEqual({});
    const standard = ['sRGB', Buffer.from([0])] as const;
    expect((await readPicture(await png([9, 9, 9], gamma(1), standard))).metadata).toEqual({});
  });

  it('survive nonsense', async () => {
    for (const chunk of [chunkOf(0, 0, 0, 0, 0, 0, 0, 0), chunkOf(0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3)])
      expect(
        (await readPicture(await png([9, 9, 9], gamma(0), ['cHRM', chunk]))).metadata.icc,
      ).toBeUndefined();
    await readPicture(
      await png([9, 9, 9], ['gAMA', Buffer.alloc(1)], ['cHRM', Buffer.alloc(3)], ['cICP', Buffer.alloc(0)]),
    );
  });

  it('stay codes in PNG and AVIF files, of HDR too', async () => {
    for (const extension of ['png', 'avif']) {
      const { back, lost } = await through(await png([99, 99, 99], codes(9, 16)), extension);
      expect(lost).toEqual([]);
      expect(back.metadata.colours).toMatchObject({ primaries: 9, transfer: 16 });
      const pale = await through(await png([99, 99, 99], codes(12, 13)), extension);
      expect(pale.back.metadata.colours).toMatchObject({ primaries: 12, transfer: 13 });
    }
    const { back, lost } = await through(await png([99, 99, 99], codes(12, 13)), 'jpg');
    expect([lost, back.metadata.icc !== undefined]).toEqual([[], true]);
    for (const extension of ['jpg', 'webp', 'tif'])
      expect((await through(await png([99, 99, 99], codes(9, 16)), extension)).lost.join()).toContain(
        'PQ (HDR)',
      );
  });

  it('change no value of an AVIF file that says them', async () => {
    for (const lossless of [false, true])
      for (const changes of [{}, { bitDepth: 16, sampleBits: 10 }] as const) {
        const picture = { ...(await readPicture(await png([40, 150, 220]))), ...changes };
        await writePicture(path('without.avif'), picture, { overwrite: true, lossless });
        const colours = { primaries: 9, transfer: 18, fullRange: true };
        await writePicture(
          path('with.avif'),
          { ...picture, metadata: { colours } },
          { overwrite: true, lossless },
        );
        expect((await readPicture(path('with.avif'))).data).toEqual(
          (await readPicture(path('without.avif'))).data,
        );
      }
  });

  it('of a TIFF file: primaries and a table of light', async () => {
    const picture = await readPicture(await png([128, 128, 128]));
    const primaries = Buffer.alloc(48);
    for (const [i, value] of [64, 33, 21, 71, 15, 6].entries()) {
      primaries.writeUInt32LE(value, 8 * i);
      primaries.writeUInt32LE(100, 8 * i + 4);
    }
    const table = Buffer.from(Uint16Array.from({ length: 256 }, (_, i) => i * 257).buffer);
    const file = path('described.tif');
    await writePicture(file, {
      ...picture,
      metadata: {
        fields: new Map([
          [0x013f, field(5, primaries, 6)],
          [0x012d, field(3, table, 256)],
        ]),
      },
    });
    const { metadata } = await readPicture(file);
    expect(metadata.icc).toBeDefined();
    await writePicture(path('described.png'), await readPicture(file));
    for (const value of await shown(path('described.png')))
      expect(Math.abs(value - 188)).toBeLessThanOrEqual(3);
  });
});

describe('depth and losslessness', () => {
  it.each([10, 12] as const)('an AVIF file of %i bits gives one', async (sampleBits) => {
    const data = Float32Array.from({ length: 3 * 64 }, (_, i) => i / 191);
    const picture: Picture = {
      width: 8,
      height: 8,
      channels: 3,
      data,
      bitDepth: 16,
      sampleBits,
      format: 'avif',
      metadata: {},
    };
    expect(await writePicture(path(`${sampleBits}.avif`), picture, { lossless: true })).toEqual([]);
    const back = await readPicture(path(`${sampleBits}.avif`));
    expect(back).toMatchObject({ sampleBits, bitDepth: 16 });
    const most = Math.max(...back.data.map((value, i) => Math.abs(value - (data[i] ?? 0))));
    expect(most * (2 ** sampleBits - 1)).toBeLessThan(0.51);
    expect((await sharp(path(`${sampleBits}.avif`)).metadata()).bitsPerSample).toBe(sampleBits);
    expect(await writePicture(path(`${sampleBits}.jpg`), picture)).toEqual([
      `${sampleBits} bits a sample (8 are written)`,
    ]);
  });

  it('a lossless WebP file gives one, unless a quality is asked for', async () => {
    const file = await draw(
      16,
      16,
      3,
      Uint8Array.from({ length: 768 }, (_, i) => (i * 37) % 256),
    )
      .webp({ lossless: true })
      .toBuffer();
    const picture = await readPicture(file);
    await writePicture(path('exact.webp'), picture);
    expect((await readPicture(path('exact.webp'))).data).toEqual(picture.data);
    await writePicture(path('less.webp'), picture, { quality: 60 });
    expect((await readPicture(path('less.webp'))).data).not.toEqual(picture.data);
    await writePicture(path('asked.webp'), { ...picture, lossless: false }, { lossless: true });
    expect((await readPicture(path('asked.webp'))).data).toEqual(picture.data);
    await expect(writePicture(path('asked.jpg'), picture, { lossless: true })).rejects.toThrow(
      'JPEG files lose something',
    );
  });
});
