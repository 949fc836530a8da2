/** As much of WebGPU as is watched. */
interface Adapters {
  readonly prototype: { requestDevice(wanted?: unknown): Promise<Device> };
}

interface Device {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
}

const isAdapters = (value: unknown): value is Adapters =>
  typeof value === 'function' && typeof value.prototype?.requestDevice === 'function';

/**
 * Tells when a graphics card that is opened in this thread from now on is lost, as ONNX Runtime does not: what it asked such a card may never
 * be answered. A card that is let go is not lost.
 *
 * @param lost told why, in the browser's words
 */
export function watchDevices(lost: (reason: string) => void): void {
  const adapters: unknown = Reflect.get(globalThis, 'GPUAdapter');
  if (!isAdapters(adapters)) return;
  const { prototype } = adapters;
  const request = prototype.requestDevice;
  prototype.requestDevice = async function requestDevice(wanted) {
    const device = await request.call(this, wanted);
    void device.lost.then(({ reason, message }) => {
      if (reason !== 'destroyed') lost(message || reason);
    });
    return device;
  };
}
