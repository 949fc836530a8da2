/** What is kept for the next picture: made once, and again where that failed. */
export function once<Key, Thing>(make: (key: Key) => Promise<Thing>): (key: Key) => Promise<Thing> {
  const made = new Map<Key, Promise<Thing>>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const thing = make(key);
    made.set(key, thing);
    thing.catch(() => made.delete(key));
    return thing;
  };
}

/** One such thing: made when it is first asked for, and again where that failed. */
export function lazily<Thing>(make: () => Promise<Thing>): () => Promise<Thing> {
  const kept = once((_: undefined) => make());
  return () => kept(undefined);
}
