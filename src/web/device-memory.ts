/** Gibibytes of memory that the device has, in rough steps and 8 for more, as Chrome and its like tell; `undefined` where the browser does not. */
export function deviceMemory(): number | undefined {
  const device: unknown = Reflect.get(globalThis, 'navigator');
  const told: unknown =
    typeof device === 'object' && device !== null ? Reflect.get(device, 'deviceMemory') : undefined;
  return typeof told === 'number' && told > 0 ? told : undefined;
}

/** From so many gibibytes on, and where nothing is told, nothing is spared. */
const MUCH = 8;

/** Pixels of a result for which there is room in a gibibyte: 64 bytes each, in half of the memory. */
const PIXELS = 2 ** 23;

/** The most pixels of a result in a page: 134 megapixels. */
const MOST_PIXELS = 2 ** 27;

/** The most pixels of a result on a device with so many gibibytes. */
export const pixelsFor = (memory: number | undefined): number =>
  memory === undefined || memory >= MUCH ? MOST_PIXELS : Math.floor(PIXELS * memory);

/** The side of the first tiles on a device with so many gibibytes; `undefined`: as large as the network's own memory allows. */
export function tileFor(memory: number | undefined): number | undefined {
  if (memory === undefined || memory >= MUCH / 2) return undefined;
  return memory >= MUCH / 4 ? 384 : 256;
}
