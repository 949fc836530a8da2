import { existsSync } from 'node:fs';
import { afterAll, beforeAll, type TestContext } from 'vitest';
import { compile } from '#src/compile/index.js';
import type { Runtime } from '#src/runtime/index.js';
import { createRuntime } from '#src/runtime/index.js';
import type { Program, TensorValue } from '#src/tensor/index.js';

/** The CPU for the tests of a file, with one thread. */
export function cpuRuntime(): () => Runtime {
  let runtime: Runtime | undefined;
  beforeAll(async () => {
    runtime = await createRuntime({ device: 'cpu', threads: 1 });
  });
  afterAll(() => runtime?.close());
  return () => {
    if (runtime === undefined) throw new Error('the runtime is not open yet');
    return runtime;
  };
}

/** Why the WebGPU provider cannot run here. The Vulkan loader reads the variable when the process starts. */
function missingDriver(): string | undefined {
  const driver = process.env.VK_DRIVER_FILES;
  if (driver === undefined) return 'VK_DRIVER_FILES names no Vulkan driver (`npm test` sets it)';
  return existsSync(driver) ? undefined : `VK_DRIVER_FILES is ${driver}, which does not exist`;
}

/**
 * The WebGPU provider for the tests of a file, over the Vulkan driver that `VK_DRIVER_FILES` names. Without one a test
 * that asks for it is skipped with a printed reason; with `CI=true` it fails.
 */
export function webgpuRuntime(): (context: TestContext) => Promise<Runtime> {
  let opened: Promise<Runtime> | undefined;
  afterAll(async () => (await opened)?.close());
  return (context) => {
    const reason = missingDriver();
    if (reason !== undefined) {
      if (process.env.CI === 'true') throw new Error(`${reason}; with CI=true it has to be there`);
      console.log(`skipped: ${context.task.name}: ${reason}`);
      context.skip(reason);
    }
    opened ??= createRuntime({ device: 'webgpu', threads: 1 });
    return opened;
  };
}

/** Compiles a program for the device, runs it once and fetches everything; feeds that it does not need are left out. */
export async function run(
  runtime: Runtime,
  program: Program,
  feeds: Readonly<Record<string, TensorValue>>,
): Promise<Readonly<Record<string, TensorValue>>> {
  const model = compile(program, runtime.device);
  const executable = await runtime.load(model);
  const needed = new Set(model.inputs.map(({ name }) => name));
  const given = Object.entries(feeds).filter(([name]) => needed.has(name));
  const { fetched } = await executable.run(Object.fromEntries(given));
  await executable.release();
  return fetched;
}
