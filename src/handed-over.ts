/** How deep buffers may lie: in the data of an image of a layer among several of an answer to a question they lie at 5. */
const DEEPEST = 6;

/** The buffers of a result that can be handed over to another thread in place of being copied. */
export function buffersOf(result: unknown): readonly ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const look = (value: unknown, depth: number): void => {
    if (ArrayBuffer.isView(value)) {
      if (value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength)
        found.add(value.buffer);
    } else if (typeof value === 'object' && value !== null && depth < DEEPEST)
      for (const inner of Object.values(value)) look(inner, depth + 1);
  };
  look(result, 0);
  return [...found];
}
