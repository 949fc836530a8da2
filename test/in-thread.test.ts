import type { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { RevelaError } from '#src/errors.js';
import { inThread, muchInThread, sharedFloats } from '#src/in-thread.js';
import { bicubicResize } from '#src/pixels/index.js';
import { psnr } from '#src/quality/index.js';

const pixels = new URL(import.meta.resolve('#src/pixels/index.js'));
const quality = new URL(import.meta.resolve('#src/quality/index.js'));
const size = (width: number, height: number) => ({ channels: 1, width, height });

/** When a thread breaks, whichever it is. */
const firstBroken = new Promise<void>((resolve) => {
  process.on('worker', (worker: Worker) => worker.once('error', () => resolve()));
});

describe('a function in another thread', () => {
  test('gives the same, for several callers at once', async () => {
    const aside = inThread(pixels, bicubicResize);
    const pictures = Array.from({ length: 8 }, (_, k) =>
      Float32Array.from({ length: 64 }, (_, i) => Math.sin(i + k)),
    );
    const results = await Promise.all(pictures.map((data) => aside(data, size(8, 8), size(5, 3))));
    for (const [k, result] of results.entries())
      expect(result).toEqual(bicubicResize(pictures[k] ?? new Float32Array(), size(8, 8), size(5, 3)));
  });

  test('survives a thread that ends of what it did before, and does not ask it again', async () => {
    const program = 'export const breakLater = () => { setTimeout(() => { throw new Error("later"); }); };';
    const module = new URL(`data:text/javascript,${encodeURIComponent(program)}`);
    const breakLater = (): void => {};
    // Thrown while nobody waits, this would end the process.
    await inThread(module, breakLater)();
    await firstBroken;
    const aside = inThread(pixels, bicubicResize);
    expect(await aside(Float32Array.of(1), size(1, 1), size(1, 1))).toEqual(Float32Array.of(1));
  });

  test('throws what the user can mend as such, and anything else as an error', async () => {
    const compared = inThread(quality, psnr);
    const [small, large] = [2, 3].map((side) => ({
      ...size(side, side),
      channels: 1 as const,
      data: new Float32Array(side ** 2),
    }));
    if (small === undefined || large === undefined) throw new Error('no pictures');
    const wrong = await compared(small, large).catch((error: unknown) => error);
    expect(wrong).toBeInstanceOf(RevelaError);
    const broken = await inThread(pixels, bicubicResize)(new Float32Array(3), size(2, 2), size(1, 1)).catch(
      (error: unknown) => error,
    );
    expect(broken).toBeInstanceOf(Error);
    expect(broken).not.toBeInstanceOf(RevelaError);
    function notExported(): void {}
    await expect(inThread(pixels, notExported)()).rejects.toThrow('exports no function notExported');
  });

  test('works on shared memory where it lies', async () => {
    const data = sharedFloats(9);
    data.set([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const same = await inThread(pixels, bicubicResize)(data, size(3, 3), size(3, 3));
    expect(Array.from(same)).toEqual(Array.from(data));
    expect(data.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test('little is done at once, and much there', async () => {
    const asked: number[] = [];
    const resize = muchInThread(pixels, bicubicResize, (data) => {
      asked.push(data.length);
      return data.length;
    });
    const little = new Float32Array(16).fill(0.5);
    expect(await resize(little, size(4, 4), size(2, 2))).toEqual(new Float32Array(4).fill(0.5));
    const much = new Float32Array(2 ** 20).fill(0.25);
    const result = await resize(much, size(1024, 1024), size(512, 512));
    expect(result.every((x) => Math.abs(x - 0.25) < 1e-6)).toBe(true);
    expect(asked).toEqual([16, 2 ** 20]);
  });
});
