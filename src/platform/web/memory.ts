/** Bytes that can be had: pages are not told, and find out by asking. */
export const freeMemory = (): number => Number.POSITIVE_INFINITY;
