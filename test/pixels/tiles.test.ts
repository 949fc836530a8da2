import { describe, expect, it } from 'vitest';
import {
  enlargedTile,
  extractTile,
  placeTile,
  planTiles,
  reflectPad,
  tileInside,
  type TilePlan,
  type TileRequest,
  tileSize,
} from '#src/images/index.js';
import { createRandom } from '#src/random.js';

/** A 9×9 box filter that takes the outside as zero: a network that sees 4 pixels far. */
function boxFilter(planar: Float32Array, channels: number, height: number, width: number): Float32Array {
  return mapPixels(planar, channels, height, width, (at, x, y) => {
    let sum = 0;
    for (let dy = -4; dy <= 4; dy++)
      for (let dx = -4; dx <= 4; dx++) sum += at(x + dx, y + dy) * (1 + dx + 3 * dy);
    return sum;
  });
}

/** The same on each of the 2×2 phases of the picture: it sees 8 pixels far, and only takes even sizes. */
function phasedFilter(planar: Float32Array, channels: number, height: number, width: number): Float32Array {
  expect([height % 2, width % 2]).toEqual([0, 0]);
  return mapPixels(planar, channels, height, width, (at, x, y) => {
    let sum = (x % 2) + 2 * (y % 2);
    for (let dy = -8; dy <= 8; dy += 2)
      for (let dx = -8; dx <= 8; dx += 2) sum += at(x + dx, y + dy) * (1 + dx);
    return sum;
  });
}

function mapPixels(
  planar: Float32Array,
  channels: number,
  height: number,
  width: number,
  value: (at: (x: number, y: number) => number, x: number, y: number) => number,
): Float32Array {
  const result = new Float32Array(planar.length);
  for (let c = 0; c < channels; c++) {
    const at = (x: number, y: number) =>
      x < 0 || y < 0 || x >= width || y >= height ? 0 : (planar[(c * height + y) * width + x] ?? Number.NaN);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) result[(c * height + y) * width + x] = value(at, x, y);
    }
  }
  return result;
}

function noise(length: number): Float32Array {
  const random = createRandom(1, length);
  return Float32Array.from({ length }, () => random.uniform());
}

const channels = 2;

type Network = typeof boxFilter;

function tiled(picture: Float32Array, request: TileRequest, plan: TilePlan, network: Network): Float32Array {
  const { width, height } = request;
  const result = new Float32Array(picture.length).fill(Number.NaN);
  for (const tile of plan.tiles) {
    const input = extractTile(picture, channels, height, width, tile.input);
    placeTile(
      result,
      channels,
      height,
      width,
      network(input, channels, tile.input.height, tile.input.width),
      tile,
    );
  }
  return result;
}

function untiled(
  picture: Float32Array,
  { width, height, border = 0 }: TileRequest,
  plan: TilePlan,
  network: Network,
): Float32Array {
  const [right, bottom] = [plan.padded.width - width - border, plan.padded.height - height - border];
  const padding = { top: border, left: border, right, bottom };
  const padded = reflectPad(picture, channels, height, width, padding);
  const whole = network(padded, channels, plan.padded.height, plan.padded.width);
  return extractTile(whole, channels, plan.padded.height, plan.padded.width, {
    x: border,
    y: border,
    width,
    height,
  });
}

const sizes = [1, 2, 3, 7, 15, 16, 17, 23, 24, 25, 31, 33, 40, 41, 57];

describe('planTiles', () => {
  it.each([
    { name: 'a local filter', network: boxFilter, margin: 4, multiple: 1 },
    { name: 'a filter on 2×2 phases', network: phasedFilter, margin: 8, multiple: 2 },
    {
      name: 'a filter on 2×2 phases of a network that wants multiples of 4',
      network: phasedFilter,
      margin: 8,
      multiple: 4,
    },
  ])('gives the untiled values for $name, at every size', ({ network, margin, multiple }) => {
    for (const [i, width] of sizes.entries()) {
      const height = sizes[(i * 4 + 3) % sizes.length] ?? 1;
      const picture = noise(channels * width * height);
      for (const [tile, border] of [
        [2 * margin + multiple, 0],
        [24, 0],
        [33, 0],
        [24, 3],
        [33, 16],
      ] as const) {
        for (const sideFor of [undefined, tileSize]) {
          const request = {
            ...{ width, height, tile, margin, multiple, border },
            ...(sideFor === undefined ? {} : { sideFor }),
          };
          const plan = planTiles(request);
          expect(tiled(picture, request, plan, network), JSON.stringify(request)).toEqual(
            untiled(picture, request, plan, network),
          );
        }
      }
    }
  });

  it('covers each pixel once, with tiles of one size, aligned, and margins at every cut', () => {
    for (const width of sizes) {
      for (const height of [5, 64]) {
        for (const [tile, margin, multiple] of [
          [20, 4, 1],
          [20, 5, 2],
          [27, 3, 5],
          [16, 0, 4],
        ] as const) {
          const plan = planTiles({ width, height, tile, margin, multiple });
          const seen = new Uint8Array(width * height);
          for (const { input, crop, output } of plan.tiles) {
            expect([input.width, input.height]).toEqual([plan.tile.width, plan.tile.height]);
            expect([
              input.x % multiple,
              input.y % multiple,
              input.width % multiple,
              input.height % multiple,
            ]).toEqual([0, 0, 0, 0]);
            expect([output.width, output.height]).toEqual([crop.width, crop.height]);
            expect([output.x, output.y]).toEqual([input.x + crop.x, input.y + crop.y]);
            expect(Math.max(input.width, input.height)).toBeLessThanOrEqual(tile);
            const right = input.x + input.width;
            const bottom = input.y + input.height;
            expect(right).toBeLessThanOrEqual(plan.padded.width);
            expect(bottom).toBeLessThanOrEqual(plan.padded.height);
            if (input.x > 0) expect(crop.x).toBeGreaterThanOrEqual(margin);
            if (input.y > 0) expect(crop.y).toBeGreaterThanOrEqual(margin);
            if (right < plan.padded.width)
              expect(right - output.x - output.width).toBeGreaterThanOrEqual(margin);
            if (bottom < plan.padded.height)
              expect(bottom - output.y - output.height).toBeGreaterThanOrEqual(margin);
            for (let y = output.y; y < output.y + output.height; y++) {
              for (let x = output.x; x < output.x + output.width; x++)
                seen[y * width + x] = (seen[y * width + x] ?? 0) + 1;
            }
          }
          expect(new Set(seen)).toEqual(new Set([1]));
        }
      }
    }
  });

  it('makes one tile of a picture that fits into one', () => {
    expect(planTiles({ width: 7, height: 3, tile: 64, margin: 40, multiple: 2 })).toEqual({
      padded: { width: 8, height: 4 },
      tile: { width: 8, height: 4 },
      tiles: [
        {
          input: { x: 0, y: 0, width: 8, height: 4 },
          crop: { x: 0, y: 0, width: 7, height: 3 },
          output: { x: 0, y: 0, width: 7, height: 3 },
        },
      ],
    });
  });

  it('makes no more tiles than needed', () => {
    const { tiles } = planTiles({ width: 6000, height: 4000, tile: 512, margin: 58, multiple: 2 });
    expect(tiles).toHaveLength(15 * 10);
  });

  it('makes tiles no larger than so many need', () => {
    const request = { width: 6000, height: 4000, margin: 53, multiple: 8, border: 16 };
    const plan = planTiles({ ...request, tile: 864 });
    expect(plan.tile).toEqual({ width: 864, height: 768 });
    expect(plan.tiles).toHaveLength(8 * 6);
    expect(planTiles({ ...request, tile: 768 }).tiles.length).toBeGreaterThan(8 * 6);
  });

  it('takes sides of a few lengths, if asked to, and gives the same values whatever the tile', () => {
    const ofSide = (side: number, tile: number) =>
      planTiles({ width: side, height: side, tile, margin: 4, multiple: 2, sideFor: tileSize }).tile.width;
    const taken = new Set<number>();
    for (let side = 1; side <= 1000; side++) taken.add(ofSide(side, 512));
    // Of pictures that are larger than a tile the tiles are as small as they may be, in steps of 32.
    expect([...taken].sort((a, b) => a - b)).toEqual([
      ...[16, 32, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256],
      ...[288, 320, 352, 384, 416, 448, 480, 512],
    ]);
    const [width, height] = [49, 23];
    const picture = noise(channels * width * height);
    const [whole, cut] = [64, 20].map((tile) => {
      const request = { width, height, tile, margin: 4, multiple: 1, sideFor: tileSize };
      return tiled(picture, request, planTiles(request), boxFilter);
    });
    expect(cut).toEqual(whole);
  });

  it('refuses tiles that are all margin', () => {
    expect(() => planTiles({ width: 500, height: 10, tile: 116, margin: 58, multiple: 2 })).toThrow(
      'a tile of 116 pixels is too small for margins of 58; use at least 118',
    );
  });
});

describe('tiles of a result that is larger', () => {
  /** Every pixel three times as high and wide. */
  const enlarged = (planar: Float32Array, height: number, width: number): Float32Array =>
    Float32Array.from({ length: planar.length * 9 }, (_, i) => {
      const [x, y] = [i % (3 * width), Math.floor(i / (3 * width)) % (3 * height)];
      const channel = Math.floor(i / (9 * width * height));
      return planar[(channel * height + Math.floor(y / 3)) * width + Math.floor(x / 3)] ?? Number.NaN;
    });

  it('fit together', () => {
    const [width, height] = [41, 23];
    const picture = noise(channels * width * height);
    const { tiles } = planTiles({ width, height, tile: 16, margin: 3, multiple: 2 });
    const result = new Float32Array(picture.length * 9).fill(Number.NaN);
    for (const tile of tiles) {
      const { input } = tile;
      const answer = enlarged(
        extractTile(picture, channels, height, width, input),
        input.height,
        input.width,
      );
      placeTile(result, channels, 3 * height, 3 * width, answer, enlargedTile(tile, 3));
    }
    expect(tiles.length).toBeGreaterThan(1);
    expect(result).toEqual(enlarged(picture, height, width));
  });

  it('without what lies beyond the edges are those parts of the picture', () => {
    const [width, height] = [41, 23];
    const picture = noise(channels * width * height);
    const { tiles } = planTiles({ width, height, tile: 20, margin: 3, multiple: 4, border: 5 });
    const result = new Float32Array(picture.length).fill(Number.NaN);
    for (const tile of tiles) {
      const inside = tileInside(tile, width, height);
      const { x, y } = inside.input;
      expect([x >= 0, x + inside.input.width <= width]).toEqual([true, true]);
      expect([y >= 0, y + inside.input.height <= height]).toEqual([true, true]);
      placeTile(
        result,
        channels,
        height,
        width,
        extractTile(picture, channels, height, width, inside.input),
        inside,
      );
    }
    expect(result).toEqual(picture);
  });
});
