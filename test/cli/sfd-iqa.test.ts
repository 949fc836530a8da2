import { mkdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { describePicture } from '#src/images/index.js';
import { score } from '#src/api/index.js';
import { writeSmallClip, writeWordyClip } from '../models/small-clips.js';
import {
  expectRefusal,
  expectSuccess,
  jsonLines,
  onCpu,
  photograph,
  revela,
  temporaryFolder,
} from './command.js';

const path = temporaryFolder();

const run = (...args: readonly (string | number)[]): ReturnType<typeof revela> =>
  revela([...args, ...onCpu], { cwd: path(), environment: { REVELA_MODELS: path('models') } });

/** What one picture was given, from lines of JSON. */
const scoresOf = (stdout: string): unknown =>
  jsonLines(stdout).find(({ kind }) => kind === 'picture')?.['scores'];

beforeAll(async () => {
  await mkdir(path('photos'));
  // No side of 100×70 is a multiple of 32.
  for (const name of ['a.png', 'b.png']) await photograph(100, 70).toFile(path('photos', name));
  await writeSmallClip(path('clip.safetensors'));
  await writeWordyClip(path('wordy.safetensors'));
  const training = ['train', 'upscaler', 'photos', '--patch', 64, '--batch', 1, '--steps', 1] as const;
  const small = ['--base-channels', 8, '--modules', 2] as const;
  await expectSuccess(run(...training, '--output', 'pixel', ...small));
  const sfd = ['--stage', 'sfd', '--from', 'pixel', '--clip', 'clip.safetensors'] as const;
  await expectSuccess(run(...training, '--output', 'sfd', ...sfd));
}, 120_000);

describe('SFD-IQA, from the training of its judges to the score', () => {
  const scoring = ['score', 'photos/a.png', '--metric', 'sfd-iqa', '--judges', 'sfd', '--json'] as const;

  it('is what the library says, with a map of places and without', async () => {
    const plain = scoresOf((await expectSuccess(run(...scoring))).stdout);
    const judges = { metric: 'sfd-iqa', judges: path('sfd'), device: 'cpu', threads: 1 } as const;
    const { value } = await score(path('photos', 'a.png'), { ...judges, clip: path('clip.safetensors') });
    expect(value).toBeGreaterThan(0);
    expect(value).toBeLessThan(1);
    expect(plain).toEqual({ 'sfd-iqa': value });

    const { stdout } = await expectSuccess(run(...scoring, '--map', 'places/map.png'));
    expect(scoresOf(stdout)).toEqual({ 'sfd-iqa': expect.closeTo(value, 6) });
    expect(await describePicture(path('places', 'map.png'))).toMatchObject({ width: 100, height: 70 });
  });

  it('follows its rules and its record, and knows its CLIP', async () => {
    const by = (...rule: readonly string[]) => run(...scoring, '--record', 'sfd.jsonl', ...rule);
    const known = ({ stdout }: { readonly stdout: string }): unknown =>
      jsonLines(stdout).find(({ kind }) => kind === 'picture')?.['known'];
    const average = await expectSuccess(by());
    const product = await expectSuccess(by('--combine', 'product'));
    expect(scoresOf(product.stdout)).not.toEqual(scoresOf(average.stdout));
    expect([known(product), known(await expectSuccess(by()))]).toEqual([false, true]);

    const other = await run(...scoring, '--clip', 'wordy.safetensors');
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/^revela: [^\n]*CLIP[^\n]*\n$/m);
    const judges = ['score', 'photos/a.png', '--metric', 'sfd-iqa', '--judges'] as const;
    await expectRefusal(run(...judges, 'pixel'), 1, 'pixel has no judges.safetensors', '--stage sfd');
  });
});

describe('revela train sfd-iqa', () => {
  const making = ['train', 'sfd-iqa', 'others', '--judges', 'sfd'] as const;
  const scoring = ['score', 'photos/a.png', '--metric', 'sfd-iqa', '--combine', 'logits'] as const;

  beforeAll(async () => {
    await mkdir(path('others'));
    await photograph(100, 70).blur(2).toFile(path('others', 'a.png'));
    await photograph(64, 96).toFile(path('others', 'b.png'));
  });

  it('makes a scorer whose logits can be added', async () => {
    await expectRefusal(run(...scoring, '--judges', 'sfd'), 2, 'revela train sfd-iqa');
    const { stderr } = await expectSuccess(run(...making, '--output', 'scorer.safetensors'));
    expect(stderr).toContain('Measured 2 pictures in');
    const by = ['--judges', 'scorer.safetensors', '--clip', 'clip.safetensors'] as const;
    const options = { metric: 'sfd-iqa', combine: 'logits', device: 'cpu', threads: 1 } as const;
    const files = { judges: path('scorer.safetensors'), clip: path('clip.safetensors') };
    const { value } = await score(path('photos', 'a.png'), { ...options, ...files });
    expect(scoresOf((await expectSuccess(run(...scoring, ...by, '--json'))).stdout)).toEqual({
      'sfd-iqa': value,
    });
  });

  it('refuses what it cannot use, and leaves files as they are', async () => {
    await expectRefusal(run('train', 'sfd-iqa', 'others', '--output', 'x.safetensors'), 2, '--judges');
    await expectRefusal(run(...making), 2, '--output');
    await expectRefusal(run(...making, '--output', 'scorer.safetensors'), 1, 'exists');
    const picture = ['--output', 'others/b.png', '--overwrite'] as const;
    await expectRefusal(run(...making, ...picture), 1, 'would replace the picture');
    expect(await describePicture(path('others', 'b.png'))).toMatchObject({ width: 64, height: 96 });
    const one = [
      'train',
      'sfd-iqa',
      'photos/a.png',
      '--judges',
      'sfd',
      '--output',
      'one.safetensors',
    ] as const;
    await expectRefusal(run(...one), 1, 'at least two');
  });
});

it('CLIP-IQA has a map too, whose score is that without', async () => {
  const scoring = ['score', 'photos/a.png', '--metric', 'clip-iqa', '--clip', 'wordy.safetensors', '--json'];
  const plain = Object(scoresOf((await expectSuccess(run(...scoring))).stdout))['clip-iqa'];
  const mapped = await expectSuccess(run(...scoring, '--map', 'clip-map.png'));
  expect(scoresOf(mapped.stdout)).toEqual({ 'clip-iqa': expect.closeTo(plain, 6) });
  expect(await describePicture(path('clip-map.png'))).toMatchObject({ width: 100, height: 70 });
});
