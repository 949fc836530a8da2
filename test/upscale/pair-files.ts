import { beforeAll, expect } from 'vitest';
import { createPairSource, type PairBatch, type PairSourceOptions } from '#src/upscale/index.js';
import { draw, samples, temporaryFolder } from '../images/drawing.js';

export const settings = { kind: 'bicubic', scale: 4, patch: 16, batch: 3, seed: 5 } as const;

/** Pictures to cut pairs from, for the tests of a file; `batches` gives the first ones of such a source. */
export function pairFiles() {
  const folder = temporaryFolder();
  const files: string[] = [];
  beforeAll(async () => {
    const drawn = [
      draw(46, 35, 3, samples(46 * 35 * 3, 8, 1)),
      draw(24, 50, 3, samples(24 * 50 * 3, 16, 2)),
      draw(15, 90, 3, samples(15 * 90 * 3, 8, 3)), // narrower than a patch
      draw(30, 30, 1, samples(30 * 30, 8, 4)),
    ];
    for (const [i, image] of drawn.entries())
      files.push(await folder.write(`${i}.png`, await image.png().toBuffer()));
  });
  async function batches(count: number, options: Partial<PairSourceOptions> = {}): Promise<PairBatch[]> {
    const source = await createPairSource({ files, ...settings, ...options });
    try {
      const taken: PairBatch[] = [];
      for (let i = 0; i < count; i++) {
        const batch = await source.next();
        expect(batch.step).toBe((options.startStep ?? 0) + i);
        taken.push(batch);
      }
      return taken;
    } finally {
      await source.close();
    }
  }
  return { ...folder, files, batches };
}
