import { printable } from '../../printable.js';
import type { BestWeights, Progress } from '../../api/index.js';
import { sizeText } from './wording.js';

const ongoingKinds = [
  'training',
  'denoising',
  'upscaling',
  'downloading',
  'comparing',
  'scoring',
  'measuring',
] as const;

/** Less of the time is not worth a word. */
const notableWaiting = 0.05;

/** Progress that replaces what was shown of it before. */
export type Ongoing = Extract<Progress, { kind: (typeof ongoingKinds)[number] }>;
/** Progress that stands by itself. */
export type Lasting = Exclude<Progress, Ongoing>;

export type Validated = Extract<Progress, { kind: 'validation' }>;

/** What is shown of ongoing work: `label ━━━━╌╌╌╌ details`. */
export interface WorkLine {
  readonly label: string;
  /** How much is done, from 0 to 1. */
  readonly share: number;
  readonly details: string;
}

export function isOngoing(progress: Progress): progress is Ongoing {
  return ongoingKinds.some((kind) => kind === progress.kind);
}

/** One line of what stands by itself. */
export function lastingText(progress: Lasting): string {
  switch (progress.kind) {
    case 'note':
      return printable(progress.message);
    case 'validation': {
      const { inputPsnr = 0 } = progress;
      const best = progress.best
        ? ', the best so far'
        : progress.worse
          ? `, no better than without the network (${inputPsnr.toFixed(2)} dB)`
          : '';
      return `validation after step ${progress.step}: ${scoresText(progress)}${best}`;
    }
    case 'checkpoint':
      return printable(`saved step ${progress.step} in ${progress.path}`);
    case 'denoised':
      return printable(`${progress.picture}: ${removalText(progress)}`);
    case 'written':
      return printable(`${progress.input} → ${progress.output}`);
  }
}

/** What was found in a picture and done to it. */
function removalText({
  lumaNoise,
  chromaNoise,
  evidence,
  strength,
  removed,
  learnt,
}: Extract<Progress, { kind: 'denoised' }>): string {
  const levels = `${lumaNoise.toFixed(1)} of 255 in brightness, ${chromaNoise.toFixed(1)} in colour`;
  const found =
    evidence === 0
      ? 'no noise that could be told from texture'
      : `noise ${levels}${evidence < 0.5 ? ' (not sure)' : ''}`;
  if (removed === 0) return `${found}; left as it is`;
  const how = learnt ? ', by a network that learnt from it' : '';
  return `${found}; ${removed.toFixed(1)} taken away at strength ${strength.toFixed(0)}${how}`;
}

/** `PSNR 31.42 dB, SSIM 0.8531`, `91.2 % in the right order`, and LPIPS or the loss where these were measured. */
export function scoresText({
  psnr,
  ssim,
  lpips,
  loss,
  ranking,
}: Pick<Validated, 'psnr' | 'ssim' | 'lpips' | 'loss' | 'ranking'>): string {
  if (ranking !== undefined) return `${(100 * ranking).toFixed(1)} % of pairs in the right order`;
  if (psnr === undefined) return loss === undefined ? 'nothing' : `loss ${lossText(loss)}`;
  const more = [
    ...(ssim === undefined ? [] : [`SSIM ${ssim.toFixed(4)}`]),
    ...(lpips === undefined ? [] : [`LPIPS ${lpips.toFixed(4)}`]),
  ];
  return [psnrText(psnr), ...more].join(', ');
}

/**
 * @param loss the smoothed one, for training
 * @param validated the last validation of a training
 */
export function workLine(progress: Ongoing, loss: number, validated?: Validated): WorkLine {
  if (progress.kind === 'training') {
    const { step, steps, patchesPerSecond, waitingShare, elapsedSeconds, remainingSeconds } = progress;
    const total = elapsedSeconds + remainingSeconds;
    return {
      label: 'training',
      share: total > 0 ? elapsedSeconds / total : 0,
      details: joined(
        `step ${step}${steps === undefined ? '' : `/${steps}`}`,
        `loss ${lossText(loss)}`,
        validated?.psnr === undefined ? '' : psnrText(validated.psnr),
        `${patchesPerSecond.toFixed(patchesPerSecond < 10 ? 1 : 0)} patches/s`,
        waitingShare < notableWaiting ? '' : `${(100 * waitingShare).toFixed(0)} % waiting for pictures`,
        timeLeft(remainingSeconds),
      ),
    };
  }
  if (progress.kind === 'downloading') {
    const { model, received, total, bytesPerSecond, remainingSeconds } = progress;
    return {
      label: printable(`downloading ${model}`),
      share: total === undefined || total === 0 ? 0 : received / total,
      details: joined(
        total === undefined ? sizeText(received) : `${sizeText(received)} of ${sizeText(total)}`,
        bytesPerSecond > 0 ? `${sizeText(bytesPerSecond)}/s` : '',
        remainingSeconds === undefined ? '' : timeLeft(remainingSeconds),
      ),
    };
  }
  if (progress.kind === 'comparing' || progress.kind === 'scoring' || progress.kind === 'measuring') {
    const { kind, picture, index, count, picturesPerSecond: pace, remainingSeconds } = progress;
    return {
      label: printable(`${kind} ${picture}`),
      share: index / count,
      details: joined(
        `picture ${index}/${count}`,
        ...(pace === 0
          ? [] // All were known from before; how long others take is not.
          : [
              pace === undefined ? '' : `${pace.toFixed(pace < 10 ? 1 : 0)} pictures/s`,
              timeLeft(remainingSeconds),
            ]),
      ),
    };
  }
  const { kind, picture, index, count, tile, tiles, remainingSeconds } = progress;
  return {
    label: printable(`${kind} ${picture}`),
    share: tiles > 0 ? tile / tiles : 0,
    details: joined(
      count > 1 ? `picture ${index}/${count}` : '',
      `tile ${tile}/${tiles}`,
      remainingSeconds === undefined ? '' : timeLeft(remainingSeconds),
    ),
  };
}

/** `m:ss`, from an hour on `h:mm:ss`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–:––';
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/**
 * The running mean of a loss, which jumps from patch to patch: every value counts 4 % less than the one after it, and
 * the first ones are not drawn towards 0. A value that is not finite is passed on and forgotten.
 */
export function lossSmoother(): (loss: number) => number {
  const fading = 0.96;
  let sum = 0;
  let weight = 0;
  return (loss) => {
    if (!Number.isFinite(loss)) return loss;
    sum = fading * sum + loss;
    weight = fading * weight + 1;
    return sum / weight;
  };
}

function lossText(loss: number): string {
  return loss !== 0 && Math.abs(loss) < 1e-4 ? loss.toExponential(2) : loss.toPrecision(4);
}

function psnrText(psnr: number): string {
  return `PSNR ${psnr.toFixed(2)} dB`;
}

function timeLeft(seconds: number): string {
  return `${formatDuration(seconds)} left`;
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('  ');
}

/** The best weights, and that they are not the result. */
export function bestText({ path, step, ...scores }: BestWeights): string {
  return `Best in validation: step ${step}, ${scoresText(scores)}, in ${path}`;
}
