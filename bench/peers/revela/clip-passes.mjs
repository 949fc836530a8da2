import { clipImage, normaliseForClip } from '#src/networks/index.js';
import { scopeOf } from '#src/nn/index.js';
import { add, gradientsOf, multiply, sum, trace } from '#src/tensor/index.js';
import { secondsOf } from '../answer.mjs';
import { noiseTensor } from './noise.mjs';
import { madeClipImage } from './sfd-game.mjs';

/**
 * What a step of SFD does with CLIP's image encoder, alone: it looks at the made and at the real picture, and a gradient
 * goes from what the judges see of the made one (`sights`) back to its pixels.
 */
export async function clipPasses(runtime, { clip, sights, patch }) {
  const weights = madeClipImage(clip);
  const shape = [1, 3, patch, patch];
  const program = trace(({ input, inputs }) => {
    const scope = scopeOf(inputs('clip', weights));
    const look = (picture) => {
      const features = clipImage(clip)(scope, normaliseForClip(picture));
      return Object.fromEntries(sights.map((sight) => [sight, features[sight]]));
    };
    const made = input('made', shape);
    const [fake, real] = [look(made), look(input('real', shape))];
    const weighed = sights.map((sight) =>
      sum(multiply(fake[sight], input(`upstream/${sight}`, fake[sight].shape))),
    );
    const [slope] = gradientsOf(weighed.reduce(add), [made]);
    return { fake, real, slope };
  });
  const keep = Object.keys(program.outputs);
  const executable = await runtime.load(program, { keep, optimization: 'training' });
  const feeds = {};
  for (const { name, shape } of executable.inputs)
    feeds[name] = await runtime.upload(weights[name.replace('clip/', '')] ?? noiseTensor(shape));
  return () =>
    secondsOf(async () => {
      const { kept } = await executable.run(feeds);
      for (const tensor of Object.values(kept)) tensor.release();
    });
}
