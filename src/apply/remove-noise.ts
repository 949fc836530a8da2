import {
  measureNoiseAside,
  type NoiseMeasurement,
  naturalStrength,
  restrainByNoiseAside,
} from '../denoise/index.js';
import { inFloats, type LeanPicture, type Picture } from '../pixels/index.js';
import { present } from '../present.js';
import type { Applier } from './apply-denoiser.js';
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
  /** Whether the network is shown its own result once more, and how its second answer is held. */
  readonly twice: SecondLook;
}

/** Of strong noise the second answer is held like the first, of weak noise less: the first was held already. */
export type SecondLook = 'no' | 'of strong noise' | 'of weak noise';

/**
 * From this deviation of brightness on, of 255, noise is strong. A network is shown its own result once more: of strong noise it
 * leaves specks and rough edges, which look like weak noise then; of weak noise, which cameras have made coarse, it takes away half,
 * so that it is asked again where there is no doubt that it is noise.
 */
const STRONG = 5;
/** Between this and strong noise, the nap of cloth and velvet passes for noise: it is taken away but once. */
const WEAK = 4;
/** Texture may look like strong noise; then there is little evidence. */
const SURE = 0.5;
/** Larger pictures are not held twice. */
const MOST_PIXELS_TWICE = 16e6;

/** After the second look at weak noise, what counts as noise and not as detail is so many times as much. */
const LESS_HELD = 4;
/** A network that has taken away more than this part of weak noise, as it was measured, is not asked again: it would take texture. */
const MUCH = 0.7;

function secondLook({ luma, evidence }: NoiseMeasurement, strength: number, pixels: number): SecondLook {
  if (pixels > MOST_PIXELS_TWICE || evidence < SURE) return 'no';
  if (255 * luma >= STRONG) return 'of strong noise';
  return strength === 1 && 255 * luma <= WEAK ? 'of weak noise' : 'no';
}

/** Tells of two rounds of tiles as if they were one. */
function inHalves(listener: TileListener): readonly [TileListener, TileListener] {
  const { onTile } = listener;
  if (onTile === undefined) return [listener, listener];
  const round = (before: 0 | 1): TileListener => ({
    ...listener,
    onTile: ({ tile, tiles }) => onTile({ tile: tile + before * tiles, tiles: 2 * tiles }),
  });
  return [round(0), round(1)];
}

/** Makes what counts as noise up to four times as much or as little; `undefined` where no detail is given back. */
function toleranceFor(detail: number): number | undefined {
  return detail === 0 ? undefined : 4 ** (1 - 2 * detail);
}

/** Measures a picture, and says how much is to be taken away. */
export async function intendedFor(
  { width, height, channels, data }: LeanPicture,
  { strength }: Pick<RemovalSettings, 'strength'>,
): Promise<Intended> {
  const noise = await measureNoiseAside({ width, height, channels, data });
  const pixels = width * height;
  const natural = naturalStrength(noise, pixels);
  return { noise, strength: strength ?? natural, twice: secondLook(noise, natural, pixels) };
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
  return { ...intended, strength: intended.noise.evidence };
}

/**
 * What a network answers: of noise beyond doubt, what it answers to its own result, held as it is by default.
 *
 * @returns values of its own, not yet restrained; of weak noise of which the network takes most at once, what is held of its answer
 */
export async function answerOf(
  applier: Pick<Applier, 'apply'>,
  picture: LeanPicture,
  { noise, twice }: Pick<Intended, 'noise' | 'twice'>,
  listener: TileListener,
): Promise<Picture> {
  const { width, height, channels } = picture;
  if (twice === 'no') return applier.apply(picture, listener);
  const [first, second] = inHalves(listener);
  const answer = await applier.apply(picture, first);
  const held = await restrainByNoiseAside(
    picture.data,
    answer.data,
    { width, height, channels },
    { noise, luma: 1, chroma: 1, detailBy: 'measured', tolerance: 1 },
  );
  if (twice === 'of weak noise' && held.taken > MUCH * noise.luma) {
    second.onTile?.({ tile: 1, tiles: 1 });
    return { ...answer, data: held.data };
  }
  return applier.apply({ ...picture, data: held.data }, second);
}

/**
 * Holds everything but noise: what a network changed is restrained to what noise can be.
 *
 * @param answer of the network; its values are written over
 * @param keepDetail as of {@link removeNoise}
 */
export async function restrainAnswer(
  answer: Picture,
  picture: LeanPicture,
  intended: Intended,
  settings: RemovalSettings,
  keepDetail: boolean | undefined,
): Promise<MeasuredRemoval> {
  const { noise, strength, twice } = intended;
  const was = keepDetail === false ? undefined : toleranceFor(settings.detail);
  const again = twice === 'of weak noise';
  // More so where more detail is asked for.
  const tolerance = was === undefined || !again ? was : LESS_HELD * was ** 2;
  const { width, height, channels } = picture;
  const { data, removed } = await restrainByNoiseAside(
    picture.data,
    answer.data,
    { width, height, channels },
    {
      ...{ noise, luma: strength * settings.luma, chroma: strength * settings.chroma },
      ...{ detailBy: keepDetail ? 'residual' : 'measured', calms: !again },
      ...present({ tolerance, mask: settings.mask?.data }),
    },
  );
  return { picture: { ...picture, data }, facts: { ...factsOf(intended), removed: 255 * removed } };
}

const factsOf = ({ noise, strength }: Intended): Omit<RemovalFacts, 'removed'> => ({
  lumaNoise: 255 * noise.luma,
  chromaNoise: 255 * noise.chroma,
  evidence: noise.evidence,
  strength: 100 * strength,
});

/**
 * Takes the noise of a picture away and holds everything else: the network answers, and what it changed is restrained to
 * what noise can be. A picture whose noise is not seen is given back as it is, without asking the network.
 *
 * @param keepDetail what is detail: what is more than the noise that was measured, where it is left out; `true`: what is
 *   more than the network takes away elsewhere; `false`: nothing
 */
export async function removeNoise(
  applier: Pick<Applier, 'apply'>,
  picture: LeanPicture,
  intended: Intended,
  settings: RemovalSettings,
  keepDetail: boolean | undefined,
  listener: TileListener,
): Promise<MeasuredRemoval> {
  if (intended.strength * Math.max(settings.luma, settings.chroma) === 0)
    return { picture: await inFloats(picture), facts: { ...factsOf(intended), removed: 0 } };
  const answer = await answerOf(applier, picture, intended, listener);
  return restrainAnswer(answer, picture, intended, settings, keepDetail);
}
