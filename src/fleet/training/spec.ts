import { type InferOutput, literal, object, record, string, unknown } from 'valibot';
import { RevelaError } from '../../errors.js';
import { readJson } from '../../options/index.js';
import type { RoundStore } from './round-store.js';

const schema = object({
  format: literal('revela-training-1'),
  revela: string(),
  settings: record(string(), unknown()),
});

/** What members have to know of a run. It lies in the run's folder, under its hash: who finds it there sees the same folder. */
export type TrainingSpec = Readonly<InferOutput<typeof schema>>;

/** Writes a spec; returns its hash. */
export const writeSpec = (store: RoundStore, spec: TrainingSpec): Promise<string> =>
  store.put(new TextEncoder().encode(`${JSON.stringify(spec)}\n`), 'json');

/**
 * Reads a spec.
 *
 * @throws RevelaError for a file that is not there, or not what its name says
 */
export async function readSpec(store: RoundStore, sha256: string): Promise<TrainingSpec> {
  const text = new TextDecoder().decode(await store.get(sha256, 'json'));
  const spec = readJson(schema, text);
  if (spec === undefined)
    throw new RevelaError(`${store.nameOf(sha256, 'json')} is no training of this version of revela`);
  return spec;
}
