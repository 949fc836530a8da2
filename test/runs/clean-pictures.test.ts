import { beforeAll, describe, expect, it } from 'vitest';
import { RevelaError } from '#src/errors.js';
import { writePicture } from '#src/images/index.js';
import { cleanPictures, ofCleanPictures } from '#src/runs/clean-pictures.js';
import { newRunSettings } from '#src/runs/run-settings.js';
import { trainUpscaler } from '#src/runs/upscaler/train-upscaler.js';
import { createRandom } from '#src/random.js';
import { describeRun } from '#src/runs/index.js';
import type { Progress } from '#src/apply/index.js';
import { pictureOf, temporaryFolder } from '../images/drawing.js';

const { path } = temporaryFolder();

/** Soft shapes, with noise of some pixels' size as cameras save it, of so many of 255. */
async function photograph(name: string, noise: number): Promise<string> {
  const [width, height] = [400, 300];
  const random = createRandom(name.length, noise);
  const field = Float32Array.from({ length: width * height }, () => random.normal());
  const data = Float32Array.from({ length: 3 * width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const at = (dx: number, dy: number) => field[((y + dy) % height) * width + ((x + dx) % width)] ?? 0;
    const grain = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 2;
    return 0.5 + 0.3 * Math.sin(x / 60) * Math.cos(y / 50) + (noise / 255) * grain;
  });
  await writePicture(path(name), pictureOf(width, height, { data }), { overwrite: true });
  return path(name);
}

/** The lines that are told. */
async function linesOf(run: (onProgress: (progress: Progress) => void) => Promise<unknown>) {
  const told: Progress[] = [];
  await run((progress) => told.push(progress));
  return told.flatMap((progress) => (progress.kind === 'note' ? [progress.message] : []));
}

describe('pictures that are given as clean', () => {
  let [a, b, c, d] = ['', '', '', ''];
  beforeAll(async () => {
    [a, b] = [await photograph('a.png', 0), await photograph('b.png', 12)];
    [c, d] = [await photograph('c.png', 0), await photograph('d.png', 25)];
  });
  const itself = (file: string) => file;

  it('are measured, and the noisy ones told, the worst first', async () => {
    const files = [a, b, c, d];
    const told: Progress[] = [];
    const kept = await cleanPictures(files, itself, { onProgress: (progress) => told.push(progress) });
    expect(kept).toEqual(files);
    const counts = told.flatMap((progress) => (progress.kind === 'measuring' ? [progress.index] : []));
    expect(counts).toEqual([1, 2, 3, 4]);
    const line = told.at(-1);
    if (line?.kind !== 'note') expect.fail('nothing was told');
    expect(line.message).toMatch(
      /^Noisy: 2 of 4 pictures given as clean: \S+d\.png \(\d+\.\d of 255\), \S+b\.png .*`leaveOutNoisy`/,
    );
  });

  it('are left out where they are noisy and that is asked for', async () => {
    let kept: readonly string[] = [];
    const lines = await linesOf(async (onProgress) => {
      kept = await cleanPictures([a, b, c, d], itself, {
        leaveOutNoisy: true,
        onProgress,
      });
    });
    expect(kept).toEqual([a, c]);
    expect(lines).toEqual([
      expect.stringMatching(/^Left out: 2 of 4 pictures given as clean, which are noisy/),
    ]);
    await expect(cleanPictures([b, d], itself, { leaveOutNoisy: true })).rejects.toThrow(RevelaError);
  });

  it('are those of trainings that learn from clean ones, and the truths of pairs', async () => {
    const leaving = { leaveOutNoisy: true };
    const named = { files: [a, b, c, d], included: 2, name: 'run' };
    expect(await ofCleanPictures(named, leaving)).toEqual({ files: [a, c], included: 1, name: 'run' });
    expect(await ofCleanPictures(named, {})).toBe(named);
    const pairs = [
      { name: '1', noisy: d, clean: a },
      { name: '2', noisy: c, clean: b },
    ];
    expect(await ofCleanPictures({ files: [d, c], pairs }, leaving)).toEqual({
      files: [d],
      pairs: [pairs[0]],
    });
    await expect(newRunSettings({ pictures: [a], leaveOutNoisy: true })).rejects.toThrow(
      /`leaveOutNoisy` is for `method` supervised/,
    );
  });

  it('are left out of a run, whose settings name the others', { timeout: 120_000 }, async () => {
    const steps = { steps: 1, patch: 32, batch: 1, device: 'cpu', threads: 1, leaveOutNoisy: true } as const;
    const lines: string[] = [];
    await trainUpscaler({
      ...{ ...steps, pictures: [a, b], output: path('run'), baseChannels: 4, modules: 1 },
      onProgress: (progress) => progress.kind === 'note' && lines.push(progress.message),
    });
    expect((await describeRun(path('run'))).config).toMatchObject({ files: [a] });
    expect(lines).toContainEqual(expect.stringMatching(/^Left out: 1 of 2 pictures given as clean/));
  });
});
