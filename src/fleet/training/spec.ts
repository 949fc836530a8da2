import { type InferOutput, literal, object, record, safeParse, string, unknown } from 'valibot';
import { RevelaError } from '../../errors.js';
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
  const { success, output } = safeParse(schema, jsonIn(text));
  if (!success)
    throw new RevelaError(`${store.pathOf(sha256, 'json')} is no training of this version of revela`);
  return output;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
