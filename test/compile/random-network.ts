import { createRandom } from '#src/nn/index.js';
import type { Program, Shape, Tensor } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';

/**
 * A chain of convolutions and of what stands between them in networks, with its gradients; the layouts differ along it.
 *
 * @param block channels of which images have one to four times as many
 */
export function randomLearning(seed: number, block: 8 | 16): Program {
  const random = createRandom(seed, 5);
  // On either side of the numbers of pixels from which on the blocked form is taken.
  const height = 4 + random.integer(9);
  const width = 4 + random.integer(10);
  const batch = 1 + random.integer(3);
  return t.trace((declare) => {
    const inputs: Tensor[] = [declare.input('x', [batch, block, height, width])];
    const fed = (name: string, shape: readonly number[]): Tensor => {
      const tensor = declare.input(name, shape);
      inputs.push(tensor);
      return tensor;
    };
    let x = inputs[0] ?? t.scalar(0);
    const earlier: Tensor[] = [];
    for (let layer = 0; layer < 5; layer++) {
      const channels = t.extent(x.shape, 1);
      const out = block * (1 + random.integer(2));
      const kernel = 1 + 2 * random.integer(2);
      const dilation = 1 + random.integer(2);
      const padding = kernel === 1 ? 0 : dilation;
      const weight = t.multiply(fed(`weight ${layer}`, [out, channels, kernel, kernel]), 0.3);
      const bias = random.integer(2) === 0 ? undefined : fed(`bias ${layer}`, [out]);
      const y = t.conv2d(x, weight, bias, { padding, dilation });
      const same = earlier.filter(({ shape }) => t.sameShape(shape, y.shape));
      const shortcut = same[random.integer(Math.max(1, same.length))] ?? y;
      const steps: readonly (() => Tensor)[] = [
        () => t.relu(y),
        () => t.add(shortcut, y),
        () => t.relu(t.add(y, shortcut)),
        () => t.leakyRelu(y, 0.1),
        () => t.concat([y, shortcut], 1),
        () => t.maxPool2d(t.upsampleNearest(y, 2), { kernel: 2 }),
        () => t.blockSum(t.multiply(t.upsampleNearest(y, 3), 0.2), 3),
        () => t.slice(t.concat([y, t.relu(y)], 1), { axis: 1, start: out, length: out }),
        () => t.where(t.greater(y, shortcut), t.tanh(y), t.multiply(shortcut, 0.5)),
        () => t.multiply(y, t.sigmoid(t.mean(y, { axes: [2, 3], keepAxes: true }))),
        () => t.subtract(y, t.transpose(t.transpose(shortcut, [0, 1, 3, 2]), [0, 1, 3, 2])),
      ];
      x = steps[random.integer(steps.length)]?.() ?? y;
      earlier.push(x, y);
    }
    const loss = t.mean(t.multiply(x, t.tanh(x)));
    const gradients = t.gradientsOf(loss, inputs);
    return {
      loss,
      last: x,
      ...Object.fromEntries(gradients.map((gradient, i) => [`gradient ${i}`, gradient])),
    };
  });
}

/**
 * A chain of convolutions whose weights are known, so wide that Winograd's filtering computes them.
 *
 * @param block channels; every image is some whole blocks wide, and an odd number of them where nothing is joined
 */
export function randomApplying(seed: number, block: 8 | 16): Program {
  const random = createRandom(seed, 7);
  const channels = block * (block === 8 ? 13 : 7);
  const batch = 1 + random.integer(2);
  // Just enough pixels, and heights that tiles of four rows fill or do not.
  const [height, width] = batch === 1 ? [17 + random.integer(4), 16] : [11 + random.integer(2), 12];
  const known = (of: Shape, scale: number): Tensor =>
    t.constant(
      Float32Array.from({ length: t.elementCount(of) }, () => scale * (2 * random.uniform() - 1)),
      of,
    );
  return t.trace(({ input }) => {
    let x = input('x', [batch, channels, height, width]);
    for (let layer = 0; layer < 2; layer++) {
      const into = t.extent(x.shape, 1);
      const bias = random.integer(2) === 0 ? undefined : known([channels], 1);
      const weight = known([channels, into, 3, 3], 1 / Math.sqrt(9 * into));
      const y = t.conv2d(x, weight, bias, { padding: 1 });
      const before = into === channels ? x : y;
      const steps: readonly (() => Tensor)[] = [
        () => t.leakyRelu(y, 0.2),
        () => t.add(before, t.multiply(y, 0.2)),
        () => t.concat([t.relu(y), before], 1),
        () => t.maxPool2d(t.upsampleNearest(y, 2), { kernel: 2 }),
        () => t.multiply(y, known([1, channels, 1, 1], 1)),
        () => t.where(t.greater(y, before), t.tanh(y), before),
      ];
      x = steps[random.integer(steps.length)]?.() ?? y;
    }
    return { last: x };
  });
}
