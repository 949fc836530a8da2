import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type BrisqueModel, brisque, brisqueFeatures, readBrisqueModel } from '#src/quality/index.js';
import { sharedFolder } from '../shared.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { withData } from './pictures.js';
import { readBitmap } from '../../conformance/bitmap.js';
import { readGreyGif } from './reference-pictures.js';
import { texture } from './textures.js';

const path = temporaryFolder();

/** The public files, or a skip. */
function publicFiles(context: Parameters<typeof sharedFolder>[0]): [model: string, range: string] {
  const weights = sharedFolder(context, 'weights');
  return [`${weights}/brisque_live_allmodel.svm`, `${weights}/brisque_live_allrange.txt`];
}

test('equals the MATLAB release', async (context) => {
  const folder = sharedFolder(context, 'data', 'iqa_reference_scores');
  const model = await readBrisqueModel(...publicFiles(context));
  const close = (score: number, expected: number, tolerance: number): void =>
    expect(Math.abs(score / expected - 1), `${score} for ${expected}`).toBeLessThan(tolerance);
  close(brisque(await readGreyGif(`${folder}/piq/goldhill.gif`), model), 8.425548118925917, 2e-5);
  close(brisque(await readBitmap(`${folder}/piq/I01.BMP`), model), 10.259409019043119, 2e-5);
  const distorted = (name: string) => readBitmap(`${folder}/iqa_pytorch/dist_dir/${name}.bmp`);
  close(brisque(await distorted('I03'), model), 94.6421, 1e-4);
  close(brisque(await distorted('I04'), model), -0.107618, 1e-3);
  close(brisque(await distorted('I06'), model), 0.992889, 0.002);
  // Large parts of these two are flat, where the original measures the rounding errors of its filters.
  // Its scores, 5.35827 and 72.2617, are not those of its definition: sums of 80 bits give these.
  close(brisque(await distorted('I08'), model), 5.903424683, 1e-6);
  close(brisque(await distorted('I19'), model), 74.430178054, 1e-6);
});

/** One support vector at the middle of all ranges. */
const model: BrisqueModel = {
  regression: {
    gamma: 0.05,
    rho: -3,
    coefficients: Float64Array.of(2),
    vectors: new Float64Array(36),
    features: 36,
  },
  lowest: new Float64Array(36).fill(-1),
  highest: new Float64Array(36).fill(1),
};

test('the regression is a sum of Gaussians of the scaled features', () => {
  const picture = texture(120, 90, 1);
  const squares = brisqueFeatures(picture).reduce((sum, value) => sum + Number(value.toFixed(6)) ** 2, 0);
  expect(brisque(picture, model)).toBeCloseTo(2 * Math.exp(-0.05 * squares) + 3, 12);
});

test('features by their definition', () => {
  const [width, height] = [21, 17];
  const picture = texture(width, height, 3);
  const grey = Array.from({ length: width * height }, (_, i) => {
    const [r, g, b] = [0, 1, 2].map((c) => Math.round(255 * (picture.data[c * width * height + i] ?? 0)));
    return Math.round(
      0.298936021293775 * (r ?? 0) + 0.587043074451121 * (g ?? 0) + 0.114020904255103 * (b ?? 0),
    );
  });
  const at = (values: readonly number[], x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (values[y * width + x] ?? Number.NaN);
  const weights: { x: number; y: number; weight: number }[] = [];
  for (let y = -3; y <= 3; y++)
    for (let x = -3; x <= 3; x++)
      weights.push({ x, y, weight: Math.exp(-(x * x + y * y) / (2 * (7 / 6) ** 2)) });
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  const blur = (values: readonly number[]): number[] =>
    values.map((_, i) => {
      const [cx, cy] = [i % width, Math.floor(i / width)];
      return weights.reduce((sum, { x, y, weight }) => sum + weight * at(values, cx + x, cy + y), 0) / total;
    });
  const mean = blur(grey);
  const square = blur(grey.map((value) => value ** 2));
  const mscn = grey.map((value, i) => {
    const m = mean[i] ?? 0;
    return (value - m) / (Math.sqrt(Math.abs((square[i] ?? 0) - m * m)) + 1);
  });
  const features = brisqueFeatures(picture);
  const variance = mscn.reduce((sum, value) => sum + value ** 2, 0) / mscn.length;
  expect(features[1]).toBeCloseTo(variance, 10);
  // The right neighbour's product is this one's with the left, round the edge.
  const products = mscn.map(
    (value, i) => value * (mscn[Math.floor(i / width) * width + ((i + width - 1) % width)] ?? 0),
  );
  const negative = products.filter((value) => value < 0);
  const positive = products.filter((value) => value > 0);
  const meanSquare = (values: number[]) => values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
  expect(features[4]).toBeCloseTo(meanSquare(negative), 10);
  expect(features[5]).toBeCloseTo(meanSquare(positive), 10);
  const diagonal = mscn.map(
    (value, i) =>
      value * (mscn[((Math.floor(i / width) + height - 1) % height) * width + ((i + 1) % width)] ?? 0),
  );
  expect(features[16]).toBeCloseTo(meanSquare(diagonal.filter((value) => value < 0)), 10);
  expect(features[17]).toBeCloseTo(meanSquare(diagonal.filter((value) => value > 0)), 10);
});

test('what cannot be judged is refused', async () => {
  expect(await refusal(() => brisque(texture(15, 40, 1), model))).toBe(
    'BRISQUE needs pictures of at least 16×16 pixels, this one has 15×40',
  );
  const black = withData(texture(32, 32, 1), () => 0);
  expect(await refusal(() => brisque(black, model))).toContain('it is flat');
  const grey = withData(texture(32, 32, 1), () => 0.5);
  expect(await refusal(() => brisque(grey, model))).toContain('it is flat');
  for (const level of [77, 128, 162, 255]) {
    const flat = withData(grey, () => level / 255);
    expect(await refusal(() => brisque(flat, model))).toContain('it is flat');
  }
});

test('files that are no model are refused', async (context) => {
  const [good, range] = publicFiles(context);
  const text = await readFile(good, 'utf8');
  const wrong = async (name: string, content: string): Promise<string> => {
    await writeFile(path(name), content);
    return path(name);
  };
  const refused = async (model: string, ranges: string) => refusal(() => readBrisqueModel(model, ranges));
  expect(await refused(path('missing'), range)).toContain('does not exist');
  expect(await refused(range, range)).toContain('no LIBSVM model of the type epsilon_svr');
  expect(await refused(await wrong('linear', text.replace('rbf', 'linear')), range)).toContain('kernel rbf');
  expect(await refused(await wrong('cut', text.slice(0, 30_000)), range)).toMatch(
    /is damaged: it should have 774 support vectors and has \d+; copy or download it again$/,
  );
  expect(await refused(await wrong('letters', text.replace('1:-0.596978', '1:minus')), range)).toContain(
    'has the entry 1:minus',
  );
  expect(await refused(good, good)).toContain("expected x, -1 1 and 36 lines of LIBSVM's svm-scale");
});
