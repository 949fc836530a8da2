import { basename, extname } from 'node:path';
import type { InferenceMethod } from '../denoise/index.js';
import { extractTile, type Picture, type PicturePair, readPicture } from '../images/index.js';
import type { Runtime } from '../runtime/index.js';
import type { Sample } from './folder/samples.js';
import { createApplier } from '../apply/index.js';
import type { DenoiserWeights } from '../models/index.js';
import { present } from '../present.js';

/** At most so many pictures show how far a training is, and at most so many pixels a side of each. */
const pictures = 4;
const side = 256;

/** A part of a picture that is denoised every now and then. */
export interface Subject {
  readonly name: string;
  readonly noisy: Picture;
  /** What it should look like, where that is known. */
  readonly clean?: Picture;
}

/** At most four of the candidates, spread evenly over the list, under names that are all different. */
export function chosen<Candidate extends { readonly name: string }>(
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const count = Math.min(pictures, candidates.length);
  const names = new Set<string>();
  return Array.from(
    { length: count },
    (_, i) => candidates[Math.floor((i * candidates.length) / count)],
  ).flatMap((candidate, i) => {
    if (candidate === undefined) return [];
    const name = names.has(candidate.name) ? `${candidate.name}-${i + 1}` : candidate.name;
    names.add(name);
    return [{ ...candidate, name }];
  });
}

/**
 * Cuts the middle out of at most four of the pictures, spread evenly over the list.
 *
 * @throws RevelaError if a picture cannot be read
 */
export async function chooseSubjects(
  candidates: readonly (Omit<PicturePair, 'clean'> & { readonly clean?: string })[],
): Promise<readonly Subject[]> {
  const subjects: Subject[] = [];
  for (const { name, noisy, clean } of chosen(candidates)) {
    const truth = clean === undefined ? {} : { clean: middleOf(await readPicture(clean)) };
    subjects.push({ name, noisy: middleOf(await readPicture(noisy)), ...truth });
  }
  return subjects;
}

/** Files under the names that they have without folder and extension. */
export function named(files: readonly string[]): readonly Omit<PicturePair, 'clean'>[] {
  return files.map((file) => ({ name: basename(file, extname(file)), noisy: file }));
}

/** Denoises subjects as the method does it, without its second pass. */
export async function drawSamples(
  runtime: Runtime,
  subjects: readonly Subject[],
  weights: DenoiserWeights,
  method: InferenceMethod,
  signal?: AbortSignal,
): Promise<readonly Sample[]> {
  await using applier = createApplier(runtime, weights, method, {});
  const samples: Sample[] = [];
  for (const { name, ...pictures } of subjects) {
    const denoised = await applier.apply(pictures.noisy, present({ signal }));
    samples.push({ name, pictures: { ...pictures, denoised } });
  }
  return samples;
}

/** The middle of a picture: only the pixels, because what a file says about the whole does not hold for a part. */
export function middleOf({ width, height, channels, data, bitDepth }: Picture): Picture {
  const [across, down] = [Math.min(side, width), Math.min(side, height)];
  const rect = { x: (width - across) >> 1, y: (height - down) >> 1, width: across, height: down };
  return {
    width: across,
    height: down,
    channels,
    data: extractTile(data, channels, height, width, rect),
    bitDepth,
    format: 'png',
    metadata: {},
  };
}
