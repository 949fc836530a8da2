import { lpipsBackbones, lpipsMaps, type LpipsNetwork } from '../../quality/anywhere.js';
import type { Runtime } from '../../runtime/index.js';
import { grouped, trace } from '../../tensor/index.js';
import { countingPositions } from '../distances/distance-tiles.js';
import type { LpipsWeights } from '../../models/anywhere.js';
import { type DistanceOptions, openDistance, type PictureDistance } from '../distances/picture-distance.js';

/** Sides of pieces that take about 1 GiB: AlexNet and SqueezeNet make a picture smaller at once, VGG16 keeps it in 64 channels. */
const tiles: Readonly<Record<LpipsNetwork, number>> = { alex: 2048, vgg: 768, squeeze: 1280 };

/** The distances of a layer, added up. */
interface LayerSum {
  sum: number;
  positions: number;
}

/**
 * Makes LPIPS ready for pictures of any size. Large ones are looked at piece by piece; as LPIPS is a mean over positions, and
 * each counts in the one piece that sees all around it, the result is that of the whole picture but for rounding.
 *
 * @example
 * const lpips = openLpips(runtime, await loadLpips('alex', { weights: 'alex.pth', backbone: 'alexnet.pth' }));
 * const distance = await lpips.compare(await readPicture('a.png'), await readPicture('b.png'));
 * await lpips.close();
 */
export function openLpips(
  runtime: Runtime,
  { network, backbone, heads }: LpipsWeights,
  { tile = tiles[network] }: DistanceOptions = {},
): PictureDistance {
  const { leastSide, strides } = lpipsBackbones[network];
  return openDistance<readonly LayerSum[]>(runtime, {
    title: `LPIPS ${network}`,
    leastSide,
    tile,
    trace: ({ height, width }) =>
      trace(({ input, inputs }) => {
        const parameters = { backbone: inputs('backbone', backbone), heads: inputs('heads', heads) };
        const [x, y] = [input('x', [1, 3, height, width]), input('y', [1, 3, height, width])];
        const maps = lpipsMaps(network, parameters, x, y);
        return Object.fromEntries(maps.map((map, layer) => [`layer${layer}`, map]));
      }),
    constants: { ...grouped('backbone', backbone), ...grouped('heads', heads) },
    empty: () => strides.map(() => ({ sum: 0, positions: 0 })),
    add(sums, { x, y }, results) {
      for (const [layer, total] of sums.entries()) {
        const map = results[`layer${layer}`];
        const [, , rows = 0, columns = 0] = map?.shape ?? [];
        const stride = strides[layer] ?? 1;
        const [top, bottom] = countingPositions(y, stride, rows);
        const [left, right] = countingPositions(x, stride, columns);
        for (let row = top; row < bottom; row++)
          for (let column = left; column < right; column++)
            total.sum += Number(map?.data[row * columns + column] ?? Number.NaN);
        total.positions += Math.max(0, bottom - top) * Math.max(0, right - left);
      }
    },
    result: (sums) => sums.reduce((distance, { sum, positions }) => distance + sum / positions, 0),
  });
}
