import { beforeAll, describe, expect, test } from 'vitest';
import { type Picture, writePicture } from '#src/images/index.js';
import {
  compare,
  lossNames,
  type LossName,
  type LossOptions,
  openLoss,
  type PictureBatch,
  score,
  trainUpscaler,
} from '#src/api/index.js';
import { lpipsNetworks } from '#src/quality/index.js';
import { writeSafetensors } from '#src/weights/index.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { noisyPicture } from '../models/denoisers.js';
import { madeBackbone, madeDistsWeights, madeHeads, stored } from '../models/distances.js';
import { writeSmallClip, writeWordyClip } from '../models/small-clips.js';

const path = temporaryFolder();
const cpu = { device: 'cpu', threads: 1 } as const;

/** In 8 bits, so that measures that round see the same. */
const rounded = (
  picture: Picture,
  change: (value: number, i: number) => number = (value) => value,
): Picture => ({
  ...picture,
  data: picture.data.map((value, i) => Math.round(255 * Math.min(1, Math.max(0, change(value, i)))) / 255),
});
const sharp = (width: number, height: number): Picture => rounded(noisyPicture(width, height));
const paler = (picture: Picture): Picture =>
  rounded(picture, (value, i) => 0.7 * value + 0.1 + 0.1 * Math.sin(i / 9));

/** Without noise: a scorer's loss is what the network says of a picture, and its score looks beneath the noise. */
const waves = (width: number, height: number): Picture =>
  rounded(noisyPicture(width, height), (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    return 0.5 + 0.3 * Math.sin(x / 17 + Math.floor(i / (width * height))) * Math.cos(y / 13);
  });

const batchOf = (...pictures: readonly Picture[]): PictureBatch => {
  const [{ channels, width, height }] = [pictures[0] ?? expect.fail('no pictures')];
  return {
    data: Float32Array.from(pictures.flatMap(({ data }) => [...data])),
    shape: [pictures.length, channels, height, width],
  };
};

const moved = ({ data, shape }: PictureBatch, along: Float32Array, by: number): PictureBatch => ({
  data: data.map((value, i) => value + by * (along[i] ?? 0)),
  shape,
});

async function withLoss<Result>(
  name: LossName,
  options: LossOptions,
  work: (loss: Awaited<ReturnType<typeof openLoss>>) => Promise<Result>,
): Promise<Result> {
  const loss = await openLoss(name, { ...options, ...cpu });
  try {
    return await work(loss);
  } finally {
    await loss.close();
  }
}

const files = (): NonNullable<LossOptions['files']> => ({
  ...Object.fromEntries(
    lpipsNetworks.map((name) => [
      name,
      { weights: path(`${name}-heads.safetensors`), backbone: path(`${name}.safetensors`) },
    ]),
  ),
  dists: { weights: path('dists.safetensors'), backbone: path('vgg.safetensors') },
});

beforeAll(async () => {
  for (const name of lpipsNetworks) {
    await writeSafetensors(path(`${name}.safetensors`), {
      tensors: stored(madeBackbone(name)),
      metadata: {},
    });
    await writeSafetensors(path(`${name}-heads.safetensors`), {
      tensors: stored(madeHeads(name)),
      metadata: {},
    });
  }
  await writeSafetensors(path('dists.safetensors'), { tensors: stored(madeDistsWeights()), metadata: {} });
  await writeWordyClip(path('wordy.safetensors'));
  await writeSmallClip(path('clip.safetensors'));
  for (const name of ['a', 'b']) await writePicture(path('photos', `${name}.png`), noisyPicture(90, 80));
  const common = { pictures: [path('photos')], patch: 64, batch: 1, steps: 1, ...cpu };
  await trainUpscaler({ ...common, baseChannels: 8, modules: 2, output: path('pixel') });
  await trainUpscaler({
    ...common,
    ...{ stage: 'sfd', from: path('pixel'), clip: path('clip.safetensors'), featureChannels: 8 },
    output: path('sfd'),
  });
});

/** What each loss is made of, and what it says of a measure's value. */
const cases: Readonly<
  Record<LossName, readonly [options: () => LossOptions, loss: (value: number) => number, side: number]>
> = {
  psnr: [() => ({}), (value) => -value, 20],
  ssim: [() => ({}), (value) => 1 - value, 40],
  'ms-ssim': [() => ({}), (value) => 1 - value, 161],
  'lpips-alex': [() => ({ files: files() }), (value) => value, 48],
  'lpips-vgg': [() => ({ files: files() }), (value) => value, 48],
  'lpips-squeeze': [() => ({ files: files() }), (value) => value, 48],
  dists: [() => ({ files: files() }), (value) => value, 48],
  revela: [() => ({}), (value) => -value, 80],
  'clip-iqa': [() => ({ clip: path('wordy.safetensors') }), (value) => -value, 64],
  'sfd-iqa': [() => ({ judges: path('sfd') }), (value) => -value, 64],
};

describe.each(lossNames)('%s as a loss', (name) => {
  const [sources, lossOf, side] = cases[name];
  const size = [side, name === 'ms-ssim' ? side + 3 : side + 32] as const;

  test('is what the measure says of the pictures', async () => {
    const good = sharp(...size);
    const bad = name === 'revela' ? waves(...size) : paler(good);
    await withLoss(name, sources(), async (loss) => {
      const { loss: found, gradient } = await loss.of(batchOf(bad), batchOf(good));
      const measured = loss.needsReference
        ? (await compare(bad, good, { metrics: [name], ...sources(), ...cpu }))[name]
        : (await score(bad, { metric: name, ...sources(), ...cpu })).value;
      const expected = lossOf(measured ?? Number.NaN);
      expect(Math.abs(found - expected)).toBeLessThan(1e-4 * Math.max(0.1, Math.abs(expected)));
      expect(gradient).toHaveLength(3 * size[0] * size[1]);
    });
  });

  test('changes along its gradient as the gradient says, and is a mean over the batch', async () => {
    const [good, bad] = [sharp(...size), paler(sharp(...size))];
    const other = paler(bad);
    await withLoss(name, sources(), async (loss) => {
      const [one, two] = [batchOf(bad), batchOf(other)];
      const { loss: middle, gradient } = await loss.of(one, batchOf(good));
      const length = Math.hypot(...gradient);
      expect(length).toBeGreaterThan(0);
      const unit = gradient.map((value) => value / length);
      // A step that shows in 32 bits, and is short beside the picture.
      const step = 0.02;
      const above = (await loss.of(moved(one, unit, step), batchOf(good))).loss;
      const below = (await loss.of(moved(one, unit, -step), batchOf(good))).loss;
      expect(above).toBeGreaterThan(middle);
      expect(below).toBeLessThan(middle);
      expect((above - below) / (2 * step) / length).toBeGreaterThan(0.8);
      expect((above - below) / (2 * step) / length).toBeLessThan(1.2);
      const second = (await loss.of(two, batchOf(good))).loss;
      const both = (await loss.of(batchOf(bad, other), batchOf(good, good))).loss;
      expect(both).toBeCloseTo((middle + second) / 2, 4);
    });
  });
});

test('more sizes than programs stay ready may be asked for at once', async () => {
  await withLoss('ssim', {}, async (loss) => {
    const sides = [20, 21, 22, 23, 24, 25, 26];
    const at = (side: number) => [batchOf(paler(sharp(side, 20))), batchOf(sharp(side, 20))] as const;
    const together = await Promise.all(sides.map((side) => loss.of(...at(side))));
    for (const [i, side] of sides.entries())
      expect((await loss.of(...at(side))).loss).toBe(together[i]?.loss);
  });
});

test('what cannot be a loss, or cannot be looked at, is refused in a line', async () => {
  const picture = batchOf(sharp(40, 32));
  const niqe: LossName = JSON.parse('"niqe"');
  expect(await refusal(() => openLoss(niqe, cpu))).toContain('a loss must be one of psnr, ssim');
  expect(await refusal(() => openLoss('lpips-alex', cpu))).toContain("pullModel('lpips-alex')");
  expect(await refusal(() => openLoss('clip-iqa', cpu))).toContain("pullModel('RN50')");
  expect(await refusal(() => openLoss('sfd-iqa', cpu))).toContain('give `judges`');
  await withLoss('ssim', {}, async (loss) => {
    expect(await refusal(() => loss.of(picture))).toContain('there are none');
    expect(await refusal(() => loss.of(picture, batchOf(sharp(32, 40))))).toContain('of the same size');
    expect(await refusal(() => loss.of({ ...picture, shape: [1, 3, 32, 41] }, picture))).toContain(
      'got 3840',
    );
    expect(await refusal(() => loss.of(batchOf(sharp(10, 40)), batchOf(sharp(10, 40))))).toContain('11×11');
    const broken = { ...picture, data: picture.data.map(() => Number.NaN) };
    expect(await refusal(() => loss.of(broken, picture))).toContain('gave no number');
  });
  await withLoss('revela', {}, async (loss) => {
    expect(await refusal(() => loss.of(picture))).toContain('multiples of 16, got 40×32');
    expect(await refusal(() => loss.of({ data: new Float32Array(1024), shape: [1, 1, 32, 32] }))).toContain(
      '3 channels, got 1',
    );
  });
});
