import type { PageImage, Pixels, Watching } from 'revela/web';
import { blend } from './blend.js';
import { forgetRevela, revela } from './engine.js';
import { denoiseWords, sentence, tileWords, upscaleWords } from './facts.js';
import { chosenTask, parts, showState, type Task, tasks } from './parts.js';
import { clearAfter, showAfter, showBefore, showProgress, showStrength, showTile } from './view.js';

let picture: { readonly image: PageImage; readonly name: string } | undefined;
let result: { readonly image: Pixels; readonly task: Task } | undefined;
let stopping: AbortController | undefined;
let taken = 0;

function forgetProblem(): void {
  parts.problem.textContent = '';
  parts.problem.hidden = true;
}

function tellProblem(error: unknown): void {
  parts.problem.textContent = sentence(error instanceof Error ? error.message : String(error));
  parts.problem.hidden = false;
}

const strength = (): number => (chosenTask() === 'denoise' ? Number(parts.strength.value) / 100 : 1);

function applyStrength(): void {
  parts.strengthValue.textContent = `${parts.strength.value} %`;
  showStrength(strength());
}

/** Opens a file, and begins with what is chosen; of files that come while one is opened, the last is taken. */
async function take(file: File): Promise<void> {
  taken += 1;
  const turn = taken;
  forgetProblem();
  try {
    const { decodeImage } = await import('revela/web');
    const image = await decodeImage(file);
    if (turn !== taken) return;
    picture = { image, name: file.name };
  } catch (error) {
    if (turn === taken) tellProblem(error);
    return;
  }
  const first = parts.work.hidden && parts.start.contains(document.activeElement);
  parts.start.hidden = true;
  parts.work.hidden = false;
  if (first) parts.split.focus({ preventScroll: true });
  showBefore(picture.image);
  await run();
}

/** Does what is chosen with the picture; what is under way stops. */
async function run(): Promise<void> {
  stopping?.abort();
  if (picture === undefined) return;
  const { image } = picture;
  const task = chosenTask();
  const stop = new AbortController();
  stopping = stop;
  result = undefined;
  forgetProblem();
  showState('working');
  parts.strengthLabel.hidden = task !== 'denoise';
  parts.facts.textContent = 'Measuring the noise …';
  clearAfter(image.width, image.height);
  showStrength(1);
  showProgress(undefined);
  try {
    await work(task, image, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) return;
    end('');
    tellProblem(error);
    forgetRevela();
  }
}

async function work(task: Task, image: PageImage, signal: AbortSignal): Promise<void> {
  const scale = task === 'upscale4' ? 4 : task === 'upscale2' ? 2 : undefined;
  const watching: Watching = {
    signal,
    onTile: (tile) => {
      if (signal.aborted) return;
      if (tile.tile === 1) clearAfter(image.width * (scale ?? 1), image.height * (scale ?? 1));
      showTile(tile);
      parts.facts.textContent = tileWords(tile.tile, tile.tiles);
    },
    onProgress: (done) => {
      if (!signal.aborted) showProgress(done);
    },
  };
  const engine = await revela();
  if (scale === undefined) {
    const { image: made, facts } = await engine.denoise(image, { strength: 100, ...watching });
    if (signal.aborted) return;
    parts.strength.value = String(Math.round(facts.natural));
    finish(made, task, denoiseWords(facts));
  } else {
    const { image: made, facts } = await engine.upscale(image, { scale, ...watching });
    if (signal.aborted) return;
    finish(made, task, upscaleWords(facts, made.width, made.height));
  }
}

function finish(image: Pixels, task: Task, words: string): void {
  result = { image, task };
  showAfter(image);
  applyStrength();
  end(words);
}

/** Nothing is under way any more. */
function end(words: string): void {
  showProgress(null);
  showState(result === undefined ? 'stopped' : 'done');
  parts.facts.textContent = words;
}

/** Stops at once for who looks; the worker ends the part that it is at. */
function stop(): void {
  stopping?.abort();
  end('Stopped.');
}

async function save(): Promise<void> {
  if (picture === undefined || result === undefined) return;
  const { name } = picture;
  const { image, task } = result;
  const shown = task === 'denoise' ? blend(picture.image, image, strength()) : image;
  const { encodeImage } = await import('revela/web');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await encodeImage(shown, 'png'));
  link.download = `${name.replace(/\.[^.]*$/, '')}-${task === 'denoise' ? 'denoised' : 'enlarged'}.png`;
  link.click();
  // Some browsers begin to read only after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Takes the first of files. */
function takeFirst(files: FileList | undefined | null, none: string): void {
  const file = files?.[0];
  if (file !== undefined) void take(file);
  else tellProblem(none);
}

parts.file.addEventListener('change', () => {
  const [file] = parts.file.files ?? [];
  if (file === undefined) return;
  void take(file);
  parts.file.value = ''; // so that choosing the same file again is a change
});
parts.start.addEventListener('click', ({ target }) => {
  if (target !== parts.file && !(target instanceof HTMLLabelElement)) parts.file.click();
});
parts.other.addEventListener('click', () => parts.file.click());
parts.stop.addEventListener('click', stop);
parts.again.addEventListener('click', () => void run());
parts.save.addEventListener('click', () => {
  parts.save.disabled = true;
  void save()
    .catch(tellProblem)
    .finally(() => {
      parts.save.disabled = false;
    });
});
parts.strength.addEventListener('input', applyStrength);
for (const task of tasks) task.addEventListener('change', () => void run());
document.addEventListener('paste', ({ clipboardData }) =>
  takeFirst(clipboardData?.files, 'what was pasted is no picture'),
);
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  document.body.classList.add('over');
});
document.addEventListener('dragleave', ({ relatedTarget }) => {
  // Elements of the page are entered and left as well.
  if (relatedTarget === null) document.body.classList.remove('over');
});
document.addEventListener('drop', (event) => {
  event.preventDefault();
  document.body.classList.remove('over');
  takeFirst(event.dataTransfer?.files, 'what was dropped is no file');
});
