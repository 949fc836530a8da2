import { expect, test } from 'vitest';
import { type ClipConfig, clipTextParameters } from '#src/networks/index.js';
import { parameterSpecs } from '#src/nn/index.js';
import { grouped, isPrimitive, topologicalOrder, trace } from '#src/tensor/index.js';
import { promptDefault, promptFrozen, promptJudge } from '#src/upscale/index.js';

const clip: ClipConfig = {
  ...{ embed_dim: 8, image_resolution: 32, vision_layers: [1, 1, 1, 1], vision_width: 4 },
  ...{ context_length: 20, vocab_size: 10 },
  ...{ transformer_width: 8, transformer_heads: 2, transformer_layers: 3 },
};

test('however many pictures it judges from its seat, it reads the prompts once', () => {
  const judge = promptJudge(promptDefault, clip, 0);
  const { outputs } = trace(({ input, inputs }) => {
    const frozen = {
      ...grouped(promptFrozen.text, inputs('text', parameterSpecs(clipTextParameters(clip)))),
      ...grouped(promptFrozen.marks, { vectors: input('marks', [2, clip.transformer_width]) }),
    };
    const own = inputs('own', judge.parameters);
    const verdict = judge.judging(own, frozen);
    const verdictOn = (name: string) => verdict({ embedding: input(name, [1, clip.embed_dim]) });
    const [real, fake] = [verdictOn('real')[0], verdictOn('fake')[0]];
    if (real === undefined || fake === undefined) throw new Error('no verdict');
    return { real, fake };
  });
  const attentions = topologicalOrder(Object.values(outputs)).filter((x) => isPrimitive(x, 'softmax'));
  expect(attentions.length).toBe(clip.transformer_layers);
});
