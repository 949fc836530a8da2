import { present } from '../present.js';
import type { Runtime } from '../runtime/index.js';
import { createRuntime } from '../runtime/node/index.js';
import type { DeviceOptions } from './device-options.js';

/** Opens the device that was chosen and says which one it is. */
export async function openDevice({
  device = 'auto',
  threads,
  onProgress,
  signal,
}: DeviceOptions): Promise<Runtime> {
  const note = (message: string): void => onProgress?.({ kind: 'note', message });
  const runtime = await createRuntime({
    device,
    ...present({ threads, signal }),
    onWarning: note,
  });
  note(`Device: ${runtime.description}`);
  return runtime;
}

/** Makes something ready on a device, which is closed where that fails. */
export async function onDevice<Result>(
  options: DeviceOptions,
  make: (runtime: Runtime) => Result | Promise<Result>,
): Promise<Result> {
  const runtime = await openDevice(options);
  try {
    return await make(runtime);
  } catch (error) {
    await runtime.close();
    throw error;
  }
}
