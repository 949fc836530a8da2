/**
 * What a value of JSON must be like, to its leaves: `problem` says in words what is wrong where, or nothing.
 * The places in messages are written as in programs: `recipe.stages[0].patch`.
 */
export interface Schema<T> {
  /** What is wrong with the value that stands at a place. */
  problem(value: unknown, place: string): string | undefined;
  is(value: unknown): value is T;
}

/** The schema of a field that may be left out. */
export interface OptionalSchema<T> extends Schema<T> {
  readonly optional: true;
}

/** A schema for every field of a type, so that none can be forgotten: those that may be left out are marked. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K>
    ? OptionalSchema<Required<T>[K]>
    : Schema<T[K]>;
};

function schema<T>(problem: Schema<T>['problem']): Schema<T> {
  return { problem, is: (value): value is T => problem(value, '') === undefined };
}

const wrong = (place: string, expected: string, value: unknown): string =>
  `${place === '' ? 'it' : place} must be ${expected}, got ${shown(value)}`;

/** A value as one recognises it, and no more of it than fits into a line. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

export const text: Schema<string> = schema((value, place) =>
  typeof value === 'string' ? undefined : wrong(place, 'a text', value),
);

export const flag: Schema<boolean> = schema((value, place) =>
  typeof value === 'boolean' ? undefined : wrong(place, 'true or false', value),
);

/** A number within bounds, both allowed. */
export const numberFrom = (least: number, most: number): Schema<number> =>
  schema((value, place) =>
    typeof value === 'number' && value >= least && value <= most
      ? undefined
      : wrong(place, `a number from ${least} to ${most}`, value),
  );

/** A whole number within bounds, both allowed. */
export const wholeFrom = (least: number, most: number): Schema<number> =>
  schema((value, place) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? undefined
      : wrong(place, `a whole number from ${least} to ${most}`, value),
  );

export const oneOf = <T extends string | number>(list: readonly T[]): Schema<T> =>
  schema((value, place) =>
    list.some((entry) => entry === value) ? undefined : wrong(place, `one of ${list.join(', ')}`, value),
  );

/** Nothing but this value. */
export const exactly = <T extends string>(only: T): Schema<T> => oneOf([only]);

export const nullable = <T>(inner: Schema<T>): Schema<T | null> =>
  schema((value, place) => (value === null ? undefined : inner.problem(value, place)));

export const optional = <T>(inner: Schema<T>): OptionalSchema<T> => ({ ...inner, optional: true });

/** What fits to at least one of them; of what fits to none, the problem with the last is told. */
export const either = <A, B>(first: Schema<A>, second: Schema<B>): Schema<A | B> =>
  schema((value, place) =>
    first.problem(value, place) === undefined ? undefined : second.problem(value, place),
  );

/** A list of at least so many entries. */
export const listOf = <T>(entry: Schema<T>, least = 0): Schema<readonly T[]> =>
  schema((value, place) => {
    if (!Array.isArray(value)) return wrong(place, 'a list', value);
    if (value.length < least) return wrong(place, `a list of at least ${least}`, value);
    return first(value.entries(), ([i, one]) => entry.problem(one, `${place}[${i}]`));
  });

export const pairOf = <T>(entry: Schema<T>): Schema<readonly [T, T]> =>
  schema((value, place) =>
    Array.isArray(value) && value.length === 2
      ? listOf(entry).problem(value, place)
      : wrong(place, 'a list of two', value),
  );

/** An object with any names. */
export const recordOf = <T>(entry: Schema<T>): Schema<Readonly<Record<string, T>>> =>
  schema((value, place) =>
    isRecord(value)
      ? first(Object.entries(value), ([name, one]) => entry.problem(one, at(place, name)))
      : wrong(place, 'an object', value),
  );

/** An object with these fields and no others. */
export const objectOf = <T extends object>(fields: Fields<T>): Schema<T> => {
  const known = new Map<string, Schema<unknown>>(Object.entries(fields));
  return schema((value, place) => {
    if (!isRecord(value)) return wrong(place, 'an object', value);
    const strange = Object.keys(value).find((name) => !known.has(name));
    if (strange !== undefined) return `${at(place, strange)} is no setting that this revela knows`;
    return first(known, ([name, field]) =>
      Object.hasOwn(value, name) || !('optional' in field)
        ? field.problem(value[name], at(place, name))
        : undefined,
    );
  });
};

const at = (place: string, name: string): string => (place === '' ? name : `${place}.${name}`);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first thing that is found in entries. */
function first<E>(entries: Iterable<E>, find: (entry: E) => string | undefined): string | undefined {
  for (const entry of entries) {
    const found = find(entry);
    if (found !== undefined) return found;
  }
  return undefined;
}
