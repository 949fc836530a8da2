import type { PageImage, PageRevela, Pixels } from 'revela/web';
import { desk } from './desk/index.js';
import { say } from './language/index.js';
import { hasLpips } from './lpips-files.js';
import type { Found, Item } from './queue.js';
import { Foreseen, troubleOf } from './troubles.js';

/** What was found, and the bytes that are kept of it. */
interface Measured {
  readonly found: Found;
  readonly bytes: number;
}

/** The shortest side by which five scales are compared. */
const MS_SSIM_SIDE = 161;
const SSIM_SIDE = 11;
/** Of the networks that LPIPS may look through AlexNet takes the largest. */
const LPIPS_SIDE = 31;

type Image = PageImage & Pixels;

/** Scores a picture; its map is kept, to be shown. */
export async function scored(
  engine: PageRevela,
  { number }: Item,
  image: Image,
  signal: AbortSignal,
): Promise<Measured> {
  const { scores, map } = await engine.score(image, { signal });
  const more = await engine.score(image, { metrics: ['niqe'], signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    // It refuses smaller pictures than the scorer.
    if (error instanceof Error) return { scores: { niqe: undefined } };
    throw error;
  });
  if (scores.revela === undefined || map === undefined) throw new Error('there is no score');
  signal.throwIfAborted();
  const { bytes = 0 } = await desk({ kind: 'map', picture: number, image, map });
  return { found: { kind: 'score', score: scores.revela, niqe: more.scores.niqe }, bytes };
}

/** Compares a picture with another one; it is kept, to be shown beside that. */
export async function compared(
  engine: PageRevela,
  item: Item,
  image: Image,
  reference: Item,
  signal: AbortSignal,
): Promise<Measured> {
  if (item === reference) return { found: { kind: 'reference' }, bytes: 0 };
  const { image: other } = await desk({ kind: 'pixels', file: reference.file }).catch((error: unknown) => {
    throw new Foreseen(troubleOf(error, reference.file.name));
  });
  if (other === undefined) throw new Error('there are no pixels');
  const [one, two] = [image, other].map(({ width, height }) => `${width} × ${height}`);
  if (one !== two) throw new Foreseen(() => say().otherSize(one ?? '', two ?? ''));
  const side = Math.min(image.width, image.height);
  const facts = await engine.compare(image, other, {
    metrics: [
      'psnr',
      ...(side >= SSIM_SIDE ? (['ssim'] as const) : []),
      ...(side >= MS_SSIM_SIDE ? (['ms-ssim'] as const) : []),
      ...(side >= LPIPS_SIDE && (await hasLpips(engine)) ? (['lpips'] as const) : []),
    ],
    signal,
  });
  signal.throwIfAborted();
  const made = { layers: [{ detail: 0, image }], mixed: false };
  const { bytes = 0 } = await desk({ kind: 'keep', picture: item.number, made });
  return { found: { kind: 'compare', facts }, bytes };
}
