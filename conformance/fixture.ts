import type { TensorSpec, TensorValue } from '#src/tensor/index.js';
import { readSafetensors, type StoredTensor } from '#src/weights/index.js';

/** A fixture file: numbers that the method's original program computed. */
export interface Fixture {
  readonly path: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Readonly<Record<string, TensorValue>>;
}

function toValue(name: string, { dtype, shape, data }: StoredTensor): TensorValue {
  if (data instanceof Float32Array) return { dtype: 'float32', shape, data };
  if (data instanceof BigInt64Array) return { dtype: 'int64', shape, data };
  if (data instanceof Uint8Array) return { dtype: 'bool', shape, data };
  if (data instanceof Int32Array) return { dtype: 'int32', shape, data };
  throw new Error(`tensor ${name} has the element type ${dtype}, which fixtures do not use`);
}

/** Reads a fixture file. */
export async function readFixture(path: string): Promise<Fixture> {
  const file = await readSafetensors(path);
  const tensors = Object.fromEntries(
    [...file.tensors].map(([name, tensor]) => [name, toValue(name, tensor)]),
  );
  return { path, metadata: file.metadata, tensors };
}

/** The tensor called `name`; an error that names it where it is missing. */
export function expectTensor(fixture: Fixture, name: string): TensorValue {
  const tensor = fixture.tensors[name];
  if (tensor === undefined) throw new Error(`the file has no tensor ${name}`);
  return tensor;
}

/** All tensors whose names start with `prefix`, under the rest of their names. */
export function tensorsUnder(fixture: Fixture, prefix: string): Record<string, TensorValue> {
  return Object.fromEntries(
    Object.entries(fixture.tensors).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
    ),
  );
}

/** Shapes and types of values, as inputs of a program. */
export function specsOf(values: Readonly<Record<string, TensorValue>>): Record<string, TensorSpec> {
  return Object.fromEntries(
    Object.entries(values).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
  );
}

export { grouped } from '#src/tensor/index.js';

/** ‖a − b‖ / ‖b‖; Infinity where shapes differ or a number is not finite. */
export function relativeError(actual: TensorValue | undefined, expected: TensorValue): number {
  if (actual === undefined || actual.shape.join() !== expected.shape.join()) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.data.length; i++) {
    const b = Number(expected.data[i]);
    difference += (Number(actual.data[i]) - b) ** 2;
    norm += b ** 2;
  }
  if (!Number.isFinite(difference)) return Number.POSITIVE_INFINITY;
  return norm === 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
}

/**
 * The relative error over the taps that a mask keeps. The original program zeroes the centre of a masked kernel in
 * place before each forward pass, so its gradient and its step there are numbers that never act; here they are 0.
 */
export function maskedError(
  fixture: Fixture,
  key: string,
  actual: TensorValue | undefined,
  expected: TensorValue,
): number {
  const mask = key.endsWith('.weight')
    ? fixture.tensors[`param/${key.replace(/weight$/, 'mask')}`]
    : undefined;
  if (mask === undefined) return relativeError(actual, expected);
  const masked = (value: TensorValue): TensorValue => ({
    ...value,
    data: Float32Array.from(mask.data, (m: number | bigint, i: number) => Number(m) * Number(value.data[i])),
  });
  return actual === undefined ? Number.POSITIVE_INFINITY : relativeError(masked(actual), masked(expected));
}

/** A JSON value in the metadata. */
export function metadataJson(fixture: Fixture, key: string): unknown {
  const text = fixture.metadata[key];
  if (text === undefined) throw new Error(`the metadata has no ${key}`);
  return JSON.parse(text);
}

/** One comparison: what, how far off (relative), and how far it may be. */
export interface Check {
  readonly what: string;
  readonly error: number;
  readonly tolerance: number;
}

/** Relative tolerances of the fixtures. */
export const tolerances = {
  forward: 1e-5,
  forwardFullSize: 1e-4,
  gradient: 1e-4,
  parameterChange: 1e-3,
} as const;
