import type { AdaptPreview, PageImage } from 'revela/web';
import { desk } from './desk/index.js';
import { forgetRevela, revela } from './engine.js';
import { fail } from './fail.js';
import { inTurn } from './in-turn.js';
import { numberText, say } from './language/index.js';
import { curveOf, timeText } from './learning-marks.js';
import { hideName, note } from './log.js';
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
  readonly losses: number[];
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

function wordsOf({ losses, remaining, finish, otherTab }: Under): string {
  if (otherTab) return say().otherTab;
  if (finish.signal.aborted) return say().learnFinishing;
  const loss = losses.at(-1);
  if (loss === undefined) return say().learnMeasuring;
  const step = numberText(losses.length);
  return remaining === undefined ? say().learnStep(step) : say().learnLeft(step, timeText(remaining));
}

function drawPreview({ data, width, height }: AdaptPreview): void {
  const { sample } = parts;
  [sample.width, sample.height] = [width, height];
  drawing(sample).putImageData(new ImageData(data, width, height), 0, 0);
}

/** The pixels of pictures, as many as may lie in memory at once; what cannot be opened fails, and is left out. */
async function pixelsOf(items: readonly Item[], signal: AbortSignal): Promise<readonly PageImage[]> {
  const images: PageImage[] = [];
  let pixels = 0;
  for (const item of items) {
    if (item.hopeless) continue;
    signal.throwIfAborted();
    pixels += (item.size?.width ?? 0) * (item.size?.height ?? 0);
    if (images.length > 0 && pixels > MOST_PIXELS) break;
    try {
      const { image } = await desk({ kind: 'pixels', file: item.file });
      if (image !== undefined) images.push(image);
    } catch (error) {
      if (!isOfFile(error)) throw error;
      fail(item, error);
    }
  }
  return images;
}

/** Lets people learn from pictures, keep what was learnt as a file, and take it up again. */
export function openLearning(queue: Queue, works: Works, tell: (trouble: Trouble) => void): void {
  async function learn(items: readonly Item[], begun: Under): Promise<void> {
    const images = await pixelsOf(items, begun.giveUp.signal);
    queue.changed();
    // Each that there was has said what is wrong with it.
    if (images.length === 0) return;
    const engine = await revela();
    const { weights, steps, seconds } = await engine.adapt(images, {
      signal: begun.giveUp.signal,
      finish: begun.finish.signal,
      onCalibration: (done) => {
        begun.share = CALIBRATION * done;
        queue.changed();
      },
      onStep: ({ loss, elapsedSeconds, remainingSeconds }) => {
        const share = elapsedSeconds / Math.max(1e-9, elapsedSeconds + remainingSeconds);
        begun.share = CALIBRATION + (1 - CALIBRATION) * share;
        begun.remaining = remainingSeconds;
        begun.losses.push(loss);
        queue.changed();
      },
      onPreview: drawPreview,
    });
    note(`learnt from ${images.length} pictures: ${steps} steps in ${seconds.toFixed(1)} s`);
    if (weights !== undefined) works.weights = weights;
    const [count, pictures] = [steps, images.length];
    ended = () =>
      weights === undefined
        ? say().learnNoBetter(numberText(count))
        : say().learnDone(numberText(count), numberText(pictures));
  }

  function begin(items: readonly Item[]): void {
    const begun: Under = {
      finish: new AbortController(),
      giveUp: new AbortController(),
      share: 0,
      remaining: undefined,
      losses: [],
      otherTab: false,
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
    inTurn(() => learn(items, begun), begun.giveUp.signal, waits)
      .catch((error: unknown) => {
        ended = () => '';
        if (begun.giveUp.signal.aborted) return;
        note(`learning: ${error instanceof Error ? error.message : String(error)}`);
        tell(troubleOf(error, ''));
        forgetRevela();
      })
      .finally(() => {
        const holding = document.activeElement === parts.keepBest || document.activeElement === parts.giveUp;
        under = undefined;
        if (works.weights !== before) works.renew();
        works.wake();
        queue.changed();
        if (holding) setTimeout(() => parts.learnOne.focus());
      });
  }

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
