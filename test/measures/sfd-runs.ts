import { beforeAll } from 'vitest';
import { type Picture, writePicture } from '#src/images/index.js';
import { loadClip, openSfdIqa, type SfdIqaOptions, trainUpscaler } from '#src/api/index.js';
import { readSafetensors } from '#src/weights/index.js';
import { cpuRuntime } from '../compile/running.js';
import { temporaryFolder } from '../weights/files.js';
import { noisyPicture } from '../models/denoisers.js';
import { sfdTermsInLoops } from './sfd-in-loops.js';
import { writeSmallClip } from '../models/small-clips.js';

export const path = temporaryFolder();

export const cpu = { device: 'cpu', threads: 1 } as const;

export const runtime = cpuRuntime();

/** A picture of its own for every number. */
export function pictureOf(index: number, width = 90, height = 70): Picture {
  const { data, ...picture } = noisyPicture(width, height);
  return { ...picture, data: data.map((value, i) => value * (0.5 + 0.5 * Math.sin(0.01 * index * i) ** 2)) };
}

/** Runs with one of the judges, and one with heads that look at a position's neighbours. */
const other = {
  prompts: { discriminators: ['prompt'] },
  features: { discriminators: ['feature'], featureLayers: ['layer3'] },
  wide: {
    discriminators: ['feature'],
    featureLayers: ['layer3'],
    featureKernel: 3,
    featureDepth: 6,
    featureChannels: 12,
  },
} as const;

/** Trains a run `sfd` with both judges before the tests of a file, from a run `start`, and what else they look at. */
export function trainsSfdRuns(...others: readonly (keyof typeof other)[]): void {
  beforeAll(async () => {
    await writeSmallClip(path('clip.safetensors'));
    for (let i = 0; i < 4; i++) await writePicture(path('photos', `${i}.png`), pictureOf(i));
    const common = { pictures: [path('photos')], patch: 64, batch: 2, ...cpu };
    await trainUpscaler({ ...common, baseChannels: 8, modules: 2, steps: 1, output: path('start') });
    const sfd = {
      ...common,
      ...{ stage: 'sfd' as const, from: path('start'), clip: path('clip.safetensors'), steps: 2 },
    };
    await trainUpscaler({ ...sfd, promptPairs: 2, featureChannels: 12, output: path('sfd') });
    for (const name of others) await trainUpscaler({ ...sfd, ...other[name], output: path(name) });
  });
}

export const open = (changes: Partial<SfdIqaOptions> = {}) =>
  openSfdIqa({ judges: path('sfd'), ...cpu, ...changes });

/** Does something with a scorer, and closes it. */
export async function withScorer<Result>(
  changes: Partial<SfdIqaOptions>,
  work: (scorer: Awaited<ReturnType<typeof open>>) => Promise<Result>,
): Promise<Result> {
  const scorer = await open(changes);
  try {
    return await work(scorer);
  } finally {
    await scorer.close();
  }
}

export const scoreOf = (picture: Picture | string | Uint8Array, changes: Partial<SfdIqaOptions> = {}) =>
  withScorer(changes, (scorer) => scorer.score(picture));

/** The terms as loops over numbers give them. */
export async function inLoops(picture: Picture, run = 'sfd') {
  const judges = await readSafetensors(path(run, 'judges.safetensors'));
  return sfdTermsInLoops(runtime(), await loadClip(path('clip.safetensors')), judges, picture);
}
