import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SampleWords } from '../api/index.js';

/** What a training showed of one picture on its way; the files are PNG. */
export interface SampledPicture {
  readonly name: string;
  /** What its pictures are called. */
  readonly words: SampleWords;
  readonly before?: string;
  /** Left out where there is no truth to compare with. */
  readonly truth?: string;
  /** In the order of the steps; at least one. */
  readonly after: readonly { readonly step: number; readonly file: string }[];
}

interface FoundPicture {
  before?: string;
  truth?: string;
  readonly after: Map<number, string>;
}

const stepFolder = /^step-(\d+)$/;
const sampleFile = /^(.+)\.([a-z]+)\.png$/;

/**
 * The sample pictures of a run: `samples/step-00001000/NAME.noisy.png`, `.denoised.png` and `.clean.png`, in the words of its kind
 * of training and in the order of their names. What was before and what is true are the latest.
 */
export async function findSamples(
  run: string,
  words: SampleWords | undefined,
): Promise<readonly SampledPicture[]> {
  if (words === undefined) return [];
  const found = new Map<string, FoundPicture>();
  for (const { step, folder } of await stepsIn(join(run, 'samples'))) {
    for (const file of await namesIn(folder)) {
      const [, name, kind = ''] = sampleFile.exec(file) ?? [];
      if (name === undefined || !Object.values<string>({ ...words }).includes(kind)) continue;
      const picture: FoundPicture = found.get(name) ?? { after: new Map() };
      found.set(name, picture);
      const path = join(folder, file);
      if (kind === words.after) picture.after.set(step, path);
      else if (kind === words.before) picture.before = path;
      else picture.truth = path;
    }
  }
  return [...found]
    .filter(([, { after }]) => after.size > 0)
    .sort(([a], [b]) => order.compare(a, b))
    .map(([name, { after, ...others }]) => ({
      name,
      words,
      ...others,
      after: [...after].map(([step, file]) => ({ step, file })),
    }));
}

const order = new Intl.Collator('en', { numeric: true });

async function stepsIn(folder: string): Promise<readonly { step: number; folder: string }[]> {
  return (await namesIn(folder))
    .flatMap((name) => {
      const step = stepFolder.exec(name)?.[1];
      return step === undefined ? [] : [{ step: Number(step), folder: join(folder, name) }];
    })
    .sort((a, b) => a.step - b.step);
}

/** Nothing for a folder that does not exist: a run need not have samples. */
async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
