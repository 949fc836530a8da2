import { denoisingData, denoisingObjective, sdap } from '#src/denoise/index.js';
import { dbsnl } from '#src/networks/index.js';
import { createRandom, declareParameters, initialiseParameters } from '#src/nn/index.js';
import type { DataSource, Feeds, Objective, Patches } from '#src/training/index.js';
import type { TensorValue } from '#src/tensor/index.js';
import { multiply, sum, square, subtract } from '#src/tensor/index.js';

/** A blind-spot network so small that a step takes milliseconds. */
const network = dbsnl({ in_ch: 3, out_ch: 3, base_ch: 4, num_module: 1 });
const size = { batch: 2, patch: 20 };

/** Fresh parameters of the tiny network. */
export function tinyParameters(seed = 1): Readonly<Record<string, TensorValue>> {
  return initialiseParameters(declareParameters(network, [1, 3, 20, 20]), seed);
}

/** Noisy patches of smooth pictures, of which there are only `different` ones. */
function drawnPatches(different: number, seed: number): DataSource<Patches> {
  return {
    at: async (step) => {
      const random = createRandom(seed, step % different);
      const [tilt, turn] = [random.uniform(), random.uniform()];
      const patches = Float32Array.from({ length: size.batch * 3 * size.patch ** 2 }, (_, i) => {
        const [x, y] = [i % size.patch, Math.floor(i / size.patch) % size.patch];
        return 0.5 + (0.2 * tilt * x) / size.patch + (0.2 * turn * y) / size.patch + 0.1 * random.normal();
      });
      return { patches };
    },
  };
}

/** An objective with what its steps are fed. */
export type Lesson = Objective & DataSource<Feeds>;

/** What a plan takes of a lesson. */
export const taught = (lesson: Lesson) => ({ objective: lesson, data: lesson });

/** SDAP with the tiny network on drawn patches. */
export function tinyObjective(different = 1000, seed = 5): Lesson {
  return {
    ...denoisingObjective(sdap, network, size),
    ...denoisingData(sdap, drawnPatches(different, 12 + seed), size, seed),
  };
}

/** ‖p − target‖²: its gradient is 2(p − target), so every step can be worked out by hand. */
export function bowl(target: number): Lesson {
  return {
    inputs: { target: { shape: [] } },
    loss: ({ p }, { target: goal }) => {
      if (p === undefined || goal === undefined) throw new Error('nothing to compare');
      return sum(square(subtract(p, goal)));
    },
    at: async () => ({ target: { data: Float32Array.of(target), shape: [], dtype: 'float32' } }),
  };
}

/** exp-like growth: the loss overflows as soon as the parameter is large. */
export function cliff(): Lesson {
  return {
    inputs: {},
    loss: ({ p }) => {
      if (p === undefined) throw new Error('no parameter');
      return sum(multiply(square(square(p)), square(p)));
    },
    at: async () => ({}),
  };
}

/** One parameter `p` of these numbers. */
export function parameterOf(...values: number[]): Readonly<Record<string, TensorValue>> {
  return { p: { data: Float32Array.from(values), shape: [values.length], dtype: 'float32' } };
}
