import { expect, test } from 'vitest';
import { answerWithDetail } from '#src/apply/anywhere.js';
import { heldByNoise, measureNoise } from '#src/denoise/index.js';
import { restrainByNoise } from '#src/denoise/restrain/restrain-by-noise.js';
import { createRandom } from '#src/random.js';
import { pageOfPicture } from '#src/web/page-image.js';
import { pageRows } from '#src/web/page-rows.js';
import { scene, withNoise } from '../denoise/measure-noise/drawn-pictures.js';

const noisy = withNoise(scene(150, 133), () => 12 / 255);
const { width, height } = noisy;
const planes = { width, height, channels: 3 } as const;
const noise = measureNoise({ ...planes, data: noisy.data });
const answer = noisy.data.map((value, i) => 0.5 * value + 0.5 * (noisy.data[i - 1] ?? value));
const random = createRandom(5);
const opacity = Uint8Array.from({ length: width * height }, () => Math.floor(256 * random.uniform()));

test.for([
  { kind: '8 bits', bitDepth: 8, alpha: undefined },
  { kind: '8 bits and opacity', bitDepth: 8, alpha: opacity },
  { kind: '16 bits', bitDepth: 16, alpha: undefined },
] as const)(
  'an answer held to several details gives row by row what each would give alone: $kind',
  ({ bitDepth, alpha }) => {
    const picture = { ...planes, data: noisy.data, bitDepth, format: 'png', metadata: {} } as const;
    const whole = alpha === undefined ? picture : { ...picture, alpha };
    const intended = { noise, strength: 1, seen: 1, secondLook: false } as const;
    const several = answerWithDetail({ ...picture, data: answer.slice() }, picture, intended);
    for (const [detail, tolerance, alikeTimes] of [
      [0, undefined, 1],
      [0.5, 1, 1],
      [1, 0.25, 0],
    ] as const) {
      const { image, take } = pageRows(whole);
      const { removed } = several(detail, take);
      const how = { noise, luma: 1, chroma: 1, detailBy: 'measured', alikeTimes } as const;
      const alone = restrainByNoise(noisy.data, answer.slice(), planes, {
        ...how,
        ...(tolerance === undefined ? {} : { tolerance }),
      });
      expect(removed).toBe(255 * alone.removed);
      expect(image).toEqual(pageOfPicture({ ...whole, data: alone.data }));
    }
  },
);

test('without a place to go the rows are written over what was held', () => {
  const given = answer.slice();
  const hold = heldByNoise(noisy.data, given, planes, { noise });
  const removed = hold({ luma: 1, chroma: 1, detailBy: 'residual', tolerance: 1 });
  expect({ data: given, removed }).toEqual(
    restrainByNoise(noisy.data, answer.slice(), planes, {
      ...{ noise, luma: 1, chroma: 1, detailBy: 'residual', tolerance: 1 },
    }),
  );
});
