import { expect, test, vi } from 'vitest';
import { watchDevices } from '#src/runtime/web/lost-device.js';

/** A card's adapter whose devices end as they are told. */
class Adapter {
  async requestDevice({ label }: { label: string }) {
    return { label, lost: Promise.resolve({ reason: label, message: `${label}, in the browser's words` }) };
  }
}

test('a graphics card that is lost is told of, one that is let go is not', async () => {
  vi.stubGlobal('GPUAdapter', Adapter);
  const told: string[] = [];
  watchDevices((reason) => told.push(reason));
  const adapter = new Adapter();
  const device = await adapter.requestDevice({ label: 'destroyed' });
  await device.lost;
  expect(told).toEqual([]);
  const other = await adapter.requestDevice({ label: 'unknown' });
  expect(other.label, 'it is asked for as wanted').toBe('unknown');
  await other.lost;
  expect(told).toEqual(["unknown, in the browser's words"]);
  vi.unstubAllGlobals();
});

test('where there are no graphics cards nothing is watched', () => {
  expect(() => watchDevices(() => undefined)).not.toThrow();
});
