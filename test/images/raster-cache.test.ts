import { describe, expect, it } from 'vitest';
import type { Raster } from '#src/pixels/raster.js';
import { RasterCache } from '#src/images/raster-cache.js';

function cacheOf(maxBytes: number) {
  const loaded: number[] = [];
  const load = async (index: number): Promise<Raster> => {
    loaded.push(index);
    const samples = new Uint8Array(10 * (index + 1));
    return { width: 1, height: 1, channels: 1, samples, pixelStep: 1, channelStep: 1, white: 255 };
  };
  return { cache: new RasterCache(load, maxBytes), loaded };
}

describe('RasterCache', () => {
  it('loads each picture once while all fit', async () => {
    const { cache, loaded } = cacheOf(60);
    for (const index of [0, 1, 2, 0, 1, 2]) await cache.get(index);
    expect(loaded).toEqual([0, 1, 2]);
    expect(cache.bytes).toBe(60);
  });

  it('lets go of what was not used for longest', async () => {
    const { cache, loaded } = cacheOf(40);
    for (const index of [0, 1, 0, 2]) await cache.get(index); // 2 takes the place of 1
    expect(cache.bytes).toBe(40);
    await cache.get(0);
    expect(loaded).toEqual([0, 1, 2]);
    await cache.get(1);
    expect(loaded).toEqual([0, 1, 2, 1]);
  });

  it('holds one picture that is larger than the bound', async () => {
    const { cache, loaded } = cacheOf(5);
    for (const index of [3, 3, 0]) await cache.get(index);
    expect(loaded).toEqual([3, 0]);
    expect(cache.bytes).toBe(10);
  });
});
