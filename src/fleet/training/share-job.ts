import {
  array,
  check,
  finite,
  type InferOutput,
  integer,
  maxLength,
  maxValue,
  minLength,
  minValue,
  nullable,
  number,
  object,
  optional,
  picklist,
  pipe,
  regex,
  safeParse,
  string,
} from 'valibot';
import { RevelaError } from '../../errors.js';
import { isInside } from '../job.js';

const sha256 = pipe(string(), regex(/^[0-9a-f]{64}$/));
const count = pipe(number(), integer(), minValue(0), maxValue(Number.MAX_SAFE_INTEGER));
const positive = pipe(number(), finite(), minValue(0));

const schema = object({
  revela: pipe(string(), maxLength(100)),
  /** The place of the run in the shared folder. */
  run: pipe(
    string(),
    minLength(1),
    maxLength(4096),
    check((path) => isInside(path)),
  ),
  spec: sha256,
  /** Which start of the coordinator asks, and which of its rounds. */
  session: pipe(string(), maxLength(40)),
  round: count,
  member: pipe(count, maxValue(1023)),
  kind: picklist(['gradients', 'steps']),
  step: count,
  size: object({ batch: pipe(count, maxValue(256)), patch: pipe(count, maxValue(2000)) }),
  learningRates: pipe(array(positive), minLength(1), maxLength(10_000)),
  clip: optional(positive),
  weights: sha256,
  moments: optional(object({ sha256, age: count })),
  /** Lets a member put what it finds where others write for it. */
  proof: optional(pipe(string(), maxLength(100))),
});

/** What a member is asked for: its share of a round. Tensors are files of the run, by their hashes. */
export type ShareJob = Readonly<InferOutput<typeof schema>>;

const resultSchema = object({
  /** The file of what was found; `null` where a number of it was not finite. */
  sha256: nullable(sha256),
  loss: nullable(number()),
  gradientNorm: nullable(number()),
  /** Which process did it. */
  by: pipe(string(), maxLength(400)),
  /** How often it was taken from a process that gave no sign of life. */
  handedOver: count,
  /** Steps that the moments in the file have seen. */
  age: count,
});

/** What a member answers. */
export type ShareAnswer = Readonly<InferOutput<typeof resultSchema>>;

/**
 * Reads what a queue holds; anybody who reaches it may have put something else there.
 *
 * @throws RevelaError for what is no share of a round
 */
export function shareJobIn(data: unknown): ShareJob {
  const { success, output } = safeParse(schema, data);
  if (!success)
    throw new RevelaError(
      'this is no share of a training of `revela train --fleet`, or of a version that others do not know',
    );
  return output;
}

/** Reads an answer; `undefined` for what is none. */
export function answerIn(value: unknown): ShareAnswer | undefined {
  const { success, output } = safeParse(resultSchema, value);
  return success ? output : undefined;
}
