import { afterAll, expect, test } from 'vitest';
import { compile } from '#src/compile/index.js';
import { fastestDevice } from '#src/runtime/node/devices.js';
import type { Runtime } from '#src/runtime/index.js';
import { createRuntime } from '#src/runtime/node/index.js';
import {
  conv2d,
  type DType,
  type Program,
  type Shape,
  sum,
  type TensorData,
  trace,
  valueAndGrad,
} from '#src/tensor/index.js';
import { additionModel, floats } from './programs.js';
import { useSwiftShader } from './swiftshader.js';

const open: Runtime[] = [];
afterAll(async () => {
  for (const runtime of open) await runtime.close();
});

/** Opened once, and only when a test wants it. Opening passes the self-check. */
async function device(name: 'webgpu' | 'cpu'): Promise<Runtime> {
  const found = open.find((runtime) => runtime.device === name);
  if (found !== undefined) return found;
  const runtime = await createRuntime({ device: name });
  open.push(runtime);
  // While anything lies on a graphics card, the programs that were compiled for it stay.
  await runtime.upload(floats([1]));
  return runtime;
}

async function results(name: 'webgpu' | 'cpu', program: Program) {
  const runtime = await device(name);
  const model = compile(program, { device: name });
  const executable = await runtime.load(model);
  const { fetched } = await executable.run(
    Object.fromEntries(model.inputs.map((port) => [port.name, floats(port.shape)])),
  );
  await executable.release();
  return fetched;
}

test('is opened by name, and says that the GPU is made of software', async (context) => {
  useSwiftShader(context);
  const runtime = await device('webgpu');
  expect(runtime.device).toBe('webgpu');
  expect(runtime.description).toMatch(/^GPU \(WebGPU/);
});

test('is not chosen by itself when the GPU is made of software', async (context) => {
  useSwiftShader(context);
  const warnings: string[] = [];
  const chosen = await fastestDevice({ onWarning: (line) => warnings.push(line) }, await device('cpu'));
  expect(chosen).toBe('cpu');
  expect(warnings).toEqual([]);
});

test('loops belong to the CPU', async (context) => {
  useSwiftShader(context);
  const runtime = await device('webgpu');
  const nothing = { module: new Uint8Array(), arrays: [], written: [], scalars: [], functions: [] };
  await expect(runtime.loadLoop(nothing)).rejects.toThrow('loops run on the CPU only');
});

test('tensors stay on the device from run to run', async (context) => {
  useSwiftShader(context);
  const runtime = await device('webgpu');
  const executable = await runtime.load(additionModel([4], 'webgpu'), { keep: ['total'] });
  const x = await runtime.upload(floats([4], (i) => i));
  let y = await runtime.upload(floats([4], () => 1));
  for (let step = 0; step < 3; step++) {
    const { fetched, kept } = await executable.run({ x, y });
    expect(fetched.sum?.data).toEqual(Float32Array.of(10 + 6 * step));
    y.release();
    const next = kept.total;
    if (next === undefined) throw new Error('nothing was kept');
    y = next;
  }
  await executable.release();
  // What a session has made outlives it.
  expect(await runtime.download(y)).toEqual({
    data: Float32Array.of(1, 4, 7, 10),
    shape: [4],
    dtype: 'float32',
  });
  await runtime.write(
    y,
    floats([4], (i) => -i - 1),
  );
  expect((await runtime.download(y)).data).toEqual(Float32Array.of(-1, -2, -3, -4));
});

test('a run decides anew what it keeps and fetches', async (context) => {
  useSwiftShader(context);
  const runtime = await device('webgpu');
  const executable = await runtime.load(additionModel([2], 'webgpu'), { keep: ['total'] });
  const feeds = { x: floats([2], () => 1), y: floats([2], () => 2) };
  const fetchedOnly = await executable.run(feeds, { keep: [], fetch: ['total'] });
  expect(fetchedOnly.fetched).toEqual({
    total: { data: Float32Array.of(3, 3), shape: [2], dtype: 'float32' },
  });
  const both = await executable.run(feeds, { keep: ['total', 'sum'], fetch: ['sum'] });
  expect(both.fetched.sum?.data).toEqual(Float32Array.of(6));
  expect(Object.keys(both.kept)).toEqual(['total', 'sum']);
});

test.for<[DType, TensorData, Shape]>([
  ['float32', Float32Array.of(0.5, -2, 3), [3]],
  ['float32', Float32Array.of(42), []],
  ['int32', Int32Array.of(-1, 7), [2, 1]],
  ['int64', BigInt64Array.of(-5n, 9n), [2]],
  ['bool', Uint8Array.of(1, 0, 1), [1, 3]],
])('%s %s goes up and comes back', async ([dtype, data, shape], context) => {
  useSwiftShader(context);
  const runtime = await device('webgpu');
  const tensor = await runtime.upload({ data, shape, dtype });
  expect(await runtime.download(tensor)).toEqual({ data, shape, dtype });
  tensor.release();
});

// The layout that the provider prefers gets these wrong: see session-options.ts.
test.for([
  { channels: 6, weight: [4, 6, 3, 3], groups: 1 },
  { channels: 9, weight: [8, 9, 3, 1], groups: 1 },
  { channels: 4, weight: [10, 2, 3, 3], groups: 2 },
  { channels: 8, weight: [4, 2, 3, 3], groups: 4 },
])(
  'convolutions and their gradients agree with the CPU: $channels channels to $weight, $groups groups',
  async ({ channels, weight, groups }, context) => {
    useSwiftShader(context);
    const program = trace(({ input }) => {
      const parameters = { x: input('x', [2, channels, 7, 6]), weight: input('weight', weight) };
      const { value, gradients } = valueAndGrad(({ x = parameters.x, weight: w = parameters.weight }) => {
        const y = conv2d(x, w, undefined, { padding: [1, 0, 2, 1], stride: [2, 1], groups });
        return sum(conv2d(y, input('other', [3, weight[0] ?? 0, 2, 2])));
      })(parameters);
      return { value, gradient: gradients };
    });
    const [actual, expected] = [await results('webgpu', program), await results('cpu', program)];
    for (const [name, { data }] of Object.entries(expected)) {
      const scale = Math.max(...[...data].map((value) => Math.abs(Number(value))));
      const error = Math.max(
        ...[...data].map((value, i) => Math.abs(Number(value) - Number(actual[name]?.data[i]))),
      );
      expect(error / scale, name).toBeLessThan(2e-5);
    }
  },
);
