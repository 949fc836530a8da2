import { disposable } from '../../belongings.js';
import { bindInputs } from '../../compile/index.js';
import { RevelaError } from '../../errors.js';
import { muchInThread } from '../../in-thread.js';
import type { NetworkWeights } from '../../networks/index.js';
import { applyNetwork } from '../../nn/index.js';
import type { Planes, Raster } from '../../pixels/index.js';
import { localScores, type QualityMap, scoreOf, scoreOfViews, scorerMaps } from '../../quality/anywhere.js';
import type { Runtime } from '../../runtime/index.js';
import { grouped, type Program, trace } from '../../tensor/index.js';
import { cutViews, seenView } from './seen-views.js';

/** What a scorer says of a picture. */
export interface PictureQuality {
  /** From 0 to 100; higher is better. */
  readonly score: number;
  /** The scores of the places of the picture, row by row, each for so many pixels of it a side. */
  readonly map: {
    readonly width: number;
    readonly height: number;
    readonly data: Float32Array;
    /** Pixels of the picture that a place stands for, across and down. */
    readonly pixels: { readonly x: number; readonly y: number };
  };
}

/** Scores pixels with one set of weights. */
export interface Judge extends AsyncDisposable {
  /** @throws RevelaError, with the reason, for a picture that cannot be judged */
  judge(picture: Raster, signal?: AbortSignal): Promise<PictureQuality>;
  close(): Promise<void>;
}

/** Prepares a scorer's weights for pictures of any size. */
export function openJudge(runtime: Runtime, weights: NetworkWeights): Judge {
  const view = viewScorer(runtime, weights);
  const { multiple } = weights.description;
  return disposable({
    async judge(picture: Raster, signal?: AbortSignal) {
      const { overview, size, details } = await viewsAside(picture, multiple);
      const whole = await view.score(overview, signal);
      const parts: number[] = [];
      for (const detail of details) parts.push((await view.score(detail, signal)).score);
      const [width, height] = [overview.width / multiple, overview.height / multiple];
      const pixels = {
        x: (multiple * picture.width) / size.width,
        y: (multiple * picture.height) / size.height,
      };
      return { score: scoreOfViews(whole.score, parts), map: { width, height, data: whole.local, pixels } };
    },
    close: () => view.close(),
  });
}

const file = new URL('./seen-views.js', import.meta.url);

const viewsAside = muchInThread(file, cutViews, ({ samples }) => samples.length);

/** Looking for noise transforms every pixel with its surroundings, so that a small view is much work too. */
const TIMES = 8;

const seenAside = muchInThread(file, seenView, ({ data }) => TIMES * data.length);

/** Scores views of any size. */
function viewScorer(runtime: Runtime, weights: NetworkWeights) {
  const { network } = weights.description;
  const shelf = runtime.shelf();
  const programFor = (height: number, width: number): Program => {
    const program = trace(({ input, inputs }) => {
      const picture = input('picture', [1, 3, height, width]);
      const maps = scorerMaps(applyNetwork(network, inputs('parameter', weights.parameters), picture));
      return { score: scoreOf(maps), local: localScores(maps) };
    });
    return bindInputs(program, grouped('parameter', weights.parameters));
  };
  const judged = async ({ height, width, data }: Planes, signal: AbortSignal | undefined) => {
    const feeds = { picture: { data, shape: [1, 3, height, width], dtype: 'float32' } } as const;
    const { fetched } = await shelf.run(`${height}×${width}`, () => programFor(height, width), feeds, {
      signal,
    });
    const [score, local] = [Number(fetched['score']?.data[0] ?? Number.NaN), fetched['local']?.data];
    if (Number.isNaN(score) || !(local instanceof Float32Array))
      throw new RevelaError('the scorer produced no number (NaN); train it again or use other weights');
    return { score, local };
  };
  return {
    /** What noise adds does not count, and what it costs does. */
    async score(planes: Planes, signal: AbortSignal | undefined) {
      signal?.throwIfAborted();
      const { view, beneath, factor } = await seenAside(planes);
      const found = await judged(view, signal);
      const other = beneath === undefined ? found : await judged(beneath, signal);
      const { score, local } = other.score < found.score ? other : found;
      return { score: factor * score, local: factor === 1 ? local : local.map((value) => factor * value) };
    },
    close: () => shelf.close(),
  };
}

/** What was found, on the scale of the other measures' maps: from 0 to 1. */
export function mapOf(
  { score, map }: PictureQuality,
  { width, height }: Pick<Raster, 'width' | 'height'>,
): QualityMap {
  return {
    rows: map.height,
    columns: map.width,
    data: map.data.map((value) => value / 100),
    down: height / map.pixels.y,
    across: width / map.pixels.x,
    score,
  };
}
