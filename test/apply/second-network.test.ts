import { expect, test } from 'vitest';
import type { TileProgress } from '#src/apply/index.js';
import { intendedFor } from '#src/apply/remove-noise.js';
import { answerOf } from '#src/apply/second-look.js';
import { shareOfSecondNetwork } from '#src/apply/second-network.js';
import { mixedAnswers } from '#src/denoise/restrain/mixed-answers.js';
import { denoise } from '#src/index.js';
import { loadDenoiserWeights, shippedDenoiserPath } from '#src/models/index.js';
import { inFloats, type LeanPicture, type Picture } from '#src/pixels/index.js';
import { scene, withNoise } from '../denoise/measure-noise/drawn-pictures.js';

const maximalDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? 0))), 0);

/** A network that answers one value everywhere, in so many tiles, and keeps what it was shown. */
function constant(value: number, count = 1) {
  const shown: LeanPicture[] = [];
  return {
    shown,
    apply: async (picture: LeanPicture, { onTile }: { onTile?: (tile: TileProgress) => void } = {}) => {
      shown.push(picture);
      for (let tile = 1; tile <= count; tile++) onTile?.({ tile, tiles: count });
      return {
        ...picture,
        data: new Float32Array(picture.channels * picture.width * picture.height).fill(value),
      } as Picture;
    },
  };
}

/** A drawn picture with noise of this deviation, of 255. */
function noisyScene(deviation: number): Picture {
  const { width, height, channels, data } = withNoise(scene(), () => deviation / 255);
  return { ...{ width, height, channels, data }, bitDepth: 8, format: 'png', metadata: {} };
}

test('a second network counts from 8 of 255 on, and half from 16 on', () => {
  for (const [luma, share] of [
    [0, 0],
    [8, 0],
    [10, 0.125],
    [12, 0.25],
    [16, 0.5],
    [60, 0.5],
  ] as const)
    expect(shareOfSecondNetwork({ luma: luma / 255 })).toBeCloseTo(share, 6);
});

test('another is asked where noise is very strong alone, and sees what the network sees', async () => {
  for (const [deviation, looks] of [
    [20, 3],
    [6, 2],
  ] as const) {
    const [one, other] = [constant(0.25, 2), constant(0.75, 4)];
    let opened = 0;
    const secondNetwork = async () => {
      opened += 1;
      return other;
    };
    const tiles: TileProgress[] = [];
    const picture = noisyScene(deviation);
    const intended = { ...(await intendedFor(picture, {})), secondLook: true } as const;
    const { data } = picture;
    const before = Float32Array.from(await inFloats(picture).then((held) => held.data));
    const answer = await answerOf({ ...one, secondNetwork }, picture, intended, {
      onTile: (tile) => tiles.push(tile),
    });
    expect(opened).toBe(looks === 3 ? 1 : 0);
    // Its four tiles are told of as if they were two, like those of the others.
    const told = looks === 3 ? [1, 2, 3, 4, 5, 5, 6, 6] : [1, 2, 3, 4];
    expect(tiles).toEqual(told.map((tile) => ({ tile, tiles: 2 * looks })));
    if (looks === 3) expect(other.shown[0]?.data).toBe(one.shown[1]?.data);
    else expect(answer.data.every((value) => value === 0.25)).toBe(true);
    expect(picture.data).toBe(data);
    expect(data).toEqual(before);
  }
});

test('answers are mixed where both take away about the same, and where the other takes much more it does not count', () => {
  const planes = { channels: 1, width: 160, height: 16 } as const;
  const noisy = Float32Array.from({ length: 160 * 16 }, (_, i) => (i % 2 === 0 ? 0.6 : 0.4));
  const answer = new Float32Array(160 * 16).fill(0.5);
  // At the left the other is 0.02 away from the first, at the right 0.2.
  const other = answer.map((value, i) => value + (i % 160 < 96 ? 0.02 : 0.2));
  const mixed = mixedAnswers(noisy, answer, other, planes, 0.4);
  expect(mixed).toBe(answer);
  expect(mixed[0]).toBeCloseTo(0.5 + 0.4 * 0.02, 5);
  expect(mixed[159]).toBeCloseTo(0.5, 6);
});

test('weights that learnt from a model of noise ask another, and those that learnt by themselves do not', async () => {
  const noisy = noisyScene(20);
  const { data } = await denoise(noisy);
  for (const [weights, same] of [
    [await loadDenoiserWeights(shippedDenoiserPath('general')), true],
    // The same network, taken for another's pupil: applied in one pass as well.
    [{ ...(await loadDenoiserWeights(shippedDenoiserPath('general'))), method: 'distilled' }, false],
  ] as const) {
    const { data: other } = await denoise(noisy, { weights });
    expect(maximalDifference(data, other) < 1e-6).toBe(same);
  }
});
