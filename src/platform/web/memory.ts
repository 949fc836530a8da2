/** What WebAssembly can address, less what the engine itself and its models take. */
const MOST = 3.5 * 2 ** 30;

/** Bytes that can be had: a page is told about how much memory the device has, in gigabytes, by some browsers. */
export function freeMemory(): number {
  const device: unknown = Reflect.get(navigator, 'deviceMemory');
  return typeof device === 'number' ? Math.min(MOST, 0.5 * device * 2 ** 30) : MOST;
}
