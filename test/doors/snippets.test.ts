import { expect, expectTypeOf, it } from 'vitest';
import {
  codeOf,
  compare,
  denoise,
  type ErrorCode,
  openDenoiser,
  openMeasure,
  type PictureInput,
  RevelaError,
  type RevelaImage,
  upscale,
} from 'revela';
import { psnr } from 'revela/quality';
import { draw, samples, temporaryFolder } from '../images/drawing.js';

// What an engineer types first, as it was guessed before the documentation was read.
const { path, write } = temporaryFolder();
const png = () =>
  draw(64, 48, 3, samples(64 * 48 * 3, 8))
    .png()
    .toBuffer();

it('serve it', async () => {
  const request = new Request('http://localhost/', { method: 'POST', body: Uint8Array.from(await png()) });
  const out = await upscale(new Uint8Array(await request.arrayBuffer()), { scale: 2 });
  const answer = new Response(await out.toBuffer('webp'));
  expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(100);
});

it('a known model', async () => {
  const error = await upscale(await png(), { weights: 'RealESRGAN_x4plus' }).catch(
    (reason: unknown) => reason,
  );
  // In the store of whoever has pulled it, it is used; elsewhere the answer is how to get it.
  if (error instanceof Error) {
    expect(codeOf(error)).toBe('ERR_MODEL_MISSING');
    expect(error.message).toContain("`pullModel('RealESRGAN_x4plus')`");
  }
});

it('a folder', async () => {
  const files = [await write('a.png', await png()), path('missing.png'), await write('b.png', await png())];
  await using denoiser = await openDenoiser({ adapt: false });
  const told: string[] = [];
  for await (const { input, image, error } of denoiser.images(files))
    told.push(`${input === files[1]} ${error === undefined ? image.width : error.code}`);
  expect(told).toEqual(['false 64', 'true ERR_FILE_MISSING', 'false 64']);
});

it('cancel, and tell why', async () => {
  const stopped = await denoise(await png(), { signal: AbortSignal.timeout(0) }).catch((e: unknown) => e);
  expect(stopped).toMatchObject({ name: 'TimeoutError' });
  const error = await denoise(Buffer.from('no picture')).catch((e: unknown) => e);
  expect(error instanceof RevelaError && error.code === 'ERR_NOT_AN_IMAGE').toBe(true);
});

it('measure', async () => {
  const picture = { width: 2, height: 2, channels: 3, data: new Float32Array(12) } as const;
  expect(psnr(picture, picture)).toBe(Number.POSITIVE_INFINITY);
  const file = await write('c.png', await png());
  expect(await compare(file, file, { metrics: ['PSNR'] })).toEqual({ psnr: Number.POSITIVE_INFINITY });
});

it('types say what there is', () => {
  expectTypeOf(upscale).returns.resolves.toEqualTypeOf<RevelaImage>();
  expectTypeOf<Blob>().toExtend<PictureInput>();
  expectTypeOf<File>().toExtend<PictureInput>();
  expectTypeOf<URL>().toExtend<PictureInput>();
  expectTypeOf<Response>().toExtend<PictureInput>();
  expectTypeOf<ReadableStream<Uint8Array>>().toExtend<PictureInput>();
  expectTypeOf<NodeJS.ReadableStream>().not.toExtend<number>();
  expectTypeOf<RevelaError['code']>().toEqualTypeOf<ErrorCode>();
  expectTypeOf<'ERR_CANCELLED'>().toExtend<ErrorCode>();
  expectTypeOf<'ERR_NO_SUCH_CODE'>().not.toExtend<ErrorCode>();
  expectTypeOf<Parameters<typeof openMeasure>[0]>().not.toEqualTypeOf<string>();
  // @ts-expect-error there is no such measure
  void ((): unknown => openMeasure('musiq'));
  // @ts-expect-error there is no such option
  void ((): unknown => upscale('a.png', { scales: 2 }));
});
