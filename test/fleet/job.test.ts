import { describe, expect, it } from 'vitest';
import { bundles, type SizedPicture } from '#src/fleet/bundle.js';
import { type FleetPicture, isInside, jobId, jobIn } from '#src/fleet/job.js';
import { nameIn, nameText } from '#src/fleet/queue.js';
import { createRandom } from '#src/random.js';

const sha256 = 'ab'.repeat(32);
const picture = { input: 'shots/a.jpg', output: 'clean/a.jpg', sha256 };
const job = { revela: '0.1.0', recipe: '0'.repeat(32), folder: 'clean', pictures: [picture] };

describe('a job', () => {
  it('is read as it was written', () => {
    expect(jobIn(JSON.parse(JSON.stringify(job)))).toEqual(job);
  });

  it('that is somebody else’s, or leads outside, is refused', () => {
    const wrong: readonly unknown[] = [
      null,
      'rm',
      { command: 'rm' },
      { ...job, pictures: [] },
      { ...job, recipe: '../x' },
      { ...job, pictures: Array(65).fill(picture) },
      ...['/etc/a.jpg', '../a.jpg', 'clean/../../a.jpg', 'C:/a.jpg', 'a\\..\\b.jpg', ''].flatMap((path) => [
        { ...job, pictures: [{ ...picture, input: path }] },
        { ...job, pictures: [{ ...picture, output: path }] },
        { ...job, folder: path },
      ]),
    ];
    for (const data of wrong)
      expect(() => jobIn(data), JSON.stringify(data)).toThrow('no job of `revela fleet`');
    const elsewhere = { ...job, pictures: [{ ...picture, output: 'shots/a.jpg' }] };
    expect(() => jobIn(elsewhere)).toThrow('outside of the folder clean');
    expect(isInside('.')).toBe(true);
  });

  it('has an id by its content, its recipe and where its results go', () => {
    const id = jobId(job);
    expect(id).toMatch(/^[0-9a-f]{40}$/);
    expect(jobId({ ...job, pictures: [{ ...picture, input: 'moved/a.jpg' }] })).toBe(id);
    expect(jobId({ ...job, recipe: '1'.repeat(32) })).not.toBe(id);
    for (const other of [{ sha256: 'cd'.repeat(32) }, { output: 'clean/b.jpg' }])
      expect(jobId({ ...job, pictures: [{ ...picture, ...other }] })).not.toBe(id);
  });
});

it('bundles small pictures so that one more changes the bundle next to it only', async () => {
  const random = createRandom(18);
  const letter = (): string =>
    Math.floor(random.uniform() * 256)
      .toString(16)
      .padStart(2, '0');
  const pictures = Array.from({ length: 2000 }, (_, i) => ({
    ...{ input: `in/${i}`, output: `out/${i}`, pixels: i % 10 === 0 ? 12e6 : 4096 },
    sha256: Array.from({ length: 32 }, letter).join(''),
  }));
  const before = await bundled(pictures);
  const large = before.filter(([first]) => Number(first?.input.slice(3)) % 10 === 0);
  expect(large).toHaveLength(200);
  expect(large.every(({ length }) => length === 1)).toBe(true);
  expect(Math.max(...before.map(({ length }) => length))).toBeLessThanOrEqual(64);
  expect(before.length).toBeLessThan(320);
  expect(before.flat().length).toBe(2000);
  const after = await bundled(pictures.filter((_, i) => i !== 1001));
  const known = new Set(before.map((one) => JSON.stringify(one)));
  expect(after.filter((one) => !known.has(JSON.stringify(one))).length).toBeLessThanOrEqual(3);
});

async function bundled(pictures: readonly SizedPicture[]): Promise<(readonly FleetPicture[])[]> {
  async function* all() {
    yield* pictures;
  }
  const found: (readonly FleetPicture[])[] = [];
  for await (const one of bundles(all())) found.push(one);
  return found;
}

it('names workers so that machine and version can be read', () => {
  const name = { host: 'lab 3', pid: 7, revela: '0.1.0' };
  expect(nameIn(nameText(name))).toEqual({ ...name, host: 'lab_3' });
  expect(nameIn('somebody')).toBeUndefined();
});
