import { createReporter, type ReporterOptions } from '#src/cli/terminal/progress.js';
import type { Progress } from '#src/apply/index.js';

/** A reporter that writes into memory, and a clock that stands until it is moved. */
export function reporter(options: Partial<ReporterOptions> = {}) {
  let written = '';
  let time = 0;
  const report = createReporter({
    json: false,
    interactive: false,
    stream: { write: (text) => (written += text) },
    now: () => time,
    ...options,
  });
  return {
    report,
    /** What was written since the last call. */
    taken: () => {
      const text = written;
      written = '';
      return text;
    },
    pass: (seconds: number) => {
      time += seconds * 1000;
    },
  };
}

export const rates = {
  kind: 'training',
  loss: 0.25,
  learningRate: 1e-3,
  patchesPerSecond: 12.34,
  waitingShare: 0.04,
  elapsedSeconds: 1,
  remainingSeconds: 999,
} as const;

export const training = (
  step: number,
  changes: Partial<Extract<Progress, { kind: 'training' }>> = {},
): Progress => ({
  ...rates,
  step,
  steps: 1000,
  elapsedSeconds: step,
  remainingSeconds: 1000 - step,
  ...changes,
});

export const denoising = (
  tile: number,
  changes: Partial<Extract<Progress, { kind: 'denoising' }>> = {},
): Progress => ({
  kind: 'denoising',
  picture: 'night.jpg',
  index: 1,
  count: 1,
  tile,
  tiles: 12,
  remainingSeconds: 5,
  ...changes,
});

export const written = {
  kind: 'written',
  input: 'night.jpg',
  output: 'night.denoised.jpg',
} as const satisfies Progress;
