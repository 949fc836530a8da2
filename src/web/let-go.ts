/**
 * Frees the memory of numbers at once; they are none then. A worker that waits collects for minutes nothing of what it no longer
 * needs. What was handed over is gone already. Browsers from before 2024 free it when they like.
 */
export function letGo({ buffer }: ArrayBufferView): void {
  const transfer: unknown = Reflect.get(buffer, 'transfer');
  if (typeof transfer === 'function' && buffer.byteLength > 0) transfer.call(buffer, 0);
}
