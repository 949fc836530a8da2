import { basename, join, resolve } from 'node:path';
import { OptionError } from '../../errors.js';
import { checkReplacesNone } from '../../file-identity.js';
import { checkOutput, planOutputs, type NetworkWeights, shortNames } from '../../api/index.js';
import type { EvaluationFlags } from './command.js';

/** Weights to evaluate. */
export interface Candidate<Weights extends NetworkWeights> {
  /** Short, for people; different for each. */
  readonly label: string;
  /** As it was named. */
  readonly file: string;
  readonly weights: Weights;
}

/** Weights to evaluate, and where their pictures go. */
export interface PlannedCandidate<Weights extends NetworkWeights> extends Candidate<Weights> {
  /** Files to write, by the path that a picture is known by; empty where none were asked for. */
  readonly outputs: ReadonlyMap<string, string>;
}

/** The files of the pictures that weights are evaluated on. */
export interface EvaluatedFiles {
  /** What results are named after. */
  readonly named: readonly string[];
  /** What else must stay as it is, and what messages call one of these. */
  readonly kept: readonly string[];
  readonly keptKind: string;
}

/**
 * Reads the weights that are evaluated.
 *
 * @param load reads those of a name
 * @throws RevelaError if weights are named twice or cannot be used
 */
export async function readCandidates<Weights extends NetworkWeights>(
  names: readonly string[],
  load: (name: string) => Promise<Weights>,
): Promise<readonly Candidate<Weights>[]> {
  const twice = names.find((name, i) => names.some((other, j) => j < i && resolve(other) === resolve(name)));
  if (twice !== undefined) throw new OptionError(`--weights names ${twice} twice`);
  const labels = shortNames(names);
  const candidates: Candidate<Weights>[] = [];
  for (const [i, name] of names.entries())
    candidates.push({ label: labels[i] ?? name, file: name, weights: await load(name) });
  return candidates;
}

/**
 * Checks the places of the pictures that weights will make: what can go wrong should do so before the work, not after it.
 *
 * @throws RevelaError if a result could not be written or would replace something
 */
export async function planResults<Weights extends NetworkWeights>(
  candidates: readonly Candidate<Weights>[],
  { output, overwrite = false }: EvaluationFlags,
  files: EvaluatedFiles,
): Promise<readonly PlannedCandidate<Weights>[]> {
  const planned: PlannedCandidate<Weights>[] = [];
  for (const candidate of candidates) {
    const { label } = candidate;
    const folder = output === undefined ? undefined : candidates.length === 1 ? output : join(output, label);
    planned.push({ ...candidate, outputs: await planPictures(folder, files, overwrite) });
  }
  return planned;
}

async function planPictures(
  folder: string | undefined,
  { named, kept, keptKind }: EvaluatedFiles,
  overwrite: boolean,
): Promise<ReadonlyMap<string, string>> {
  if (folder === undefined) return new Map();
  const pictures = named.map((path) => ({ path, place: basename(path) }));
  const planned = await planOutputs({ pictures, several: true }, `${folder}/`, { suffix: '', format: 'png' });
  const results = planned.map(({ output }) => output);
  await checkReplacesNone(results, kept, `${keptKind} picture`);
  for (const output of results) {
    await checkOutput(output, { overwrite, format: 'png' });
  }
  return new Map(planned.map(({ input, output }) => [input, output]));
}
