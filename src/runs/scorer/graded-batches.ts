import { openShelf, type ShelfContents } from '../../images/index.js';
import { compressJpeg } from '../../noise/index.js';
import { bicubicResize, cutSquare, drawPosture, type Planes } from '../../pixels/index.js';
import { damage, type GradedBatch, VERSIONS } from '../../quality/index.js';
import { createRandom, type Random } from '../../random.js';
import { changeExposure, drawTowards, type Flaw, fade, flaws, inEightBits } from '../../upscale/index.js';
import { noiseLesson } from './noise-lesson.js';

/** What decides the pictures of every batch. Nothing but pictures goes in: there is no place for an opinion. */
export interface GradedRequest extends ShelfContents {
  /** The side of the pictures; no original is smaller. */
  readonly patch: number;
  /** Originals a batch. */
  readonly batch: number;
  readonly seed: number;
  readonly augment: boolean;
}

/** A flaw, and how much of it. */
interface DrawnFlaw {
  readonly flaw: Flaw;
  readonly strength: number;
  /** Names what the flaw draws. */
  readonly stream: number;
}

/** Originals are shown at a third to all of their size: pictures of the web are sharper, pixel by pixel, than cameras' files. */
const leastSize = 0.3;

/** How many originals are for telling noise from detail. */
const NOISE_SHARE = 0.5;

/** How many flaws a picture has at once, one to three: most photographs that went wrong did so in one way. */
const severalFlaws = [1, 1, 1, 2, 2, 3] as const;

/**
 * Reads the headers of the files and returns what makes batch number `step`: a function of the request and its number
 * alone, and each original's versions of the seed, of that number and of its place.
 *
 * @throws RevelaError if a file cannot be read
 */
export async function gradedMaker(request: GradedRequest): Promise<(step: number) => Promise<GradedBatch>> {
  const { batch, patch, seed } = request;
  const shelf = await openShelf(request);
  const area = 3 * patch * patch;
  return async (step) => {
    const pictures = new Float32Array(batch * VERSIONS * area);
    const damages = new Float32Array(batch * VERSIONS);
    for (let i = 0; i < batch; i++) {
      const random = createRandom(seed, step, i);
      const original = variedTone(cutOriginal(await shelf.draw(random), request, random), random);
      for (const [version, { planes, damage }] of (await versionsOf(original, random)).entries()) {
        const at = i * VERSIONS + version;
        pictures.set(planes.data, at * area);
        damages[at] = damage;
      }
    }
    return { step, pictures, damages };
  };
}

/** Cuts a square out of an original and makes it smaller, by a factor that is drawn. */
function cutOriginal(
  raster: Parameters<typeof cutSquare>[0],
  { patch, augment }: GradedRequest,
  random: Random,
): Planes {
  const most = Math.min(raster.width, raster.height);
  const wanted = Math.round(patch / (leastSize + (1 - leastSize) * random.uniform()));
  const size = Math.max(patch, Math.min(wanted, most));
  const left = random.integer(raster.width - size + 1);
  const top = random.integer(raster.height - size + 1);
  const data = new Float32Array(3 * size * size);
  // Turned pictures would teach that people stand on walls; mirrored ones are as good as they are.
  const posture = { ...drawPosture(random, augment), flipDown: false, turn: false };
  cutSquare(raster, { left, top, size, ...posture }, data, 0);
  const square = { channels: 3, width: size, height: size, data };
  return inEightBits(
    size === patch
      ? square
      : {
          channels: 3,
          width: patch,
          height: patch,
          data: bicubicResize(data, square, { width: patch, height: patch }),
        },
  );
}

/** Other light, contrast and colour than the original's, within what is as good: not every good picture has the same. */
function variedTone(planes: Planes, random: Random): Planes {
  const contrast = 0.95 + 0.2 * random.uniform();
  const colour = 0.9 + 0.4 * random.uniform();
  return inEightBits(
    fade(drawTowards(changeExposure(planes, 0.4 * (random.uniform() - 0.5)), 0.5, contrast), colour),
  );
}

/** A version of an original. */
interface Version {
  readonly planes: Planes;
  readonly damage: number;
}

/** Half of the time a lesson in flaws, else one in noise; half of the time all of it as good JPEG files. */
async function versionsOf(original: Planes, random: Random): Promise<readonly Version[]> {
  const noise = random.uniform() < NOISE_SHARE ? await noiseLesson(original, random) : undefined;
  const made = noise?.pictures ?? (await flawLesson(original, random));
  const [base, before] = noise === undefined ? [original, 0] : [noise.pictures[0], noise.damage];
  const quality = random.uniform() < 0.5 ? 82 + 14 * random.uniform() : undefined;
  return Promise.all(
    made.map(async (version) => {
      const planes = quality === undefined ? inEightBits(version) : await compressJpeg(version, quality);
      return { planes, damage: Math.hypot(before, damage(planes, base)) };
    }),
  );
}

/** The original, a little and much of the same flaws, and other flaws. */
async function flawLesson(original: Planes, random: Random): Promise<readonly Planes[]> {
  const [same, other] = [drawFlaws(random), drawFlaws(random)];
  const little = 0.15 + 0.55 * random.uniform();
  return [
    original,
    await flawed(original, same, little),
    await flawed(original, same, 1),
    await flawed(original, other, 1),
  ];
}

/** Draws some flaws, in the order in which they happen. */
function drawFlaws(random: Random): readonly DrawnFlaw[] {
  const count = severalFlaws[random.integer(severalFlaws.length)] ?? 1;
  const names = new Set<number>();
  while (names.size < count) names.add(random.integer(flaws.length));
  return [...names]
    .sort((a, b) => a - b)
    .flatMap((index) => {
      const flaw = flaws[index];
      const strength = random.uniform() ** (count > 1 ? 1.5 : 1);
      return flaw === undefined ? [] : [{ flaw, strength, stream: random.integer(2 ** 32) }];
    });
}

async function flawed(original: Planes, drawn: readonly DrawnFlaw[], share: number): Promise<Planes> {
  let planes = original;
  for (const { flaw, strength, stream } of drawn)
    planes = await flaw.apply(planes, share * strength, createRandom(stream));
  return planes;
}
