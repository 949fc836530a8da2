import type { AdaptPreview, PageImage } from 'revela/web';
import { type Unkept, whyUnkept } from '../../dist/web/kept/storage.js';
import { desk } from './desk/index.js';
import { forgetRevela, revela } from './engine.js';
import { fail } from './fail.js';
import { inTurn } from './in-turn.js';
import { numberText, say } from './language/index.js';
import { curveOf, timeText } from './learning-marks.js';
import { asLearner, discardLearning, dropLearning, keepPictures } from './interrupted.js';
import { hideName, note } from './log.js';
import { openOffer, showOffer } from './offer.js';
import { drawing, parts } from './parts.js';
import type { Item, Queue, Trouble } from './queue.js';
import { download } from './saving.js';
import { isOfFile, troubleOf } from './troubles.js';
import type { Works } from './work.js';

/** Pixels of all pictures that are learnt from together: so much lies in memory at once. */
const MOST_PIXELS = 2 ** 25;

/** Of the ring, what finding out about the noise is. */
const CALIBRATION = 0.1;

/** How learning stands, while it is under way. */
interface Under {
  readonly finish: AbortController;
  readonly giveUp: AbortController;
  share: number;
  remaining: number | undefined;
  /** Those of this visit. */
  readonly losses: number[];
  /** Steps that were learnt. */
  step: number;
  /** What tells it from others that are kept, once it is. */
  kept: string | undefined;
  /** Why it cannot go on at another visit. */
  unkept: Unkept | undefined;
  /** Another tab works, and this one waits. */
  otherTab: boolean;
}

let under: Under | undefined;
let ended: Trouble = () => '';

/** Whether learning is under way: other work rests meanwhile. */
export const isLearning = (): boolean => under !== undefined;

const ringLength = 2 * Math.PI * 20;

/** Shows where learning stands, and which weights are used. */
export function showLearning({ items, shown }: Queue, works: Works, denoising: boolean): void {
  showOffer(under !== undefined);
  parts.learning.hidden = !denoising || shown === undefined;
  const { learnAll, learnOne, loadWeights, saveWeights, general, keepBest, giveUp, underWay, learnt } = parts;
  const idle = under === undefined;
  learnOne.hidden = !idle;
  learnAll.hidden = !idle || items.length < 2;
  loadWeights.hidden = !idle;
  saveWeights.hidden = !idle || works.weights === undefined;
  general.hidden = !idle || works.weights === undefined;
  learnOne.disabled = shown?.hopeless !== false;
  for (const element of [underWay, keepBest, giveUp]) element.hidden = idle;
  const words = under === undefined ? ended() : wordsOf(under);
  if (learnt.textContent !== words) learnt.textContent = words;
  if (under === undefined) return;
  parts.ring.setAttribute('aria-valuenow', String(Math.round(100 * under.share)));
  parts.ring.style.setProperty('--left', String(ringLength * (1 - under.share)));
  parts.curve.setAttribute('points', curveOf(under.losses));
}

function stepWords({ losses, remaining, finish, otherTab, step: steps }: Under): string {
  if (otherTab) return say().otherTab;
  if (finish.signal.aborted) return say().learnFinishing;
  const loss = losses.at(-1);
  if (loss === undefined) return say().learnMeasuring;
  const step = numberText(steps);
  return remaining === undefined ? say().learnStep(step) : say().learnLeft(step, timeText(remaining));
}

function wordsOf(begun: Under): string {
  const { learnUnkeptFull, learnUnkept } = say();
  const why = begun.unkept === undefined ? '' : begun.unkept === 'full' ? learnUnkeptFull : learnUnkept;
  return `${stepWords(begun)} ${why}`.trimEnd();
}

function drawPreview({ data, width, height }: AdaptPreview): void {
  const { sample } = parts;
  [sample.width, sample.height] = [width, height];
  drawing(sample).putImageData(new ImageData(data, width, height), 0, 0);
}

/** A picture that is learnt from. */
interface Opened {
  readonly file: File;
  readonly image: PageImage;
}

/** The pixels of pictures, as many as may lie in memory at once; what cannot be opened fails, and is left out. */
async function opened(items: readonly Item[], signal: AbortSignal): Promise<readonly Opened[]> {
  const pictures: Opened[] = [];
  let pixels = 0;
  for (const item of items) {
    if (item.hopeless) continue;
    signal.throwIfAborted();
    pixels += (item.size?.width ?? 0) * (item.size?.height ?? 0);
    if (pictures.length > 0 && pixels > MOST_PIXELS) break;
    try {
      const { image } = await desk({ kind: 'pixels', file: item.file });
      if (image !== undefined) pictures.push({ file: item.file, image });
    } catch (error) {
      if (!isOfFile(error)) throw error;
      fail(item, error);
    }
  }
  return pictures;
}

/**
 * Lets people learn from pictures, keep what was learnt as a file, and take it up again; learning whose tab was closed is offered.
 *
 * @param take adds pictures, to be denoised
 */
export function openLearning(
  queue: Queue,
  works: Works,
  tell: (trouble: Trouble) => void,
  take: (files: readonly File[]) => readonly Item[],
): void {
  async function learn(items: readonly Item[], begun: Under): Promise<void> {
    const pictures = await opened(items, begun.giveUp.signal);
    queue.changed();
    // Each that there was has said what is wrong with it.
    if (pictures.length === 0) return;
    const unkept = (reason: Unkept): void => {
      begun.unkept = reason;
      queue.changed();
    };
    try {
      begun.kept = await keepPictures(pictures.map(({ file }) => file));
    } catch (error) {
      note(`learning is not kept: ${String(error)}`);
      unkept(whyUnkept(error));
    }
    const engine = await revela();
    const images = pictures.map(({ image }) => image);
    const { weights, steps, seconds } = await engine.adapt(images, {
      ...(begun.unkept === undefined ? { keep: true, onUnkept: unkept } : {}),
      onResumed: (step) => {
        note(`learning goes on after step ${step}`);
        begun.step = step;
      },
      transfer: true,
      signal: begun.giveUp.signal,
      finish: begun.finish.signal,
      onCalibration: (done) => {
        begun.share = CALIBRATION * done;
        queue.changed();
      },
      onStep: ({ step, loss, elapsedSeconds, remainingSeconds }) => {
        const share = elapsedSeconds / Math.max(1e-9, elapsedSeconds + remainingSeconds);
        begun.share = CALIBRATION + (1 - CALIBRATION) * share;
        begun.remaining = remainingSeconds;
        begun.losses.push(loss);
        begun.step = step;
        queue.changed();
      },
      onPreview: drawPreview,
    });
    note(`learnt from ${images.length} pictures: ${steps} steps in ${seconds.toFixed(1)} s`);
    if (weights !== undefined) works.weights = weights;
    const [count, number] = [steps, images.length];
    ended = () =>
      weights === undefined
        ? say().learnNoBetter(numberText(count))
        : say().learnDone(numberText(count), numberText(number));
  }

  /** What came to an end, or was given up, is kept no longer. */
  async function learnToTheEnd(items: readonly Item[], begun: Under): Promise<void> {
    const letGo = async (): Promise<void> => {
      if (begun.kept !== undefined) await dropLearning(begun.kept);
    };
    try {
      await learn(items, begun);
    } catch (error) {
      if (begun.giveUp.signal.aborted) await letGo();
      throw error;
    }
    await letGo();
  }

  /** @param kept tells what is gone on with */
  function begin(items: readonly Item[], kept?: string): void {
    const begun: Under = {
      kept,
      finish: new AbortController(),
      giveUp: new AbortController(),
      share: 0,
      remaining: undefined,
      ...{ losses: [], step: 0, otherTab: false, unkept: undefined },
    };
    const held = document.activeElement === parts.learnOne || document.activeElement === parts.learnAll;
    const before = works.weights;
    under = begun;
    works.rest();
    if (held) setTimeout(() => parts.keepBest.focus());
    const waits = (otherTab: boolean): void => {
      begun.otherTab = otherTab;
      queue.changed();
    };
    inTurn(() => asLearner(() => learnToTheEnd(items, begun)), begun.giveUp.signal, waits)
      .catch(async (error: unknown) => {
        ended = () => '';
        if (begun.giveUp.signal.aborted) {
          // Its turn may never have come.
          if (begun.kept !== undefined) await discardLearning(begun.kept);
          return;
        }
        note(`learning: ${error instanceof Error ? error.message : String(error)}`);
        tell(troubleOf(error, ''));
        forgetRevela();
      })
      .finally(() => {
        const holding = document.activeElement === parts.keepBest || document.activeElement === parts.giveUp;
        under = undefined;
        if (works.weights !== before) works.renew();
        works.wake();
        // What failed can go on where it stood.
        void offer();
        queue.changed();
        if (holding) setTimeout(() => parts.learnOne.focus());
      });
  }

  const offer = openOffer(
    () => queue.changed(),
    ({ files, id }) => {
      if (under === undefined) begin(take(files), id);
    },
  );

  const use = (weights: Uint8Array | undefined, words: Trouble): void => {
    works.weights = weights;
    ended = words;
    works.renew();
    queue.changed();
  };

  parts.learnOne.addEventListener('click', () => {
    if (queue.shown !== undefined) begin([queue.shown]);
  });
  parts.learnAll.addEventListener('click', () => {
    const { shown, items } = queue;
    begin(shown === undefined ? items : [shown, ...items.filter((item) => item !== shown)]);
  });
  parts.keepBest.addEventListener('click', () => {
    under?.finish.abort();
    queue.changed();
  });
  parts.giveUp.addEventListener('click', () => under?.giveUp.abort());
  parts.saveWeights.addEventListener('click', () => {
    if (works.weights === undefined) return;
    download({ name: 'revela-weights.safetensors', blob: new Blob([new Uint8Array(works.weights)]) });
  });
  parts.loadWeights.addEventListener('click', () => parts.weights.click());
  parts.weights.addEventListener('change', () => {
    const file = parts.weights.files?.[0];
    parts.weights.value = '';
    if (file === undefined) return;
    const { name } = file;
    hideName(name);
    file.arrayBuffer().then(
      (bytes) => use(new Uint8Array(bytes), () => say().weightsFrom(name)),
      (error: unknown) => tell(troubleOf(error, name)),
    );
  });
  parts.general.addEventListener('click', () => use(undefined, () => ''));
}
