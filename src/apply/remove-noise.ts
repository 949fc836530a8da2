import {
  heldByNoise,
  measureNoiseAside,
  type NoiseMeasurement,
  naturalStrength,
  restrainByNoiseAside,
  type RowsTaker,
  seenStrength,
} from '../denoise/index.js';
import { inFloats, type LeanPicture, type Picture } from '../pixels/index.js';
import { present } from '../present.js';
import type { Applier } from './apply-denoiser.js';
import { answerOf, looksTwice } from './second-look.js';
import { settledBy } from './settled-strength.js';
import type { TileListener } from './apply-in-tiles.js';
import type { RemovalSettings } from './removal-settings.js';

/** What was found in a picture and done to it. Deviations are of values from 0 to 255. */
export interface RemovalFacts {
  /** The standard deviation of the noise of brightness, as far as it is sure. */
  readonly lumaNoise: number;
  /** The same of colour. */
  readonly chromaNoise: number;
  /** How sure it is that this is noise and not texture, 0 to 1. */
  readonly evidence: number;
  /** How much of what the network takes away was to be taken away, 0 to 100. */
  readonly strength: number;
  /** How much was taken away, as the root of the mean square; of a file's picture 0 where the same file would come of it. */
  readonly removed: number;
}

/** A picture whose noise was measured, and what was done to it. */
export interface MeasuredRemoval {
  readonly picture: Picture;
  readonly facts: RemovalFacts;
}

/** What is known of a picture before the network sees it. */
export interface Intended {
  readonly noise: NoiseMeasurement;
  /** 0 to 1. */
  readonly strength: number;
  /** What the strength would be if all that looks like noise were noise; that itself where it was asked for. */
  readonly seen: number;
  /** Whether the network is shown its own result once more. */
  readonly secondLook: boolean;
}

/** Makes what counts as noise up to four times as much or as little; `undefined` where no detail is given back. */
function toleranceFor(detail: number): number | undefined {
  return detail === 0 ? undefined : 4 ** (1 - 2 * detail);
}

/** How far colours may differ that are averaged, as a multiple of what is usual: 1 up to a detail of 0.5, 0 for all detail. */
const alikeFor = (detail: number): number => Math.min(1, 2 * (1 - detail));

/** Measures a picture, and says how much is to be taken away. */
export async function intendedFor(
  { width, height, channels, data }: LeanPicture,
  { strength }: Pick<RemovalSettings, 'strength'>,
): Promise<Intended> {
  const noise = await measureNoiseAside({ width, height, channels, data });
  const pixels = width * height;
  const natural = naturalStrength(noise, pixels);
  const seen = seenStrength(noise, pixels);
  return {
    ...{ noise, strength: strength ?? natural, seen: strength ?? seen },
    secondLook: looksTwice(noise, pixels),
  };
}

/**
 * How much noise is to be taken away of a picture in the range of networks. Of one that was brought there all that is
 * evident is: nobody looks at it as it lies in its file, so that what is seen of noise does not count.
 */
export async function intendedInRange(
  mapped: LeanPicture,
  picture: LeanPicture,
  removing: Pick<RemovalSettings, 'strength'>,
): Promise<Intended> {
  const intended = await intendedFor(mapped, removing);
  if (mapped === picture || removing.strength !== undefined) return intended;
  const { evidence } = intended.noise;
  return { ...intended, strength: evidence, seen: evidence };
}

/**
 * Holds everything but noise: what a network changed is restrained to what noise can be.
 *
 * @param answer of {@link answerOf}; its values are written over
 * @param keepDetail as of {@link removeNoise}
 */
async function restrainAnswer(
  answer: Picture,
  picture: LeanPicture,
  intended: Intended,
  settings: RemovalSettings,
  keepDetail: boolean | undefined,
): Promise<MeasuredRemoval> {
  const { noise, strength } = intended;
  const tolerance = keepDetail === false ? undefined : toleranceFor(settings.detail);
  const { width, height, channels } = picture;
  const { data, removed } = await restrainByNoiseAside(
    picture.data,
    answer.data,
    { width, height, channels },
    {
      ...{ noise, luma: strength * settings.luma, chroma: strength * settings.chroma },
      ...{ detailBy: keepDetail ? 'residual' : 'measured', alikeTimes: alikeFor(settings.detail) },
      ...present({ tolerance, mask: settings.mask?.data }),
    },
  );
  return { picture: { ...picture, data }, facts: { ...factsOf(intended), removed: 255 * removed } };
}

/**
 * Holds an answer as {@link restrainAnswer} does, with all its noise away and several amounts of detail, without a copy of it for each.
 *
 * @param answer of {@link answerOf}; grain that is left is calmed in it
 * @returns gives the rows of the result with so much detail, 0 to 1, from top to bottom
 */
export function answerWithDetail(
  answer: Picture,
  picture: LeanPicture,
  intended: Intended,
): (detail: number, take: RowsTaker) => RemovalFacts {
  const { width, height, channels } = picture;
  const { noise } = intended;
  const hold = heldByNoise(picture.data, answer.data, { width, height, channels }, { noise });
  return (detail, take) => {
    const tolerance = toleranceFor(detail);
    const removed = hold(
      { luma: 1, chroma: 1, detailBy: 'measured', alikeTimes: alikeFor(detail), ...present({ tolerance }) },
      take,
    );
    return { ...factsOf(intended), removed: 255 * removed };
  };
}

/** Who listens to the removal of noise, and may stop it. */
export interface RemovalListener extends TileListener {
  /** Waited for once the network has answered for the last time, before its answer is put to use. */
  onAnswered?: () => Promise<void>;
}

const factsOf = ({ noise, strength }: Intended): Omit<RemovalFacts, 'removed'> => ({
  lumaNoise: 255 * noise.luma,
  chromaNoise: 255 * noise.chroma,
  evidence: noise.evidence,
  strength: 100 * strength,
});

const unchanged = async (picture: LeanPicture, intended: Intended): Promise<MeasuredRemoval> => ({
  picture: await inFloats(picture),
  facts: { ...factsOf(intended), removed: 0 },
});

/**
 * Takes the noise of a picture away and holds everything else: the network answers, and what it changed is restrained to
 * what noise can be. A picture whose noise is not seen is given back as it is, without asking the network.
 *
 * @param keepDetail what is detail: what is more than the noise that was measured, where it is left out; `true`: what is
 *   more than the network takes away elsewhere; `false`: nothing
 */
export async function removeNoise(
  applier: Pick<Applier, 'apply' | 'secondNetwork'>,
  picture: LeanPicture,
  intended: Intended,
  settings: RemovalSettings,
  keepDetail: boolean | undefined,
  { onAnswered, ...listener }: RemovalListener,
): Promise<MeasuredRemoval> {
  const most = Math.max(settings.luma, settings.chroma);
  if (Math.max(intended.strength, intended.seen) * most === 0) return unchanged(picture, intended);
  const answer = await answerOf(applier, picture, intended, listener);
  await onAnswered?.();
  const settled = await settledBy(answer, picture, intended);
  if (settled.strength === 0) return unchanged(picture, settled);
  return restrainAnswer(answer, picture, settled, settings, keepDetail);
}
