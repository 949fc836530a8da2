import { join, resolve } from 'node:path';
import { OptionError, RevelaError } from '../errors.js';
import { checkOutput, planOutputs } from '../images/index.js';
import {
  type CheckedPair,
  type DenoiserWeights,
  loadDenoiserWeights,
  shippedDenoiserPath,
  shortNames,
} from '../library/index.js';
import type { Context } from './context.js';
import type { EvaluateDenoiserFlags } from './evaluate-command.js';
import { namedWeights } from './model-store.js';

/** Weights to evaluate, and where their pictures go. */
export interface Candidate {
  /** Short, for people; different for each. */
  readonly label: string;
  readonly file: string;
  readonly weights: DenoiserWeights;
  /** Files to write, by the path of the noisy picture; empty where none were asked for. */
  readonly outputs: ReadonlyMap<string, string>;
}

/**
 * Which weights are evaluated, read, and the places of their pictures, checked: what can go wrong should do so before the
 * work, not after it.
 *
 * @throws RevelaError if weights are named twice or cannot be used, or a result could not be written or would replace something
 */
export async function planCandidates(
  { weights: files = [shippedDenoiserPath()], output, overwrite = false }: EvaluateDenoiserFlags,
  pairs: readonly CheckedPair[],
  context: Context,
): Promise<readonly Candidate[]> {
  const twice = files.find((file, i) => files.some((other, j) => j < i && resolve(other) === resolve(file)));
  if (twice !== undefined) throw new OptionError(`--weights names ${twice} twice`);
  const labels = shortNames(files);
  const candidates: Candidate[] = [];
  for (const [i, file] of files.entries()) {
    const label = labels[i] ?? file;
    const folder = output === undefined ? undefined : files.length === 1 ? output : join(output, label);
    const outputs = await planPictures(folder, pairs, overwrite);
    candidates.push({
      label,
      file,
      weights: await loadDenoiserWeights(await namedWeights(file, context)),
      outputs,
    });
  }
  return candidates;
}

async function planPictures(
  folder: string | undefined,
  pairs: readonly CheckedPair[],
  overwrite: boolean,
): Promise<ReadonlyMap<string, string>> {
  if (folder === undefined) return new Map();
  const files = pairs.map(({ noisy }) => noisy);
  const planned = await planOutputs(files, `${folder}/`, { suffix: '', format: 'png' });
  const clean = new Set(pairs.map((pair) => resolve(pair.clean)));
  for (const { output } of planned) {
    if (clean.has(resolve(output)))
      throw new RevelaError(`a result would replace the clean picture ${output}; choose another --output`);
    await checkOutput(output, { overwrite, format: 'png' });
  }
  return new Map(planned.map(({ input, output }) => [input, output]));
}
