import { mixedAnswersAside, type NoiseMeasurement, restrainByNoiseAside } from '../denoise/index.js';
import type { LeanPicture, Picture } from '../pixels/index.js';
import type { Applier } from './apply-denoiser.js';
import type { TileListener } from './apply-in-tiles.js';
import { shareOfSecondNetwork } from './second-network.js';

/**
 * From this deviation of brightness on, of 255, noise is strong. What a network leaves of it, specks and rough edges, looks like weak noise
 * then. Below, the nap of cloth and velvet passes for noise.
 */
const STRONG = 5;
/** Texture may look like strong noise; then there is little evidence. */
const SURE = 0.5;
/** Larger pictures are not held twice. */
const MOST_PIXELS = 16e6;

/** Whether a network is shown its own result once more. */
export const looksTwice = ({ luma, evidence }: NoiseMeasurement, pixels: number): boolean =>
  pixels <= MOST_PIXELS && evidence >= SURE && 255 * luma >= STRONG;

/**
 * What a network answers: of strong noise beyond doubt, what it answers to its own result, held as it is by default; of very strong noise mixed
 * with what another network, if there is one, answers to that.
 *
 * @returns values of its own, not yet restrained
 */
export async function answerOf(
  applier: Pick<Applier, 'apply' | 'secondNetwork'>,
  picture: LeanPicture,
  { noise, secondLook }: { readonly noise: NoiseMeasurement; readonly secondLook: boolean },
  listener: TileListener,
): Promise<Picture> {
  if (!secondLook) return applier.apply(picture, listener);
  const { width, height, channels } = picture;
  const size = { width, height, channels };
  const share = shareOfSecondNetwork(noise);
  // What cannot be had is told of before there is work that would be lost.
  const other = share > 0 ? await applier.secondNetwork?.() : undefined;
  const [first, second, third] = inRounds(listener, other === undefined ? 2 : 3);
  const answer = await applier.apply(picture, first);
  const held = await restrainByNoiseAside(picture.data, answer.data, size, {
    ...{ noise, luma: 1, chroma: 1, detailBy: 'measured', tolerance: 1 },
  });
  const seen = { ...picture, data: held.data };
  const again = await applier.apply(seen, second);
  if (other === undefined) return again;
  // What it answers alone is shown to nobody.
  const { onArea: _, ...unseen } = third;
  const beside = await other.apply(seen, unseen);
  const data = await mixedAnswersAside(picture.data, again.data, beside.data, size, share);
  return { ...again, data };
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
