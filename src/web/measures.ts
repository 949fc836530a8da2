import { mapOf, openJudge, pixelMeasures } from '../measures/anywhere.js';
import { optionError, RevelaError } from '../errors.js';
import { type Picture, rasterOf } from '../pixels/index.js';
import { niqe, type QualityMap } from '../quality/anywhere.js';
import type { Runtime } from '../runtime/index.js';
import { inRange } from './in-range.js';
import { once } from '../once.js';
import { fetchNiqeModel, fetchWeights } from './read-weights.js';

/** Measures of a picture alone: the package's scorer (0 to 100, higher is better), and NIQE by its model (lower is better). */
export type ScoreName = 'revela' | 'niqe';

/** Measures of two pictures by their pixels, of which higher is better, and LPIPS, of which lower is: it takes files, see `loadLpips`. */
export type CompareName = (typeof pixelMeasures)[number]['facts']['name'] | 'lpips';

/** What is measured of a picture. */
export interface ScoreSettings {
  /** Default: `revela`. */
  readonly metrics?: readonly ScoreName[];
}

/** What was measured of a picture. */
export interface ScoreFacts {
  /** By the names of the measures. */
  readonly scores: Readonly<Partial<Record<ScoreName, number>>>;
  /** The quality of places, from 0 to 1, as the scorer sees it; left out where it is not asked. */
  readonly map?: QualityMap;
}

/** What is compared. */
export interface CompareSettings {
  /** Default: `psnr` and `ssim`. */
  readonly metrics?: readonly CompareName[];
}

/** By the names of the measures; the PSNR of equal pictures is `Infinity`. */
export type CompareFacts = Readonly<Partial<Record<CompareName, number>>>;

const names: readonly string[] = [...pixelMeasures.map(({ facts }) => facts.name), 'lpips'];

/**
 * Compares a picture with a reference of its size, as Node's `compare`; opacity is not looked at.
 *
 * @param lpips measures by LPIPS
 * @throws RevelaError for pictures of two sizes, or too small for a measure
 */
export async function comparePictures(
  picture: Picture,
  reference: Picture,
  { metrics = ['psnr', 'ssim'] }: CompareSettings,
  lpips: (picture: Picture, reference: Picture) => Promise<number>,
): Promise<CompareFacts> {
  const [one, other] = [picture, reference].map(({ width, height }) => `${width}×${height}`);
  if (one !== other)
    throw new RevelaError(
      `the picture has ${one} pixels and the reference has ${other}; expected two pictures of one size`,
    );
  const wrong = metrics.find((name) => !names.includes(name));
  if (wrong !== undefined) throw optionError('metrics', `one of ${names.join(', ')}`, wrong);
  const compared: (readonly [CompareName, number])[] = [];
  for (const name of metrics) {
    const measure = pixelMeasures.find(({ facts }) => facts.name === name);
    compared.push([name, measure?.compare(picture, reference) ?? (await lpips(picture, reference))]);
  }
  return Object.fromEntries(compared);
}

/** Scores pictures, each measure opened when it is first asked for. */
export class Scorer {
  readonly #judge;
  readonly #niqe;

  /** @param folder of the weights, with a slash at its end */
  constructor(runtime: Runtime, folder: string) {
    this.#judge = once(async (_: 'scorer') => openJudge(runtime, await fetchWeights(folder, 'scorer')));
    this.#niqe = once((_: 'niqe') => fetchNiqeModel(folder));
  }

  /** @throws RevelaError for a picture that a measure refuses */
  async score(
    picture: Picture,
    { metrics = ['revela'] }: ScoreSettings,
    signal: AbortSignal,
  ): Promise<ScoreFacts> {
    const { mapped } = await inRange(picture, 1);
    let facts: ScoreFacts = { scores: {} };
    for (const name of metrics) {
      signal.throwIfAborted();
      if (name === 'niqe') {
        const scores = { ...facts.scores, niqe: niqe(mapped, await this.#niqe('niqe')) };
        facts = { ...facts, scores };
      } else if (name === 'revela') {
        const quality = await (await this.#judge('scorer')).judge(rasterOf(mapped), signal);
        facts = { scores: { ...facts.scores, revela: quality.score }, map: mapOf(quality, picture) };
      } else throw optionError('metrics', 'revela or niqe', name);
    }
    return facts;
  }
}
