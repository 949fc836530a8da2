import { expect, test } from 'vitest';
import { clipBackbone, clipImage, normaliseForClip } from '#src/networks/index.js';
import { scopeOf } from '#src/nn/index.js';
import { resizeBilinear, trace } from '#src/tensor/index.js';
import { semanticView } from '#src/upscale/sfd/semantic-view.js';
import { cpuRuntime, run } from '../compile/running.js';
import { distance, fed, imageParameters, randomValue, small } from '../networks/small-clip.js';

const cpu = cpuRuntime();

test('CLIP sees pictures at their own size, or resized with its table, normalised or as they are', async () => {
  const shape = [1, 3, 96, 96];
  const program = trace(({ input, inputs }) => {
    const parameters = inputs('p', imageParameters);
    const picture = input('x', shape);
    const view = semanticView(
      { backbone: clipBackbone(small) },
      parameters,
      picture,
      new Set(['layer2', 'embedding', 'positionalEmbedding', 'image'] as const),
    );
    const plain = semanticView(
      { backbone: clipBackbone(small), normalised: false },
      parameters,
      picture,
      new Set(['layer2']),
    );
    const seen = (x: typeof picture) => clipImage(small)(scopeOf(parameters), x);
    const native = seen(normaliseForClip(picture));
    const resized = seen(normaliseForClip(resizeBilinear(picture, [64, 64])));
    return {
      view: { ...view },
      plain: { ...plain },
      expected: {
        ...{ layer2: native.layer2, embedding: native.embedding, plain: seen(picture).layer2 },
        positionalEmbedding: resized.positionalEmbedding ?? picture,
      },
    };
  });
  const found = await run(cpu(), program, { ...fed(imageParameters), x: randomValue(shape, 4) });
  expect(Object.keys(found).filter((name) => name.startsWith('view/'))).toHaveLength(3);
  for (const name of ['layer2', 'embedding', 'positionalEmbedding'])
    expect(distance(found[`view/${name}`], found[`expected/${name}`]), name).toBeLessThan(1e-6);
  expect(distance(found['plain/layer2'], found['expected/plain'])).toBeLessThan(1e-6);
  expect(distance(found['plain/layer2'], found['view/layer2'])).toBeGreaterThan(1e-3);
  expect(distance(found['view/positionalEmbedding'], found['view/embedding'])).toBeGreaterThan(1e-3);
});
