import type { RunFolder } from './folder/run-folder.js';
import { roundNumbers } from '../rounds/index.js';
import type { StepReport } from '../training/index.js';

/** TensorBoard gets every so many steps; `metrics.jsonl` gets all. */
const eventInterval = 10;

/** The tags of the curves that TensorBoard shows of what `metrics.jsonl` calls so. */
const tags: ReadonlyMap<string, string> = new Map([
  ['validationPsnr', 'validation/PSNR'],
  ['validationSsim', 'validation/SSIM'],
  ['validationLpips', 'validation/LPIPS'],
  ['validationLoss', 'validation/loss'],
  ['validationRanking', 'validation/ranking'],
]);

/** Whose curve a number of a step is. */
const ownerOf = (name: string): string => (roundNumbers.has(name) ? 'fleet' : 'game');

/** Records a step, with what was measured after it, in a run's `metrics.jsonl` and event file. */
export function recordStep(run: RunFolder, report: StepReport): void {
  const { step, loss, gradientNorm, learningRate, numbers = {}, measured = {} } = report;
  const milliseconds = (seconds: number): number => Math.round(seconds * 1000) / 1000;
  run.appendMetrics({
    ...{ step, loss, gradientNorm, learningRate },
    seconds: milliseconds(report.seconds),
    waitedSeconds: milliseconds(report.waitedSeconds),
    ...numbers,
    ...measured,
  });
  showMeasured(run, step, measured);
  if (step % eventInterval !== 0 && !Object.keys(numbers).some((name) => roundNumbers.has(name))) return;
  const events = run.events();
  events.scalar('loss', loss, step);
  events.scalar('gradient norm', gradientNorm, step);
  events.scalar('learning rate', learningRate, step);
  events.scalar('seconds waited for data', report.waitedSeconds, step);
  for (const [name, value] of Object.entries(numbers)) events.scalar(`${ownerOf(name)}/${name}`, value, step);
}

/** Records what was measured after a step that is recorded already. */
export function recordMeasured(
  run: RunFolder,
  step: number,
  measured: Readonly<Record<string, number>>,
): void {
  run.appendMetrics({ step, ...measured });
  showMeasured(run, step, measured);
}

function showMeasured(run: RunFolder, step: number, measured: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(measured))
    run.events().scalar(tags.get(name) ?? name, value, step);
}
