import { describe, expect, it } from 'vitest';
import { createPairSource, type PairSourceOptions } from '#src/upscale/index.js';
import { draw, expectRefusal, samples } from '../images/drawing.js';
import { pairFiles, settings } from './pair-files.js';

const { batches, files, path, write } = pairFiles();

describe('the pictures', () => {
  it('that are smaller than a patch are left out and counted', async () => {
    const source = await createPairSource({ files, ...settings });
    expect(source).toMatchObject({ pictures: 3, skipped: 1 });
    await source.close();
    const none = createPairSource({ files, ...settings, patch: 64 });
    await expectRefusal(none, 'all 4 pictures are smaller than a patch of 64×64', 'patch');
    await expectRefusal(
      createPairSource({ files: files.slice(0, 1), ...settings, patch: 64 }),
      'the picture is smaller',
    );
    await expectRefusal(createPairSource(settings), 'no pictures');
  });

  it('that cannot be read are refused in one line', async () => {
    const whole = await draw(64, 64, 3, samples(64 * 64 * 3, 8))
      .jpeg()
      .toBuffer();
    const short = await write('short.jpg', whole.subarray(0, whole.length - 50));
    await expectRefusal(
      createPairSource({ ...settings, files: [path('gone.png')] }),
      'gone.png',
      'does not exist',
    );
    const source = await createPairSource({ ...settings, files: [short], threads: 2 });
    await expectRefusal(source.next(), 'short.jpg', 'cut short');
    await expectRefusal(source.next(), 'short.jpg', 'cut short');
    await source.close();
  });
});

describe('options', () => {
  it.each<[Partial<PairSourceOptions>, string]>([
    [{ scale: 1 }, 'the scale must be a whole number of at least 2'],
    [{ patch: 18 }, 'a multiple of the scale 4, not 18'],
    [{ patch: 0 }, 'the patch size'],
    [{ batch: 1.5 }, 'the batch size'],
    [{ seed: -1 }, 'the seed'],
    [{ threads: 0 }, 'the number of threads'],
    [{ kind: 'real-world', patchesPerSquare: 0 }, 'the number of patches a square'],
    [{ kind: 'real-world', patchesPerSquare: 17 }, 'at most 16 for the real-world kind, not 17'],
    [{ patchesPerSquare: 2 }, 'at most 1 for the bicubic kind, not 2'],
    [{ crop: 12 }, 'at least the patch of 16 pixels, not 12'],
    [{ memory: Number.NaN }, 'memory'],
  ])('%j is refused', (options, words) =>
    expectRefusal(createPairSource({ files, ...settings, ...options }), words),
  );
});

describe('the source', () => {
  it('ends when it is closed or its signal is given', async () => {
    const closed = await createPairSource({ files, ...settings, threads: 2 });
    const pending = closed.next();
    const outcome = expect(pending).rejects.toThrow('closed');
    await closed.close();
    await outcome;
    await closed.close();
    await expect(closed.next()).rejects.toThrow('closed');

    const controller = new AbortController();
    const source = await createPairSource({ files, ...settings, threads: 2, signal: controller.signal });
    await source.next();
    const reason = new Error('stop');
    controller.abort(reason);
    await expect(source.next()).rejects.toBe(reason);
    await expect(createPairSource({ files, ...settings, signal: controller.signal })).rejects.toBe(reason);
  });

  it('answers requests that are made at once in their order', async () => {
    const source = await createPairSource({ files, ...settings, threads: 2 });
    const taken = await Promise.all(Array.from({ length: 7 }, () => source.next()));
    await source.close();
    expect(taken.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

describe('pairs of noisy and clean patches', () => {
  const noise = { kind: 'noise', scale: 1, patch: 16, patchesPerSquare: 2 } as const;

  it('have one size, differ, and do not depend on threads or on where a source starts', async () => {
    const one = await batches(4, noise);
    for (const { high, low } of one) {
      expect(low).toHaveLength(high.length);
      expect(low).not.toEqual(high);
    }
    expect(await batches(4, { ...noise, threads: 2 })).toEqual(one);
    expect(await batches(2, { ...noise, startStep: 2 })).toEqual(one.slice(2));
  });

  it('keep their size', async () => {
    await expectRefusal(createPairSource({ files, ...settings, ...noise, scale: 2 }), 'the scale must be 1');
  });

  it('of small photographs are smaller by the scale', async () => {
    const [batch] = await batches(1, { kind: 'photo' });
    expect(batch?.low).toHaveLength((batch?.high.length ?? 0) / 16);
  });
});
