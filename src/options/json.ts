import { fallback, type GenericSchema, type InferOutput, optional, safeParse } from 'valibot';

/**
 * What a text of JSON holds, as far as the schema says it; `undefined` for what is none, or is not like that.
 *
 * @example
 * readJson(object({ step: number() }), '{"step":3}')?.step; // 3
 */
export function readJson<Schema extends GenericSchema>(
  schema: Schema,
  text: string,
): InferOutput<Schema> | undefined {
  const { success, output } = safeParse(schema, valueIn(text));
  return success ? output : undefined;
}

function valueIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Of a field: what is missing, or wrong, is `undefined`, as if it had not been written. */
export const ifRight = <Schema extends GenericSchema>(schema: Schema) =>
  fallback(optional(schema), undefined);
