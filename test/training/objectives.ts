import { sdap, denoisingObjective } from '#src/denoise/index.js';
import { dbsnl } from '#src/networks/index.js';
import { createRandom, declareParameters, initialiseParameters } from '#src/nn/index.js';
import type { Objective, Patches } from '#src/training/index.js';
import type { TensorValue } from '#src/tensor/index.js';
import { multiply, sum, square, subtract } from '#src/tensor/index.js';

/** A blind-spot network so small that a step takes milliseconds. */
const network = dbsnl({ in_ch: 3, out_ch: 3, base_ch: 4, num_module: 1 });
const size = { batch: 2, patch: 20 };

/** Fresh parameters of the tiny network. */
export function tinyParameters(seed = 1): Readonly<Record<string, TensorValue>> {
  return initialiseParameters(declareParameters(network, [1, 3, 20, 20]), seed);
}

/** Noisy patches of smooth pictures, a pure function of the step, of which there are only `different` ones. */
function drawnPatches(startStep: number, different: number): Patches {
  let next = startStep;
  return {
    next: async () => {
      const step = next++;
      const random = createRandom(17, step % different);
      const [tilt, turn] = [random.uniform(), random.uniform()];
      const patches = Float32Array.from({ length: size.batch * 3 * size.patch ** 2 }, (_, i) => {
        const [x, y] = [i % size.patch, Math.floor(i / size.patch) % size.patch];
        return 0.5 + (0.2 * tilt * x) / size.patch + (0.2 * turn * y) / size.patch + 0.1 * random.normal();
      });
      return { step, patches };
    },
  };
}

/** SDAP with the tiny network on drawn patches. */
export function tinyObjective(startStep = 0, different = 1000): Objective {
  return denoisingObjective(sdap, network, drawnPatches(startStep, different), size, 5);
}

/** ‖p − target‖²: its gradient is 2(p − target), so every step can be worked out by hand. */
export function bowl(target: number): Objective {
  return {
    inputs: { target: { shape: [] } },
    loss: ({ p }, { target: goal }) => {
      if (p === undefined || goal === undefined) throw new Error('nothing to compare');
      return sum(square(subtract(p, goal)));
    },
    feeds: async () => ({ target: { data: Float32Array.of(target), shape: [], dtype: 'float32' } }),
  };
}

/** exp-like growth: the loss overflows as soon as the parameter is large. */
export function cliff(): Objective {
  return {
    inputs: {},
    loss: ({ p }) => {
      if (p === undefined) throw new Error('no parameter');
      return sum(multiply(square(square(p)), square(p)));
    },
    feeds: async () => ({}),
  };
}

/** One parameter `p` of these numbers. */
export function parameterOf(...values: number[]): Readonly<Record<string, TensorValue>> {
  return { p: { data: Float32Array.from(values), shape: [values.length], dtype: 'float32' } };
}
