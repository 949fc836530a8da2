import { conv2d, gradientsOf, multiply, sum, trace } from '#src/tensor/index.js';
import { secondsOf } from '../answer.mjs';
import { noiseTensor } from './noise.mjs';

/** One 3×3 convolution and some of its gradients. Everything stays on the device, as in the middle of a network. */
export async function convolution(runtime, { batch, channels, size, gradients }) {
  const [imageShape, weightShape] = [
    [batch, channels, size, size],
    [channels, channels, 3, 3],
  ];
  const program = trace(({ input }) => {
    const operands = { input: input('x', imageShape), weight: input('weight', weightShape) };
    const y = conv2d(operands.input, operands.weight, undefined, { padding: 1 });
    if (gradients.length === 0) return { y };
    const upstream = input('upstream', imageShape);
    const computed = gradientsOf(
      sum(multiply(y, upstream)),
      gradients.map((name) => operands[name]),
    );
    return { y, gradient: Object.fromEntries(gradients.map((name, index) => [name, computed[index]])) };
  });
  const keep = Object.keys(program.outputs);
  const executable = await runtime.load(program, { keep, optimization: 'training' });
  const feeds = {};
  for (const { name, shape } of executable.inputs) feeds[name] = await runtime.upload(noiseTensor(shape));
  return () =>
    secondsOf(async () => {
      const { kept } = await executable.run(feeds);
      for (const tensor of Object.values(kept)) tensor.release();
    });
}
