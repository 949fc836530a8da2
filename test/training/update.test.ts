import { expect, test } from 'vitest';
import { adam, adamW, createRandom, type Optimiser, sgd } from '#src/nn/index.js';
import type { DeviceTensor, Runtime } from '#src/runtime/index.js';
import type { Shape, TensorValue } from '#src/tensor/index.js';
import { elementCount } from '#src/tensor/index.js';
import { prepareUpdate, stateKinds } from '#src/training/index.js';
import { cpuRuntime, webgpuRuntime } from '../compile/running.js';

const cpu = cpuRuntime();
const webgpu = webgpuRuntime();

const shapes: Readonly<Record<string, Shape>> = { 'a.weight': [3, 2, 2, 2], 'a.bias': [3], b: [] };

function drawn(shape: Shape, seed: number): TensorValue {
  const random = createRandom(seed);
  return {
    data: Float32Array.from({ length: elementCount(shape) }, () => random.normal()),
    shape,
    dtype: 'float32',
  };
}

/** The state after three steps, as numbers by kind and key. */
async function steps(runtime: Runtime, optimiser: Optimiser): Promise<Record<string, number[]>> {
  await using update = await prepareUpdate(runtime, optimiser, shapes);
  const group = async (seed: number, zero: boolean): Promise<Record<string, DeviceTensor>> => {
    const uploaded: Record<string, DeviceTensor> = {};
    for (const [key, shape] of Object.entries(shapes)) {
      const value = drawn(shape, seed);
      uploaded[key] = await runtime.upload(
        zero ? { ...value, data: new Float32Array(value.data.length) } : value,
      );
    }
    return uploaded;
  };
  let state: Readonly<Record<string, Readonly<Record<string, DeviceTensor>>>> = Object.fromEntries(
    await Promise.all(
      stateKinds(optimiser).map(
        async (kind, i) => [kind, await group(i, optimiser.slots.includes(kind))] as const,
      ),
    ),
  );
  for (const step of [1, 2, 3]) {
    const gradients = await group(10 + step, false);
    state = await update.apply(state, gradients, {
      learningRate: 0.05,
      step,
      gradientScale: 0.5,
      decay: 0.8,
    });
    for (const gradient of Object.values(gradients)) gradient.release();
  }
  const result: Record<string, number[]> = {};
  for (const [kind, tensors] of Object.entries(state))
    for (const [key, tensor] of Object.entries(tensors)) {
      result[`${kind}/${key}`] = Array.from((await runtime.download(tensor)).data, Number);
      tensor.release();
    }
  return result;
}

const optimisers: readonly Optimiser[] = [
  adam({ weightDecay: 0.01 }),
  adamW(),
  sgd({ momentum: 0.9 }),
  sgd(),
];

test.for(optimisers)(
  'a GPU updates as the CPU does: $name with $slots.length slots',
  async (optimiser, context) => {
    const gpu = await webgpu(context);
    const [expected, actual] = [await steps(cpu(), optimiser), await steps(gpu, optimiser)];
    expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
    expect(Object.keys(expected).length).toBe(3 * (2 + optimiser.slots.length));
    for (const [name, values] of Object.entries(expected))
      for (const [i, value] of values.entries())
        expect(Math.abs(value - (actual[name]?.[i] ?? Number.NaN)), `${name} ${i}`).toBeLessThan(1e-5);
  },
);
