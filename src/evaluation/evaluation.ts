import { present } from '../present.js';
import type { Picture } from '../images/index.js';
import type { Closeness } from '../quality/index.js';
import type { Progress } from '../apply/index.js';
import { progressOf, type SizedPicture } from './evaluation-progress.js';
import type { NetworkWeights } from '../models/index.js';

/** The means of several pictures' scores; seconds are their sum, and pixels a second those of all together. */
export interface MeanScore {
  /** What the network's result is compared with: the picture without the network. */
  readonly before: Closeness;
  readonly after: Closeness;
  /** Of the network's work alone, without reading and measuring; the first picture of a size prepares it for that size. */
  readonly seconds: number;
  /** Pixels of the results. */
  readonly pixelsPerSecond: number;
}

/** What was measured with weights. */
export interface Evaluation<Weights extends NetworkWeights, Item extends SizedPicture> {
  readonly weights: Weights;
  /** For people. */
  readonly device: string;
  readonly pictures: readonly (Item & MeanScore)[];
  /** Of the pictures' scores; left out where there is none. */
  readonly mean?: MeanScore;
  /** The most bytes of main memory that the process has held so far, whatever for. */
  readonly peakMemory: number;
  /** False where the signal stopped it before the last picture. */
  readonly finished: boolean;
}

/** How an evaluation is listened to and stopped. */
export interface EvaluationOptions<Item extends SizedPicture> {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Gets each result as soon as it is there, with the picture that the network made. */
  readonly onPicture?: ((score: Item & MeanScore, result: Picture) => void | Promise<void>) | undefined;
  /** Stops between two tiles; what was measured until then is the result. */
  readonly signal?: AbortSignal | undefined;
}

/** A picture to try weights on, in memory. */
export interface Trial {
  /** What the network gets. */
  readonly input: Picture;
  /** What one has without the network. */
  readonly before: Picture;
  /** How near a picture comes to the true one. */
  closeness(picture: Picture): Promise<Closeness>;
}

/** Weights that are ready for work. */
export interface OpenEvaluation<Weights extends NetworkWeights> extends AsyncDisposable {
  readonly weights: Weights;
  readonly device: string;
  picture(input: Picture): Promise<Picture>;
}

/** What is evaluated, and on what. */
export interface Evaluating<Weights extends NetworkWeights, Item extends SizedPicture> {
  readonly items: readonly Item[];
  /** Makes the weights ready for work. */
  open(onProgress: (progress: Progress) => void): Promise<OpenEvaluation<Weights>>;
  read(item: Item): Promise<Trial>;
}

/** Lets weights make a picture of each item, and measures how near it comes to the true one. */
export async function evaluatePictures<Weights extends NetworkWeights, Item extends SizedPicture>(
  { items, open, read }: Evaluating<Weights, Item>,
  { onProgress = () => {}, onPicture, signal }: EvaluationOptions<Item>,
): Promise<Evaluation<Weights, Item>> {
  const clock = progressOf(items, onProgress);
  await using opened = await open(clock.tell);
  const pictures: (Item & MeanScore)[] = [];
  try {
    for (const item of items) {
      clock.begin(item);
      const trial = await read(item);
      const begin = performance.now();
      const result = await opened.picture(trial.input);
      const seconds = (performance.now() - begin) / 1000;
      const score = {
        ...item,
        before: await trial.closeness(trial.before),
        after: await trial.closeness(result),
        seconds,
        pixelsPerSecond: (item.width * item.height) / seconds,
      };
      pictures.push(score);
      await onPicture?.(score, result);
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
  const mean = meanOf(pictures);
  return {
    weights: opened.weights,
    device: opened.device,
    pictures,
    ...present({ mean }),
    peakMemory: process.resourceUsage().maxRSS * 1024,
    finished: pictures.length === items.length,
  };
}

/**
 * The means of several scores, the times apart: their sum, and the pixels of all by it.
 *
 * @returns `undefined` for no scores
 */
export function meanOf(scores: readonly (SizedPicture & MeanScore)[]): MeanScore | undefined {
  if (scores.length === 0) return undefined;
  const sum = (value: (score: SizedPicture & MeanScore) => number): number =>
    scores.reduce((total, score) => total + value(score), 0);
  const mean = (side: 'before' | 'after'): Closeness => ({
    psnr: sum((score) => score[side].psnr) / scores.length,
    ssim: sum((score) => score[side].ssim) / scores.length,
  });
  const seconds = sum((score) => score.seconds);
  return {
    before: mean('before'),
    after: mean('after'),
    seconds,
    pixelsPerSecond: sum(({ width, height }) => width * height) / seconds,
  };
}
