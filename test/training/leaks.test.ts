import { expect, test } from 'vitest';
import { adam } from '#src/nn/index.js';
import { createTrainer, initialState } from '#src/training/index.js';
import { createRuntime } from '#src/runtime/node/index.js';
import { bowl } from './objectives.js';

const nothing = { models: 0, sessions: 0, tensors: 0, loops: 0 };
const parameters = { p: { data: Float32Array.of(3), shape: [], dtype: 'float32' } } as const;

test('two hundred trainings leave nothing on the device, whether they step, fail or do neither', async () => {
  await using runtime = await createRuntime({ device: 'cpu', threads: 1, target: { device: 'cpu' } });
  const start = initialState(adam(), parameters);
  for (let cycle = 0; cycle < 200; cycle++) {
    const objective = bowl(cycle);
    await using trainer = await createTrainer(runtime, objective, adam(), start);
    const feeds = await objective.at(0);
    const numbers = { learningRate: 0.1, step: 1, decay: 0 };
    if (cycle % 3 === 0) await trainer.step(feeds, numbers);
    if (cycle % 3 === 1) await expect(trainer.step({}, numbers)).rejects.toThrow('was not given');
  }
  expect(await runtime.held()).toEqual(nothing);
});

test('a training that cannot be set up leaves nothing either', async () => {
  await using runtime = await createRuntime({ device: 'cpu', threads: 1, target: { device: 'cpu' } });
  const wrong = { p: { data: Int32Array.of(3), shape: [], dtype: 'float32' } } as const;
  const start = { ...initialState(adam(), parameters), average: wrong };
  await expect(createTrainer(runtime, bowl(1), adam(), start)).rejects.toThrow('Float32Array');
  expect(await runtime.held()).toEqual(nothing);
});
