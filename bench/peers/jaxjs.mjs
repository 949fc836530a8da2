import {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  lax,
  numpy as np,
  random,
  valueAndGrad,
} from '@jax-js/jax';
import { answer, secondsOf } from './answer.mjs';

/**
 * One 3×3 convolution, compiled, alone or with both gradients. Of the batch only `images` are run: the time for all is
 * in proportion.
 */
async function convolution({ batch, images = batch, channels, size, gradients }) {
  await init('wasm');
  defaultDevice('wasm');
  const shapes = [
    [images, channels, size, size],
    [channels, channels, 3, 3],
    [images, channels, size, size],
  ];
  const inputs = shapes.map((shape, seed) => random.uniform(random.key(seed), shape));
  await blockUntilReady(inputs);
  const forward = (x, weight) => lax.conv(x, weight, [1, 1], 'SAME');
  const loss = (x, weight, upstream) => np.sum(forward(x, weight).mul(upstream));
  const backward = gradients.length > 0;
  const step = jit(backward ? valueAndGrad(loss, { argnums: [0, 1] }) : forward);
  const used = backward ? inputs : inputs.slice(0, 2);
  const once = async () => {
    // Every use of an array in jax-js consumes a reference to it.
    const results = [step(...used.map((array) => array.ref))].flat(2);
    await blockUntilReady(results);
    for (const result of results) result.dispose();
  };
  return async () => ((await secondsOf(once)) * batch) / images;
}

await answer(async ({ kind: _, ...workload }) => ({ run: await convolution(workload) }));
