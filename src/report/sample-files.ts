import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What a training showed of one picture on its way; the files are PNG. */
export interface SampledPicture {
  readonly name: string;
  readonly noisy?: string;
  /** Left out where there is no truth to compare with. */
  readonly clean?: string;
  /** In the order of the steps; at least one. */
  readonly denoised: readonly { readonly step: number; readonly file: string }[];
}

interface FoundPicture {
  noisy?: string;
  clean?: string;
  readonly denoised: Map<number, string>;
}

const stepFolder = /^step-(\d+)$/;
const sampleFile = /^(.+)\.(noisy|denoised|clean)\.png$/;

/**
 * The sample pictures of a run: `samples/step-00001000/NAME.noisy.png`, `.denoised.png` and `.clean.png`, in the order
 * of their names. The noisy and the clean one are the latest.
 */
export async function findSamples(run: string): Promise<readonly SampledPicture[]> {
  const found = new Map<string, FoundPicture>();
  for (const { step, folder } of await stepsIn(join(run, 'samples'))) {
    for (const file of await namesIn(folder)) {
      const [, name, kind] = sampleFile.exec(file) ?? [];
      if (name === undefined) continue;
      const picture: FoundPicture = found.get(name) ?? { denoised: new Map() };
      found.set(name, picture);
      const path = join(folder, file);
      if (kind === 'denoised') picture.denoised.set(step, path);
      else if (kind === 'noisy') picture.noisy = path;
      else picture.clean = path;
    }
  }
  return [...found]
    .filter(([, { denoised }]) => denoised.size > 0)
    .sort(([a], [b]) => order.compare(a, b))
    .map(([name, { denoised, ...others }]) => ({
      name,
      ...others,
      denoised: [...denoised].map(([step, file]) => ({ step, file })),
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
