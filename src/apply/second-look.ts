import {
  mixedAnswersAside,
  type NoiseMeasurement,
  restrainByNoiseAside,
  takenAwayAside,
} from '../denoise/index.js';
import type { LeanPicture, Picture } from '../pixels/index.js';
import type { Applier } from './apply-denoiser.js';
import type { TileListener } from './apply-in-tiles.js';
import { shareOfSecondNetwork } from './second-network.js';

/** Of which noise, beyond doubt, a network is shown its own result once more. */
export type SecondLook = 'none' | 'strong' | 'weak';

/** What a network answers, and whether that is its second answer. */
export interface Answer {
  readonly picture: Picture;
  readonly secondLook: SecondLook;
}

/**
 * From this deviation of brightness on, of 255, noise is strong. What a network leaves of it, specks and rough edges, looks like weak noise
 * then; of weak noise, which cameras have made coarse, it takes away half at a time.
 */
const STRONG = 5;
/** Up to this it is weak; in between, the nap of cloth and velvet passes for noise. */
const WEAK = 4;
/** Texture may look like strong noise; then there is little evidence. */
const SURE = 0.5;
/** Larger pictures are not held twice. */
const MOST_PIXELS = 16e6;
/** A network that takes away more than this part of weak noise, as it was measured, is not asked again: it would take texture. */
const MUCH = 0.7;

/** Of which noise a network is shown its own result once more, if it takes little away at first. */
export function secondLookFor(
  { luma, evidence }: NoiseMeasurement,
  naturalStrength: number,
  pixels: number,
): SecondLook {
  if (pixels > MOST_PIXELS || evidence < SURE) return 'none';
  if (255 * luma >= STRONG) return 'strong';
  return naturalStrength === 1 && 255 * luma <= WEAK ? 'weak' : 'none';
}

/**
 * What counts as noise and not as detail after a second look at weak noise: four times as much as usual, for the first answer was held
 * already, and less so where more detail is asked for.
 */
export const toleranceAfterSecondLook = (usual: number): number => 4 * usual ** 2;

/**
 * What a network answers: of noise beyond doubt, what it answers to its own result, held as it is by default; of very strong noise mixed
 * with what another network, if there is one, answers to that.
 *
 * @returns values of its own, not yet restrained
 */
export async function answerOf(
  applier: Pick<Applier, 'apply' | 'secondNetwork'>,
  picture: LeanPicture,
  { noise, secondLook }: { readonly noise: NoiseMeasurement; readonly secondLook: SecondLook },
  listener: TileListener,
): Promise<Answer> {
  if (secondLook === 'none') return { picture: await applier.apply(picture, listener), secondLook };
  const { width, height, channels } = picture;
  const size = { width, height, channels };
  const share = secondLook === 'strong' ? shareOfSecondNetwork(noise) : 0;
  // What cannot be had is told of before there is work that would be lost.
  const other = share > 0 ? await applier.secondNetwork?.() : undefined;
  const [first, second, third] = inRounds(listener, other === undefined ? 2 : 3);
  const answer = await applier.apply(picture, first);
  if (secondLook === 'weak' && (await takenAwayAside(picture.data, answer.data, size)) > MUCH * noise.luma) {
    second.onTile?.({ tile: 1, tiles: 1 });
    return { picture: answer, secondLook: 'none' };
  }
  const held = await restrainByNoiseAside(picture.data, answer.data, size, {
    ...{ noise, luma: 1, chroma: 1, detailBy: 'measured', tolerance: 1 },
  });
  const seen = { ...picture, data: held.data };
  const again = await applier.apply(seen, second);
  if (other === undefined) return { picture: again, secondLook };
  // What it answers alone is shown to nobody.
  const { onArea: _, ...unseen } = third;
  const beside = await other.apply(seen, unseen);
  const data = await mixedAnswersAside(picture.data, again.data, beside.data, size, share);
  return { picture: { ...again, data }, secondLook };
}

/** Tells of two or three rounds of tiles as if they were one, with as many tiles in each as in the first. */
function inRounds(
  listener: TileListener,
  rounds: 2 | 3,
): readonly [TileListener, TileListener, TileListener] {
  const { onTile } = listener;
  if (onTile === undefined) return [listener, listener, listener];
  let each = 1;
  const round = (before: number): TileListener => ({
    ...listener,
    onTile: ({ tile, tiles }) => {
      if (before === 0) each = tiles;
      onTile({ tile: Math.round((before + tile / tiles) * each), tiles: rounds * each });
    },
  });
  return [round(0), round(1), round(2)];
}
