import type { PageImage, Pixels } from 'revela/web';
import { blend } from './blend.js';
import { revela } from './engine.js';
import { denoiseWords, upscaleWords } from './facts.js';
import { chosenTask, parts, type Task, tasks } from './parts.js';
import { clearAfter, showAfter, showBefore, showProgress, showStrength, showTile } from './view.js';

let picture: { readonly image: PageImage; readonly name: string } | undefined;
let result: { readonly image: Pixels; readonly task: Task } | undefined;
let stopping: AbortController | undefined;

function forgetProblem(): void {
  parts.problem.textContent = '';
  parts.problem.hidden = true;
}

function tellProblem(error: unknown): void {
  parts.problem.textContent = error instanceof Error ? error.message : String(error);
  parts.problem.hidden = false;
}

const strength = (): number => (chosenTask() === 'denoise' ? Number(parts.strength.value) / 100 : 1);

function applyStrength(): void {
  parts.strengthValue.textContent = `${parts.strength.value} %`;
  showStrength(strength());
}

/** Opens a file, and begins with what is chosen. */
async function take(file: Blob, name: string): Promise<void> {
  forgetProblem();
  try {
    const { decodeImage } = await import('revela/web');
    picture = { image: await decodeImage(file), name };
  } catch (error) {
    return tellProblem(error);
  }
  parts.start.hidden = true;
  parts.work.hidden = false;
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
  parts.save.disabled = true;
  parts.stop.hidden = false;
  forgetProblem();
  parts.strengthLabel.hidden = task !== 'denoise';
  parts.facts.textContent = 'Measuring the noise …';
  const scale = task === 'upscale4' ? 4 : task === 'upscale2' ? 2 : 1;
  clearAfter(image.width * scale, image.height * scale);
  showStrength(1);
  showProgress(undefined);
  try {
    const engine = await revela();
    const watching = {
      signal: stop.signal,
      onTile: (tile: Parameters<typeof showTile>[0]) => {
        if (stop.signal.aborted) return;
        showTile(tile);
        parts.facts.textContent = `${tile.tile} of ${tile.tiles} tiles`;
      },
      onProgress: (done: number) => {
        if (!stop.signal.aborted) showProgress(done);
      },
    };
    if (task === 'denoise') {
      const { image: made, facts } = await engine.denoise(image, { strength: 100, ...watching });
      if (stop.signal.aborted) return;
      parts.strength.value = String(Math.round(facts.natural));
      parts.facts.textContent = denoiseWords(facts);
      finish(made, task);
    } else {
      const { image: made, facts } = await engine.upscale(image, {
        scale: task === 'upscale4' ? 4 : 2,
        ...watching,
      });
      if (stop.signal.aborted) return;
      parts.facts.textContent = upscaleWords(facts, made.width, made.height);
      finish(made, task);
    }
  } catch (error) {
    if (stopping !== stop) return;
    if (stop.signal.aborted) parts.facts.textContent = 'Stopped.';
    else {
      parts.facts.textContent = '';
      tellProblem(error);
    }
  } finally {
    if (stopping === stop) {
      showProgress(null);
      parts.stop.hidden = true;
    }
  }
}

function finish(image: Pixels, task: Task): void {
  result = { image, task };
  showAfter(image);
  applyStrength();
  parts.save.disabled = false;
}

async function save(): Promise<void> {
  if (picture === undefined || result === undefined) return;
  const { encodeImage } = await import('revela/web');
  const { image, task } = result;
  const blob = await encodeImage(task === 'denoise' ? blend(picture.image, image, strength()) : image, 'png');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${picture.name.replace(/\.[^.]*$/, '')}-${task === 'denoise' ? 'denoised' : 'enlarged'}.png`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The first file that can be a picture. */
function takeFirst(files: FileList | undefined | null): void {
  const file = files?.[0];
  if (file !== undefined) void take(file, file.name);
}

parts.file.addEventListener('change', () => takeFirst(parts.file.files));
parts.start.addEventListener('click', ({ target }) => {
  if (target === parts.start) parts.file.click();
});
parts.other.addEventListener('click', () => parts.file.click());
parts.stop.addEventListener('click', () => stopping?.abort());
parts.save.addEventListener('click', () => void save().catch(tellProblem));
parts.strength.addEventListener('input', applyStrength);
for (const task of tasks) task.addEventListener('change', () => void run());
document.addEventListener('paste', ({ clipboardData }) => takeFirst(clipboardData?.files));
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  document.body.classList.add('over');
});
document.addEventListener('dragleave', () => document.body.classList.remove('over'));
document.addEventListener('drop', (event) => {
  event.preventDefault();
  document.body.classList.remove('over');
  takeFirst(event.dataTransfer?.files);
});
