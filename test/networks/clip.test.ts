import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  type ClipConfig,
  clipConfigOf,
  clipImage,
  clipImageParameters,
  clipName,
  clipRn50Config,
  clipStateDictShapes,
  foldClip,
  normaliseForClip,
} from '#src/networks/index.js';
import { scopeOf } from '#src/nn/index.js';
import type { Shape, Tensor, TensorValue } from '#src/tensor/index.js';
import { batchNormEvaluation, conv2d, trace } from '#src/tensor/index.js';
import { readSafetensorsHeader } from '#src/weights/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { refusal } from '../weights/files.js';
import { distance, fed, imageParameters, randomValue, small } from './small-clip.js';
import { backwards, countOf } from './state-dicts.js';

const cpu = cpuRuntime();

/** The sizes that OpenAI published. */
const published: Readonly<Record<string, ClipConfig>> = {
  RN50: clipRn50Config,
  RN101: { ...clipRn50Config, embed_dim: 512, vision_layers: [3, 4, 23, 3] },
  RN50x4: {
    ...clipRn50Config,
    embed_dim: 640,
    image_resolution: 288,
    vision_layers: [4, 6, 10, 6],
    vision_width: 80,
    transformer_width: 640,
    transformer_heads: 10,
  },
  RN50x16: {
    ...clipRn50Config,
    embed_dim: 768,
    image_resolution: 384,
    vision_layers: [6, 8, 18, 8],
    vision_width: 96,
    transformer_width: 768,
    transformer_heads: 12,
  },
  RN50x64: {
    ...clipRn50Config,
    image_resolution: 448,
    vision_layers: [3, 15, 36, 10],
    vision_width: 128,
    transformer_width: 1024,
    transformer_heads: 16,
  },
};

/** Shapes of everything the image encoder makes of a picture of that size. */
function shapesAt(height: number, width: number, config = small): Record<string, Shape> {
  const shapes: Record<string, Shape> = {};
  trace(({ input, inputs }) => {
    const scope = scopeOf(inputs('p', initialisedSpecs(config)));
    const features = clipImage(config)(scope, input('x', [1, 3, height, width]));
    for (const [name, tensor] of Object.entries(features)) shapes[name] = tensor.shape;
    return {};
  });
  return shapes;
}

const initialisedSpecs = (config: ClipConfig) =>
  Object.fromEntries([...clipImageParameters(config)].map(([key, { shape }]) => [key, { shape }]));

describe('the size of RN50', () => {
  test('has the keys and shapes of the published state dict', async () => {
    const path = fileURLToPath(new URL('../fixtures/networks/clip_rn50_full.safetensors', import.meta.url));
    const { metadata } = await readSafetensorsHeader(path);
    const order: unknown = JSON.parse(metadata['parameter_order'] ?? '');
    const entries: [string, Shape][] = Array.isArray(order) ? order : [];
    const parameters = entries.filter(([key]) => !key.endsWith('num_batches_tracked'));
    expect(Object.fromEntries(clipStateDictShapes(clipRn50Config))).toEqual(Object.fromEntries(parameters));
  });

  test('has 38,316,896 parameters that see and 63,690,240 that read', () => {
    const shapes = Object.fromEntries(clipStateDictShapes(clipRn50Config));
    const count = (sees: boolean): number =>
      countOf(
        Object.fromEntries(
          Object.entries(shapes).filter(
            ([key]) => key.startsWith('visual.') === sees && !/running_(mean|var)$|^logit_scale$/.test(key),
          ),
        ),
      );
    expect(count(true)).toBe(38_316_896);
    expect(count(false)).toBe(63_690_240);
  });

  test('has the stages that the paper describes, at any size', () => {
    expect(shapesAt(224, 224, clipRn50Config)).toEqual({
      stem: [1, 64, 56, 56],
      layer1: [1, 256, 56, 56],
      layer2: [1, 512, 28, 28],
      layer3: [1, 1024, 14, 14],
      layer4: [1, 2048, 7, 7],
      embedding: [1, 1024],
      positionalEmbedding: [1, 1024],
    });
    expect(shapesAt(128, 256, clipRn50Config)).toEqual({
      stem: [1, 64, 32, 64],
      layer1: [1, 256, 32, 64],
      layer2: [1, 512, 16, 32],
      layer3: [1, 1024, 8, 16],
      layer4: [1, 2048, 4, 8],
      embedding: [1, 1024],
    });
  });
});

describe('recognition', () => {
  test.each(Object.entries(published))('deduces %s from shapes in any order', (name, config) => {
    const shapes = Object.fromEntries(clipStateDictShapes(config));
    for (const each of [shapes, backwards(shapes)]) {
      expect(clipConfigOf(each)).toEqual(config);
      expect(clipName(clipConfigOf(each) ?? small)).toBe(name);
    }
  });

  test('names other sizes by their numbers', () => {
    expect(clipName(small)).toBe('ResNet 1,2,1,1 of 8');
  });

  test.each<readonly [string, (shapes: Record<string, Shape>) => void]>([
    [
      'nothing',
      (shapes) => {
        for (const key of Object.keys(shapes)) delete shapes[key];
      },
    ],
    ['an image encoder alone', (shapes) => delete shapes['token_embedding.weight']],
    ['no attention pool', (shapes) => delete shapes['visual.attnpool.positional_embedding']],
    ['a table that is no square', (shapes) => (shapes['visual.attnpool.positional_embedding'] = [8, 256])],
  ])('leaves %s alone', (_, change) => {
    const shapes: Record<string, Shape> = Object.fromEntries(clipStateDictShapes(small));
    change(shapes);
    expect(clipConfigOf(shapes)).toBeUndefined();
  });
});

describe('pictures', () => {
  test('of sides that are no multiple of 32 lose their border where sizes halve', () => {
    expect(shapesAt(71, 95)).toEqual({
      stem: [1, 8, 18, 24],
      layer1: [1, 32, 18, 24],
      layer2: [1, 64, 9, 12],
      layer3: [1, 128, 4, 6],
      layer4: [1, 256, 2, 3],
      embedding: [1, 16],
    });
  });

  test('are normalised by the statistics of CLIP’s training', async () => {
    const program = trace(({ input }) => ({ y: normaliseForClip(input('x', [1, 3, 1, 1])) }));
    const x: TensorValue = { data: Float32Array.of(0, 0.5, 1), shape: [1, 3, 1, 1], dtype: 'float32' };
    const { y } = await run(cpu(), program, { x });
    const expected = [
      -0.48145466 / 0.26862954,
      (0.5 - 0.4578275) / 0.26130258,
      (1 - 0.40821073) / 0.27577711,
    ];
    expected.forEach((value, i) => {
      expect(Number(y?.data[i])).toBeCloseTo(value, 5);
    });
  });

  test.each([
    [31, 64, 3],
    [64, 64, 1],
  ])('of %d × %d with %d channels are refused', async (height, width, channels) => {
    const line = await refusal(() =>
      trace(({ input, inputs }) => ({
        ...clipImage(small)(
          scopeOf(inputs('p', initialisedSpecs(small))),
          input('x', [1, channels, height, width]),
        ),
      })),
    );
    expect(line).toMatch(
      new RegExp(`at least 32 × 32 pixels, got ${channels} channels? of ${width} × ${height}`),
    );
  });

  test('in a batch give what each gives alone', async () => {
    const both = randomValue([2, 3, 64, 64], 11);
    const second = Float32Array.from(both.data.slice(both.data.length / 2), Number);
    const embeddings = async (x: TensorValue) => {
      const program = trace(({ input, inputs }) => {
        const scope = scopeOf(inputs('p', initialisedSpecs(small)));
        const { embedding, positionalEmbedding } = clipImage(small)(scope, input('x', x.shape));
        return { embedding, positionalEmbedding: positionalEmbedding ?? embedding };
      });
      return run(cpu(), program, { ...fed(imageParameters), x });
    };
    const together = await embeddings(both);
    const alone = await embeddings({ data: second, shape: [1, 3, 64, 64], dtype: 'float32' });
    for (const name of ['embedding', 'positionalEmbedding']) {
      const row = Float32Array.from(together[name]?.data.slice(16) ?? [], Number);
      expect(distance({ data: row, shape: [1, 16], dtype: 'float32' }, alone[name]), name).toBeLessThan(1e-5);
    }
  });

  test('with a table of zeros give the same embedding with it as without', async () => {
    const key = 'visual.attnpool.positional_embedding';
    const table = imageParameters[key];
    if (table === undefined) throw new Error('there is no table');
    const program = trace(({ input, inputs }) => {
      const scope = scopeOf(inputs('p', initialisedSpecs(small)));
      const { embedding, positionalEmbedding } = clipImage(small)(scope, input('x', [2, 3, 64, 64]));
      return { embedding, positionalEmbedding: positionalEmbedding ?? embedding };
    });
    const x = randomValue([2, 3, 64, 64], 3);
    const zeros = { ...table, data: new Float32Array(table.data.length) };
    const without = await run(cpu(), program, { ...fed({ ...imageParameters, [key]: zeros }), x });
    expect(without['embedding']).toEqual(without['positionalEmbedding']);
    const withTable = await run(cpu(), program, { ...fed(imageParameters), x });
    expect(withTable['embedding']).toEqual(without['embedding']);
    expect(distance(withTable['positionalEmbedding'], withTable['embedding'])).toBeGreaterThan(1e-3);
  });
});

test('a folded convolution is the convolution and its batch normalisation', async () => {
  const stateDict = Object.fromEntries(
    [...clipStateDictShapes(small)].map(([key, shape], i) => {
      const value = randomValue(shape, i);
      // A variance is positive.
      if (key.endsWith('running_var'))
        return [
          key,
          {
            ...value,
            data: Float32Array.from(value.data, (v: number | bigint) => 0.1 + Math.abs(Number(v))),
          },
        ];
      return [key, value];
    }),
  );
  const folded = foldClip(small, stateDict);
  const names = [
    'visual.conv2',
    'visual.bn2',
    'visual.layer2.0.downsample.0',
    'visual.layer2.0.downsample.1',
  ];
  const outOf = (record: Readonly<Record<string, Tensor>>, key: string): Tensor => {
    const tensor = record[key];
    if (tensor === undefined) throw new Error(`there is no ${key}`);
    return tensor;
  };
  for (const [convolution = '', normalisation = ''] of [names.slice(0, 2), names.slice(2)]) {
    const channels = stateDict[`${convolution}.weight`]?.shape[1] ?? 0;
    const x = randomValue([1, channels, 5, 4], 9);
    const program = trace(({ input, inputs }) => {
      const [original, ready] = [inputs('p', stateDict), inputs('folded', folded)];
      const image = input('x', x.shape);
      const expected = batchNormEvaluation(
        conv2d(image, outOf(original, `${convolution}.weight`)),
        {
          weight: outOf(original, `${normalisation}.weight`),
          bias: outOf(original, `${normalisation}.bias`),
        },
        {
          mean: outOf(original, `${normalisation}.running_mean`),
          variance: outOf(original, `${normalisation}.running_var`),
        },
      );
      const weight = outOf(ready, `${convolution}.weight`);
      return { expected, actual: conv2d(image, weight, outOf(ready, `${convolution}.bias`)) };
    });
    const feeds = Object.fromEntries(Object.entries(folded).map(([key, value]) => [`folded/${key}`, value]));
    const { actual, expected } = await run(cpu(), program, { ...fed(stateDict), ...feeds, x });
    expect(distance(actual, expected), convolution).toBeLessThan(1e-6);
  }
});
