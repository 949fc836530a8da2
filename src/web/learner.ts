import {
  type Applier,
  type Intended,
  intendedInRange,
  type Progress,
  removeNoise,
  withVisibleColours,
} from '../apply/anywhere.js';
import { tellingPlacesAside } from '../denoise/index.js';
import { RevelaError } from '../errors.js';
import { weightsContent } from '../models/anywhere.js';
import type { LearntWeights } from '../networks/index.js';
import { extractTile, multiplied, type Picture, type Rect } from '../pixels/index.js';
import { present } from '../present.js';
import { adaptingOf, type AdaptingState } from '../restore/anywhere.js';
import type { Runtime } from '../runtime/index.js';
import { encodeSafetensors } from '../weights/anywhere.js';
import type { AdaptFacts, AdaptNews, AdaptSettings } from './adapt-settings.js';
import { backInRange, inRange } from './in-range.js';
import type { KeptLearning } from './kept/kept-learning.js';
import { forScreen, pageOfPicture } from './page-image.js';
import { sparing } from './sparing.js';

/** Side of the part of a picture that is shown while it is learnt from, and seconds from one to the next: as many as from keeping to keeping. */
const SHOWN = 256;
const EVERY = 4;

/** Pixels in the middle of a picture that are looked at for what is shown: somebody waits for it, and a large picture takes seconds to be measured. */
const LOOKED_AT = 2 ** 21;

/** All that is natural is taken away of what is shown. */
const removing = { luma: 1, chroma: 1, detail: 0.5, bare: false };

/** Who watches, and may end it. */
export interface Pupil {
  readonly tell: (news: AdaptNews) => void;
  readonly signal: AbortSignal;
  readonly finish: AbortSignal;
  /** What denoises what is shown. */
  readonly applierOf: (weights: LearntWeights) => Applier;
  /** Where it stands is kept by this. */
  readonly kept?: KeptLearning | undefined;
}

/** The middle of a picture, of its shape and at most so many pixels. */
function middleOf({ width, height }: Pick<Picture, 'width' | 'height'>): Rect {
  const share = Math.min(1, Math.sqrt(LOOKED_AT / (width * height)));
  const [across, down] = [Math.round(share * width), Math.round(share * height)];
  return { x: (width - across) >> 1, y: (height - down) >> 1, width: across, height: down };
}

/** A part of the first picture, to be shown denoised by other weights again and again. */
async function shownPart(
  { width, height, channels, data }: Picture,
  noise: Intended['noise'],
): Promise<Rect> {
  const side = Math.min(SHOWN, width, height);
  const { detailed } = await tellingPlacesAside({ width, height, channels, data }, noise, side);
  return { x: detailed.x, y: detailed.y, width: side, height: side };
}

function cutOut({ width, height, channels, data, ...rest }: Picture, rect: Rect): Picture {
  const { alpha: _, ...others } = rest;
  const part = extractTile(data, channels, height, width, rect);
  return { ...others, width: rect.width, height: rect.height, channels, data: part };
}

/** Shows what weights make of a part of a picture. */
async function showing(
  applierOf: Pupil['applierOf'],
  given: Picture,
): Promise<(weights: LearntWeights, step: number) => Promise<AdaptNews>> {
  const middle = middleOf(given);
  const picture = middle.width === given.width ? given : cutOut(given, middle);
  const { mapped, factor } = await inRange(picture);
  const intended = await intendedInRange(mapped, picture, {});
  const rect = await shownPart(mapped, intended.noise);
  const part = cutOut(picture, rect);
  const seen = await multiplied(part, factor);
  return async (weights, step) => {
    await using applier = applierOf(weights);
    const made = await removeNoise(applier, seen, intended, removing, undefined, {});
    const image = pageOfPicture(backInRange(part, made.picture, factor));
    return { kind: 'preview', ...forScreen(image), x: middle.x + rect.x, y: middle.y + rect.y, step };
  };
}

/** The parameters that a state would give: their moving average, where there is one. */
const learntBy = ({ average, parameter = {} }: NonNullable<AdaptingState['training']>['tensors']) =>
  average ?? parameter;

function newsOf(progress: Progress): AdaptNews | undefined {
  if (progress.kind === 'note') return progress;
  if (progress.kind !== 'training') return undefined;
  const { step, steps, loss, elapsedSeconds, remainingSeconds } = progress;
  return { kind: 'step', step, loss, elapsedSeconds, remainingSeconds, ...present({ steps }) };
}

/**
 * Weights that have learnt from noisy pictures, as Node's `denoise` with `adapt` learns: the same code, draws and verdict.
 *
 * @throws OptionError for settings that the method cannot take
 */
export async function learnFrom(
  runtime: Runtime,
  start: LearntWeights,
  given: readonly Picture[],
  { weights, ...settings }: Omit<AdaptSettings, 'keep'>,
  { tell, signal, finish, applierOf, kept }: Pupil,
): Promise<AdaptFacts> {
  const from = kept?.from;
  let last = { steps: from?.training?.step ?? 0, seconds: from?.training?.seconds ?? 0 };
  const [first] = given;
  if (first === undefined) throw new RevelaError('learning needs noisy pictures');
  const adapting = adaptingOf(
    {
      ...settings,
      ...(typeof weights === 'string' ? { weights } : {}),
      ...{ signal, finish, stateEvery: EVERY, ...present({ from }) },
      onCalibration: (done) => tell({ kind: 'calibration', done }),
      onProgress: (progress) => {
        const news = newsOf(progress);
        if (news?.kind === 'step') last = { steps: news.step, seconds: news.elapsedSeconds };
        if (news !== undefined) tell(news);
      },
      onState: async (state, parameters) => {
        await keep(state);
        // Before the first step nothing new is to be seen.
        if (state.training !== undefined) await preview(parameters, state.training.step);
      },
    },
    start,
  );
  if (from !== undefined) tell({ kind: 'resumed', step: last.steps });
  const show = await showing(applierOf, await withVisibleColours(first));
  const keep = sparing(async (state: AdaptingState) => kept?.keep(state));
  const preview = sparing(async (parameters: LearntWeights['parameters'], step: number) =>
    tell(await show({ ...start, parameters }, step)),
  );
  await preview(
    from?.training === undefined ? start.parameters : learntBy(from.training.tensors),
    last.steps,
  );
  const learnt = await adapting(runtime, {
    inputs: given,
    noisy: async (picture) => {
      const visible = await withVisibleColours(picture);
      const { mapped } = await inRange(visible);
      return (await intendedInRange(mapped, visible, {})).strength > 0 ? mapped : undefined;
    },
    contents: async () => ({ pictures: given }),
  });
  const bytes = learnt === start ? undefined : encodeSafetensors(weightsContent('denoise', learnt));
  return { ...last, ...present({ weights: bytes }) };
}
