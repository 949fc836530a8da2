import { desk, drawStrips } from './desk/index.js';
import { nameSides, openComparing, showComparing } from './comparing.js';
import { engineDetails } from './engine.js';
import { enlargingOf, openEnlarging, showEnlarging } from './enlarging.js';
import { fail } from './fail.js';
import { showFilmstrip } from './filmstrip.js';
import { openIntake } from './intake.js';
import { numberText, say } from './language/index.js';
import { openLpipsFiles } from './lpips-files.js';
import { isLearning, openLearning, showLearning } from './learning.js';
import { hideName, note } from './log.js';
import { openMixture, showMixture } from './mixture.js';
import { hasGraphics, keepForOffline, openOffline } from './offline.js';
import { parts, tasks } from './parts.js';
import { openBatch, showBatch } from './batch.js';
import { holdProblem, openProblem, showProblem } from './problem.js';
import { openRanking, showRanking } from './ranking/index.js';
import { type Item, Queue, type Trouble } from './queue.js';
import { openSaving, showSaving } from './save-button.js';
import { mixOf } from './saving.js';
import {
  addressOf,
  isFormat,
  isMeasuring,
  isTask,
  scaleOf,
  type Settings,
  settingsOf,
  type Task,
} from './settings.js';
import { openSpeaking, speakAsChosen } from './speaking.js';
import { isOfFile, tooLargeFor } from './troubles.js';
import { across, clearView, drawStrip, drawTile, refineView, showProgress, sizeFor } from './view.js';
import { foundWords } from './words.js';
import { Works } from './work.js';
import { openZoom } from './zoom.js';

let settings = settingsOf(location.search);
let otherTab = false;
let tile: { readonly item: Item; readonly tiles: number } | undefined;

const queue = new Queue();
const works = new Works(queue, settings.task, {
  onTile(item, { tile: number, tiles, ...pixels }) {
    tile = { item, tiles };
    if (item !== queue.shown) return;
    if (parts.view.classList.contains('old')) {
      parts.view.classList.remove('old');
      sizeView(item);
    }
    drawTile({ ...pixels, tile: number, tiles });
  },
  onFinished(item) {
    if (item === queue.shown) show(item);
    if (item.state === 'done') void keepForOffline(engineDetails().startsWith('GPU'));
  },
  onLost() {
    tell(() => say().resultsLost);
  },
  onOtherTab(waits) {
    otherTab = waits;
    queue.changed();
  },
});

function tell(trouble: Trouble | undefined): void {
  holdProblem(trouble);
  queue.changed();
}

/** The picture that stands on the left of the line. */
const leftOf = (item: Item): Item => (settings.task === 'compare' ? (queue.comparedWith ?? item) : item);

/** One to compare, of pictures the first of which is what the others are compared with. */
function beside(item: Item): Item {
  if (settings.task !== 'compare' || item !== queue.comparedWith) return item;
  return queue.items.find((other) => other !== item) ?? item;
}

const sizeView = (item: Item): void => clearView(leftOf(item).size, scaleOf(settings.task));

/** Shows a picture, and its result where there is one. */
function show(item: Item): void {
  const another = queue.shown !== item;
  queue.shown = item;
  if (another) {
    holdProblem(undefined);
    parts.view.classList.toggle('empty', item.hopeless); // What is hidden has no size.
    sizeView(item);
  }
  queue.use(item);
  queue.changed();
  if (item.hopeless) return;
  const left = leftOf(item);
  const order = { picture: item.number, left: left.number, file: left.file, mix: mixOf(item, settings) };
  void desk({ kind: 'show', ...order, across: across() }).catch((error: unknown) => unopened(left, error));
}

/** A file that cannot be opened is told, and the queue goes on. */
function unopened(item: Item, error: unknown): void {
  if (item.state !== 'waiting' || !isOfFile(error)) return;
  fail(item, error);
  queue.changed();
}

function change(changed: Partial<Settings>): void {
  settings = { ...settings, ...changed };
  history.replaceState(null, '', `${location.pathname}${addressOf(settings)}`);
  queue.changed();
}

async function look(item: Item): Promise<void> {
  try {
    const { size, small, capture } = await desk({ kind: 'look', file: item.file });
    Object.assign(item, { size, small, capture });
    if (size !== undefined && small === undefined && item.state === 'waiting')
      Object.assign(item, { state: 'failed', hopeless: true, trouble: tooLargeFor(settings.task, size) });
  } catch (error) {
    unopened(item, error);
  }
  queue.changed();
}

function take(files: readonly File[], leftOut: number): readonly Item[] {
  const items = queue.add(files);
  const [first, ...others] = items;
  if (first === undefined) return items;
  const opening = parts.work.hidden && parts.start.contains(document.activeElement);
  note(`${files.length} pictures came`);
  for (const { name } of files) hideName(name);
  parts.start.hidden = true;
  parts.work.hidden = false;
  if (opening || document.activeElement === parts.file) parts.split.focus({ preventScroll: true });
  works.paused = false;
  show(beside(first));
  holdProblem(leftOut === 0 ? undefined : () => say().leftOut(numberText(leftOut)));
  for (const item of [first, ...others]) void look(item);
  works.go();
  return items;
}

/** Whether there is anything on the right of the line. */
const hasRight = ({ state, found }: Item): boolean =>
  found?.kind !== 'reference' && (state === 'done' || (state === 'working' && !isMeasuring(settings.task)));

/** What is said of the picture that is shown. */
function factsOf(item: Item): string {
  if (item.state === 'done' && item.found !== undefined)
    return foundWords(item.found, queue.items.length < 2);
  if (item.state === 'failed') return '';
  if (item.state === 'working') {
    if (otherTab) return say().otherTab;
    if (isMeasuring(settings.task)) return say().looking;
    if (tile?.item !== item || item.progress === undefined) return say().measuring;
    if (item.progress === 1) return say().givingBack;
    return say().parts(numberText(Math.round(item.progress * tile.tiles)), numberText(tile.tiles));
  }
  if (isLearning()) return say().inTurn;
  if (works.paused) return say().stopped;
  return works.full && !works.working ? say().savedLater : say().inTurn;
}

/** Hides and shows buttons; the focus does not fall out of those that go. */
function showButtons(item: Item): void {
  const held = [parts.stop, parts.again].find((button) => button === document.activeElement);
  parts.stop.hidden = !works.working || works.paused || isLearning();
  const stuck = item.state === 'failed' && !item.hopeless;
  parts.again.hidden = isLearning() || !(works.paused || stuck);
  for (const element of [parts.save, parts.format]) element.hidden = settings.task === 'compare';
  showSaving(item);
  if (held?.hidden !== true) return;
  const next = [parts.stop, parts.again, parts.save].find((button) => !button.hidden && !button.disabled);
  (next ?? parts.split).focus({ preventScroll: true });
}

function render(): void {
  const { shown } = queue;
  parts.start.hidden = shown !== undefined;
  parts.work.hidden = shown === undefined;
  showProblem(queue);
  showFilmstrip(queue, show, removeItem);
  showBatch(queue, settings.task !== 'compare');
  showLearning(queue, works, settings.task === 'denoise');
  if (shown === undefined) return;
  parts.view.classList.toggle('empty', shown.hopeless);
  showProgress(shown.state === 'working' ? shown.progress : null);
  const facts = factsOf(shown);
  if (parts.facts.textContent !== facts) parts.facts.textContent = facts;
  // Each part of the result would be read aloud.
  parts.facts.ariaBusy = String(shown.state === 'working');
  showMixture(shown, settings);
  showEnlarging(shown, settings);
  showComparing(queue, settings);
  showRanking(queue, settings);
  nameSides(settings, hasRight(shown));
  showButtons(shown);
}

function removeItem(item: Item): void {
  const wasShown = item === queue.shown;
  const wasReference = settings.task === 'compare' && item === queue.comparedWith;
  works.remove(item);
  if (wasReference) works.renew();
  if (wasShown && queue.shown !== undefined) show(queue.shown);
}

// What changes at once is shown at once.
let rendering = false;
queue.watch(() => {
  if (rendering) return;
  rendering = true;
  queueMicrotask(() => {
    rendering = false;
    render();
  });
});

drawStrips((strip) => {
  if (strip.picture !== queue.shown?.number) return;
  // While parts come, what was shown before has no say.
  if (strip.side === 'after' && queue.shown.state !== 'done') return;
  if (strip.side === 'after') parts.view.classList.remove('old');
  if (strip.side === 'before') sizeFor(strip.whole, scaleOf(settings.task));
  // The room that was made may be wider than was thought, and so may what it shows have to be finer.
  if (drawStrip(strip) || strip.y > 0) return;
  refineView();
  show(queue.shown);
});

openSpeaking(queue, () => settings, change);
parts.format.value = settings.format;
parts.format.addEventListener('change', () => {
  const { value } = parts.format;
  if (isFormat(value)) change({ format: value });
});
function chooseTask(chosen: Task): void {
  for (const task of tasks) task.checked = task.value === chosen;
  if (settings.task === chosen) return;
  change({ task: chosen });
  parts.view.classList.add('old');
  works.change(chosen);
  if (queue.shown !== undefined) show(beside(queue.shown));
}

for (const task of tasks) {
  task.checked = task.value === settings.task;
  task.addEventListener('change', () => {
    if (isTask(task.value)) chooseTask(task.value);
  });
}
const mixAgain = (changed: Partial<Settings>): void => {
  change(changed);
  const { shown } = queue;
  if (shown?.state === 'done') void desk({ kind: 'mix', mix: mixOf(shown, settings), across: across() });
};
openMixture(mixAgain);
openEnlarging(change, () => {
  works.enlarging = enlargingOf(settings);
  if (scaleOf(settings.task) > 1) works.renew();
});
works.enlarging = enlargingOf(settings);
openComparing(queue, mixAgain, (reference) => {
  queue.reference = reference;
  parts.view.classList.add('old');
  works.renew();
  if (queue.shown !== undefined) show(queue.shown);
});
openLpipsFiles(tell, () => works.renew());
openRanking(queue, () => settings, change, show);
openIntake({
  take,
  nothing: (how) =>
    tell(
      () =>
        ({ pasted: say().nothingPasted, dropped: say().nothingDropped, inside: say().nothingInside })[how],
    ),
});
openZoom(() => {
  if (refineView() && queue.shown !== undefined) show(queue.shown);
});
openLearning(queue, works, tell, (files) => {
  chooseTask('denoise');
  return take(files, 0);
});
openBatch(queue, works, () => settings, tell);
parts.stop.addEventListener('click', () => works.stop());
parts.again.addEventListener('click', () => works.again(queue.shown));
openSaving(queue, () => settings, tell);
parts.clear.addEventListener('click', () => {
  for (const item of [...queue.items]) works.remove(item);
  parts.file.focus();
});
openProblem(queue, () => addressOf(settings));
parts.offline.addEventListener('click', () => void hasGraphics().then(keepForOffline));
window.addEventListener('error', ({ message }) => note(`error: ${message}`));
window.addEventListener('unhandledrejection', ({ reason }) => note(`error: ${String(reason)}`));

speakAsChosen(queue, settings);
render();
void openOffline(() => queue.items.length === 0);
