import { expect, test } from 'vitest';
import {
  networkCost,
  networkParameters,
  recogniseNetwork,
  SCORER_STRIDE,
  scorerArchitecture,
  scorerPlanes,
  taskOf,
} from '#src/networks/index.js';
import { applyNetwork, initialiseParameters } from '#src/nn/index.js';
import { trace } from '#src/tensor/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { refusal } from '../weights/files.js';
import { shapesOf } from './state-dicts.js';

const cpu = cpuRuntime();

test('the shipped size fits into 4 MiB and takes little work a pixel', () => {
  const cost = networkCost(scorerArchitecture.ofSize({}));
  expect(cost.parameters * 4).toBeLessThan(4 * 2 ** 20);
  expect(cost.multiplyAddsPerPixel).toBeLessThan(12_000);
});

test('its size is deduced from the tensors, and it is for scoring', () => {
  const shapes = shapesOf(scorerArchitecture.ofSize({ baseChannels: 8 }));
  expect(recogniseNetwork(shapes)).toMatchObject({ task: 'score', description: { config: { channels: 8 } } });
  expect(taskOf('scorer')).toBe('score');
  const { 'head.weight': head, ...headless } = shapes;
  expect(head).toBeDefined();
  expect(recogniseNetwork(headless)).toBeUndefined();
});

test('a depth cannot be chosen', async () => {
  expect(await refusal(() => scorerArchitecture.ofSize({ modules: 2 }))).toContain('modules');
});

test('gives a location for every 16 × 16 pixels, and the same for a picture in a batch as alone', async () => {
  const description = scorerArchitecture.ofSize({ baseChannels: 4 });
  const parameters = initialiseParameters(networkParameters(description), 3);
  const [height, width] = [64, 96];
  const picture = (seed: number): Float32Array =>
    Float32Array.from({ length: 3 * height * width }, (_, i) => ((i * (seed + 7919)) % 251) / 250);
  const maps = async (pictures: readonly Float32Array[]): Promise<Float32Array> => {
    const shape = [pictures.length, 3, height, width];
    const program = trace(({ input, inputs }) => ({
      maps: applyNetwork(description.network, inputs('parameter', parameters), input('x', shape)),
    }));
    expect(program.outputs['maps']?.shape).toEqual([
      pictures.length,
      scorerPlanes.length,
      height / SCORER_STRIDE,
      width / SCORER_STRIDE,
    ]);
    const data = new Float32Array(pictures.length * 3 * height * width);
    for (const [i, one] of pictures.entries()) data.set(one, i * one.length);
    const feeds = Object.fromEntries(
      Object.entries(parameters).map(([key, value]) => [`parameter/${key}`, value] as const),
    );
    const { maps: found } = await run(cpu(), program, { ...feeds, x: { data, shape, dtype: 'float32' } });
    return found?.data instanceof Float32Array ? found.data : expect.fail('no maps');
  };
  const together = await maps([picture(1), picture(2)]);
  const alone = await maps([picture(2)]);
  expect(alone.some((value) => value !== alone[0])).toBe(true);
  for (const [i, value] of alone.entries()) expect(together[alone.length + i]).toBeCloseTo(value, 4);
});
