import { dirname } from 'node:path';
import {
  copyPicture,
  type DenoiseOptions,
  type MeasureName,
  measureNamed,
  openDenoiser,
  openMeasure,
  type OpenMeasure,
  openUpscaler,
  writePicture,
} from '../api/index.js';
import { Belongings, disposable } from '../belongings.js';
import { fileError } from '../file-errors.js';
import { makeFolder } from '../make-folder.js';
import { checked } from '../options/index.js';
import { present } from '../present.js';
import { writeBeside } from '../write-beside.js';
import { fleetDenoiseOptions, fleetScoreOptions, fleetUpscaleOptions } from './options.js';
import type { Recipe } from './recipe.js';

/** Where a worker computes. */
export type DeviceChoices = Pick<DenoiseOptions, 'device' | 'threads'>;

/** A picture, and where its result goes. */
export interface MakePaths {
  readonly input: string;
  readonly output: string;
  /** The picture's place in the shared folder. */
  readonly place: string;
}

/** What is ready to make the results of one recipe. */
export interface Maker extends AsyncDisposable {
  /**
   * Makes the result of a picture and writes it, over one that is there.
   *
   * @returns what its kind of file cannot hold
   */
  make(paths: MakePaths): Promise<readonly string[]>;
  close(): Promise<void>;
}

/**
 * Opens what a recipe needs.
 *
 * @param weights the file of its weights, where it has them
 * @throws RevelaError for weights, measures and devices that this machine does not have
 */
export async function openMaker(
  { work, options, result }: Recipe,
  weights: string | undefined,
  devices: DeviceChoices,
): Promise<Maker> {
  const how = { ...present({ ...result }), overwrite: true };
  const named = { ...options, ...present({ weights }) };
  if (work === 'score')
    return openScores(checked('this recipe', fleetScoreOptions, options).metrics, devices);
  if (work === 'upscale') {
    const upscaler = await openUpscaler({
      ...checked('this recipe', fleetUpscaleOptions, named),
      ...devices,
    });
    return disposable({
      make: async ({ input, output }: MakePaths) => writePicture(output, await upscaler.upscale(input), how),
      close: () => upscaler.close(),
    });
  }
  const denoiser = await openDenoiser({
    ...{ ...checked('this recipe', fleetDenoiseOptions, named), ...devices },
    adapt: false,
  });
  return disposable({
    make: async ({ input, output }: MakePaths) => {
      const { picture, facts } = await denoiser.removal(input);
      return facts?.removed === 0 ? copyPicture(input, output, how) : writePicture(output, picture, how);
    },
    close: () => denoiser.close(),
  });
}

async function openScores(metrics: readonly string[] = ['revela'], devices: DeviceChoices): Promise<Maker> {
  await using held = new Belongings();
  const names: readonly MeasureName[] = [...new Set(metrics.map(measureNamed))];
  const measures: { readonly name: MeasureName; readonly open: OpenMeasure }[] = [];
  for (const name of names) measures.push({ name, open: held.add(await openMeasure(name, devices)) });
  const own = held.handOver();
  return disposable({
    async make({ input, output, place }: MakePaths) {
      const scores: Record<string, number> = {};
      for (const { name, open } of measures) scores[name] = await open.score(input);
      await writeText(output, `${JSON.stringify({ picture: place, scores })}\n`);
      return [];
    },
    close: () => own.close(),
  });
}

async function writeText(path: string, text: string): Promise<void> {
  try {
    await makeFolder(dirname(path));
    await writeBeside(path, [Buffer.from(text)]);
  } catch (error) {
    throw fileError(`cannot write ${path}`, error);
  }
}
