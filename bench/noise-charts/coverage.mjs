import { tableLines } from '../table.mjs';

/** What is compared: a name, how to read it, and how far apart two pictures are in it that look the same. */
export const features = [
  ['σ of luma, middle tones', (m) => m.middle, (v) => Math.log(v) / Math.log(1.4)],
  ['σ dark / light', (m) => m.dark / m.light, (v) => Math.log(v) / Math.log(1.5)],
  ['σ of chroma / luma', (m) => m.chromaShare, (v) => Math.log(v) / Math.log(1.4)],
  ['luma ρ, 1 across', (m) => m.luma?.across[0], (v) => v / 0.15],
  ['luma ρ, 1 down', (m) => m.luma?.down[0], (v) => v / 0.15],
  ['luma ρ, 2 across', (m) => m.luma?.across[1], (v) => v / 0.15],
  ['luma ρ, 4 across', (m) => m.luma?.across[3], (v) => v / 0.15],
  ['chroma ρ, 1 across', (m) => m.chroma?.across[0], (v) => v / 0.15],
  ['chroma ρ, 1 down', (m) => m.chroma?.down[0], (v) => v / 0.15],
  ['chroma ρ, 2 across', (m) => m.chroma?.across[1], (v) => v / 0.15],
  ['chroma ρ, 4 across', (m) => m.chroma?.across[3], (v) => v / 0.15],
  ['luma, coarse', (m) => m.lumaCoarse, (v) => Math.log(v) / Math.log(1.6)],
  ['chroma, coarse', (m) => m.chromaCoarse, (v) => Math.log(v) / Math.log(1.6)],
  ['red and green', (m) => m.redGreen, (v) => v / 0.25],
  ['green and blue', (m) => m.greenBlue, (v) => v / 0.25],
];

/** Whether the model's range holds each measurement of each camera, one by one and all together. */
export function coverage(cameras, draws) {
  const valuesOf = (list, read) => list.map(({ measured }) => read(measured)).filter(Number.isFinite);
  const ranges = features.map(([name, read]) => {
    const drawn = valuesOf(draws, read).sort((a, b) => a - b);
    const [least, middle, most] = [0.025, 0.5, 0.975].map((q) => drawn[Math.round(q * (drawn.length - 1))]);
    const photographed = valuesOf(cameras, read).sort((a, b) => a - b);
    const inside = photographed.filter((value) => value >= least && value <= most).length;
    return { name, least, middle, most, photographed, inside };
  });
  const two = (value) => value.toFixed(2);
  const table = tableLines(
    ['measurement', 'cameras: least', 'median', 'most', 'model: 2.5 %', 'median', '97.5 %', 'cameras inside'],
    ranges.map(({ name, least, middle, most, photographed, inside }) => [
      name,
      two(photographed[0]),
      two(photographed[photographed.length >> 1]),
      two(photographed[photographed.length - 1]),
      ...[least, middle, most].map(two),
      `${inside} of ${photographed.length}`,
    ]),
  );
  return { ranges, lines: [...table, '', ...nearestLines(cameras, draws)] };
}

/** How far the nearest drawn chart is, in all measurements together, and how far drawn charts are from each other. */
function nearestLines(cameras, draws) {
  const points = (list) =>
    list
      .map((one) => ({ ...one, point: features.map(([, read, scale]) => scale(read(one.measured))) }))
      .filter(({ measured }) => measured.chroma !== undefined);
  const [taken, drawn] = [points(cameras), points(draws)];
  const nearest = (one) =>
    Math.min(...drawn.filter((other) => other !== one).map((other) => distance(one.point, other.point)));
  const usual = drawn.map(nearest).sort((a, b) => a - b);
  const bound = usual[Math.round(0.95 * (usual.length - 1))];
  const far = taken.map((one) => ({ name: one.name, far: nearest(one) })).sort((a, b) => b.far - a.far);
  return [
    `all together: the nearest of ${drawn.length} drawn charts is ${usual[usual.length >> 1].toFixed(2)} away from a drawn chart (median; 95 %: ${bound.toFixed(2)})`,
    `and from the cameras: ${far.map(({ name, far }) => `${name} ${far.toFixed(2)}`).join(', ')}`,
    `${far.filter((one) => one.far <= bound).length} of ${far.length} cameras are as near as drawn charts are to each other`,
  ];
}

/** Root of the mean square over what both have. */
function distance(a, b) {
  const squares = a.map((value, i) => (value - b[i]) ** 2).filter(Number.isFinite);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}
