import { describe, expect, test } from 'vitest';
import { clipBackbone, type SemanticBackbone, stageOf, torchvisionBackbones } from '#src/networks/index.js';
import { declareParameters } from '#src/nn/index.js';
import { small } from './small-clip.js';

const backbones: readonly (readonly [string, SemanticBackbone])[] = [
  clipBackbone(small),
  ...torchvisionBackbones,
].map((backbone) => [backbone.title, backbone]);

describe.each(backbones)('%s', (_, backbone) => {
  test('is what its descriptor says', () => {
    const side = 128;
    let seen: ReturnType<SemanticBackbone['look']> | undefined;
    declareParameters(
      (scope, x) => {
        seen = backbone.look(scope, backbone.normalise(x));
      },
      [1, 3, side, side],
    );
    for (const { name, channels, stride } of backbone.stages) {
      const [batch, found, rows = 0, columns] = seen?.stages[name]?.shape ?? [];
      expect([batch, found], name).toEqual([1, channels]);
      expect(rows, name).toBe(columns);
      // Without padding the last windows do not fit.
      expect(Math.abs(rows - side / stride), name).toBeLessThanOrEqual(1);
    }
    expect(seen?.pooled.shape).toEqual([1, backbone.pooledWidth]);
    for (const usual of backbone.usualStages) expect(stageOf(backbone, usual).stride).toBeGreaterThan(4);
  });

  test('sees a picture of its least side, and has no other stages', () => {
    const { leastSide: side } = backbone;
    const look = () => declareParameters((scope, x) => backbone.look(scope, x), [1, 3, side, side]);
    expect(look).not.toThrow();
    expect(() => stageOf(backbone, 'layer9')).toThrow(/has no stage layer9, but/);
  });
});
