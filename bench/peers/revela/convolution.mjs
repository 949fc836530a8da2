import { compile } from '#src/compile/index.js';
import { conv2d, gradientsOf, multiply, sum, trace } from '#src/tensor/index.js';
import { secondsOf } from '../answer.mjs';
import { noiseTensor } from './noise.mjs';

/** One 3×3 convolution; `backward` adds both gradients. Everything stays on the device, as in the middle of a network. */
export async function convolution(runtime, { batch, channels, size, backward }) {
  const [imageShape, weightShape] = [
    [batch, channels, size, size],
    [channels, channels, 3, 3],
  ];
  const program = trace(({ input }) => {
    const [x, weight, upstream] = [input('x', imageShape), input('weight', weightShape), input('upstream', imageShape)];
    const y = conv2d(x, weight, undefined, { padding: 1 });
    if (!backward) return { y };
    const [ofX, ofWeight] = gradientsOf(sum(multiply(y, upstream)), [x, weight]);
    return { y, ofX, ofWeight };
  });
  const model = compile(program, runtime.device);
  const keep = model.outputs.map(({ name }) => name);
  const executable = await runtime.load(model, { keep, optimization: 'training' });
  const feeds = {};
  for (const { name, shape } of model.inputs) feeds[name] = await runtime.upload(noiseTensor(shape));
  return () =>
    secondsOf(async () => {
      const { kept } = await executable.run(feeds);
      for (const tensor of Object.values(kept)) tensor.release();
    });
}
