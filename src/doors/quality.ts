/**
 * `revela/quality`: measures of decoded pictures as plain functions. What looks through a network or reads a file is loaded when it
 * is first called; to measure many pictures open a measure once, by `openMeasure` or `openComparison` of `revela`.
 */
import type { CompareOptions } from '../measures/index.js';
import type { PictureInput } from '../images/index.js';
import { checked, settled } from '../options/plain.js';
import type { LpipsOptions } from '../quality/arithmetic.js';
import type { BrisqueModel, IlNiqeModel, NiqeModel } from '../quality/index.js';

export * from '../quality/arithmetic.js';

/** Options of {@link lpips} and {@link dists}. */
export type DistanceCallOptions = Omit<CompareOptions, 'metrics'>;

/**
 * LPIPS of a picture and its reference: 0 for equal ones, lower is nearer.
 *
 * @throws RevelaError as `compare` does; its files are those of the store unless `files` names others
 *
 * @example
 * await lpips('a.png', 'b.png', { network: 'vgg' });
 */
export async function lpips(
  a: PictureInput,
  b: PictureInput,
  options: DistanceCallOptions & LpipsOptions = {},
): Promise<number> {
  const { lpipsOptions } = await import('../quality/options.js');
  const { network: asked, ...others } = options;
  const { network } = settled(lpipsOptions, checked('lpips', lpipsOptions, { network: asked }));
  return distance(`lpips-${network}`, a, b, others);
}

/**
 * DISTS of a picture and its reference: 0 for equal ones, lower is nearer.
 *
 * @throws RevelaError as `compare` does; its files are those of the store unless `files` names others
 *
 * @example
 * await dists('a.png', 'b.png');
 */
export function dists(a: PictureInput, b: PictureInput, options: DistanceCallOptions = {}): Promise<number> {
  return distance('dists', a, b, options);
}

async function distance(
  name: string,
  a: PictureInput,
  b: PictureInput,
  options: DistanceCallOptions,
): Promise<number> {
  const { openComparison } = await import('../measures/index.js');
  await using comparison = await openComparison({ ...options, metrics: [name] });
  const { scores } = await comparison.compare(a, b, options.signal && { signal: options.signal });
  return scores[name] ?? Number.NaN;
}

/**
 * Reads a model of good photographs for {@link niqe}.
 *
 * @throws RevelaError for a file that is none
 *
 * @example
 * niqe(picture, await readNiqeModel('niqe_pris_params.npz'));
 */
export async function readNiqeModel(path: string): Promise<NiqeModel> {
  return (await import('../quality/index.js')).readNiqeModel(path);
}

/**
 * Reads a model of good photographs for {@link ilNiqe}.
 *
 * @throws RevelaError for a file that is none
 *
 * @example
 * ilNiqe(picture, await readIlNiqeModel('templateModel.mat'));
 */
export async function readIlNiqeModel(path: string): Promise<IlNiqeModel> {
  return (await import('../quality/index.js')).readIlNiqeModel(path);
}

/**
 * Reads what BRISQUE learnt from opinions, for {@link brisque}: `allmodel` and `allrange` of its release.
 *
 * @throws RevelaError for files that are none
 *
 * @example
 * brisque(picture, await readBrisqueModel('allmodel', 'allrange'));
 */
export async function readBrisqueModel(model: string, range: string): Promise<BrisqueModel> {
  return (await import('../quality/index.js')).readBrisqueModel(model, range);
}
