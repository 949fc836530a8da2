import { matmul as product, trace } from '#src/tensor/index.js';
import { secondsOf } from '../answer.mjs';
import { noiseTensor } from './noise.mjs';

/** A chain of `links` products of matrices of side `size`: what the machine can do at its best. */
export async function matmul(runtime, { size, links }) {
  const program = trace(({ input }) => {
    const weight = input('weight', [size, size]);
    let y = input('x', [size, size]);
    for (let link = 0; link < links; link++) y = product(y, weight);
    return { y };
  });
  const executable = await runtime.load(program, { keep: ['y'] });
  // Small enough that the chain neither grows nor dies out: what it holds must stay ordinary numbers.
  const scale = Math.sqrt(12 / size);
  const feeds = {
    x: await runtime.upload(noiseTensor([size, size])),
    weight: await runtime.upload(noiseTensor([size, size], scale)),
  };
  return () =>
    secondsOf(async () => {
      const { kept } = await executable.run(feeds);
      kept.y.release();
    });
}
