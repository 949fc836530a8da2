import { afterAll, beforeAll, type TestContext } from 'vitest';
import type { CompiledModel } from '#src/compile/index.js';
import type { Runtime } from '#src/runtime/index.js';
import { neededFeeds } from '#src/runtime/index.js';
import { createRuntime } from '#src/runtime/node/index.js';
import type { Program, TensorValue } from '#src/tensor/index.js';
import { useSwiftShader } from '../runtime/swiftshader.js';

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

/** The WebGPU provider for the tests of a file, over a Vulkan driver made of software; a test without it is skipped. */
export function webgpuRuntime(): (context: TestContext) => Promise<Runtime> {
  let opened: Promise<Runtime> | undefined;
  afterAll(async () => (await opened)?.close());
  return (context) => {
    useSwiftShader(context);
    opened ??= createRuntime({ device: 'webgpu', threads: 1 });
    return opened;
  };
}

/** Compiles a program for the device, unless it is compiled, runs it once and fetches everything; feeds that it does not need are left out. */
export async function run(
  runtime: Runtime,
  program: Program | CompiledModel,
  feeds: Readonly<Record<string, TensorValue>>,
): Promise<Readonly<Record<string, TensorValue>>> {
  await using executable = await runtime.load(program);
  const { fetched } = await executable.run(neededFeeds(executable, feeds));
  return fetched;
}
