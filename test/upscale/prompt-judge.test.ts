import { expect, test } from 'vitest';
import { type ClipConfig, clipTextParameters } from '#src/networks/index.js';
import { initialiseParameters, parameterSpecs } from '#src/nn/index.js';
import { grouped, isPrimitive, topologicalOrder, trace } from '#src/tensor/index.js';
import {
  type PromptConfig,
  promptDefault,
  promptFrozen,
  promptJudge,
  type PromptWords,
} from '#src/upscale/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { distance, randomValue } from '../networks/small-clip.js';

const cpu = cpuRuntime();

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

const firstContext = (config: Partial<PromptConfig>, words?: PromptWords): number[] => {
  const { context } = promptJudge({ ...promptDefault, ...config }, clip, 7, words).parameters;
  return Array.from(context?.data ?? [], Number);
};

test('prompts begin with noise as strong as is said', () => {
  const deviation = (numbers: readonly number[]): number =>
    Math.hypot(...numbers) / Math.sqrt(numbers.length);
  expect(deviation(firstContext({ pairs: 20 }))).toBeCloseTo(0.02, 3);
  expect(deviation(firstContext({ pairs: 20, deviation: 0.5 }))).toBeCloseTo(0.5, 1);
});

test('prompts that begin with words end with them, after the same noise in both of a pair', () => {
  const width = clip.transformer_width;
  const wordsOf = (count: number, first: number) => ({
    data: Float32Array.from({ length: count * width }, (_, i) => first + i),
    shape: [count, width],
    dtype: 'float32' as const,
  });
  const words = [wordsOf(2, 100), wordsOf(3, 200)];
  const context = firstContext({ tokens: 4 }, words);
  const vector = (text: number, token: number): number[] =>
    context.slice((text * 4 + token) * width, (text * 4 + token + 1) * width);
  expect([...vector(0, 2), ...vector(0, 3)]).toEqual(Array.from(wordsOf(2, 100).data));
  expect([...vector(1, 1), ...vector(1, 2), ...vector(1, 3)]).toEqual(Array.from(wordsOf(3, 200).data));
  expect(vector(1, 0)).toEqual(vector(0, 0));
  expect(vector(0, 0)).toEqual(firstContext({ tokens: 4 }).slice(0, width));
  expect(() => firstContext({ tokens: 2 }, words)).toThrow(/do not fit/);
  expect(() => firstContext({ pairs: 2 }, words)).toThrow(/4 prompts/);
});

test('averages the logits of its pairs where it is to, and looks at what it is to look at', async () => {
  const verdict = (config: Partial<PromptConfig>) => {
    const judge = promptJudge({ ...promptDefault, pairs: 3, ...config }, clip, 1);
    const text = initialiseParameters(clipTextParameters(clip), 2);
    const program = trace(({ input, inputs }) => {
      const frozen = {
        ...grouped(promptFrozen.text, inputs('text', text)),
        ...grouped(promptFrozen.marks, { vectors: input('marks', [2, clip.transformer_width]) }),
      };
      const seat = judge.judging(inputs('own', judge.parameters), frozen);
      const [logits] = seat({ [judge.sights[0] ?? 'image']: input('seen', [2, clip.embed_dim]) });
      if (logits === undefined) throw new Error('no verdict');
      return { logits };
    });
    return run(cpu(), program, {
      ...grouped('text', text),
      ...grouped('own', judge.parameters),
      marks: randomValue([2, clip.transformer_width], 5),
      seen: randomValue([2, clip.embed_dim], 6),
    });
  };
  const { logits: each } = await verdict({});
  const { logits: mean } = await verdict({ average: 'logits', input: 'resized' });
  expect(each?.shape).toEqual([2, 3]);
  expect(mean?.shape).toEqual([2, 1]);
  const numbers = Array.from(each?.data ?? [], Number);
  const expected = [0, 3].map((i) => numbers.slice(i, i + 3).reduce((sum, x) => sum + x, 0) / 3);
  expect(distance(mean, { data: Float32Array.from(expected), shape: [2, 1], dtype: 'float32' })).toBeLessThan(
    1e-5,
  );
  expect(promptJudge({ ...promptDefault, input: 'resized' }, clip, 1).sights).toEqual([
    'positionalEmbedding',
  ]);
});
