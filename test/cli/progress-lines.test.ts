import { describe, expect, test } from 'vitest';
import type { Progress } from '#src/apply/index.js';
import { denoising, rates, reporter, training, written } from './reported-progress.js';

describe('elsewhere', () => {
  test('a line about every ten seconds, and the last one', () => {
    const { report, taken, pass } = reporter({ colour: true });
    report(training(1));
    expect(taken()).toBe('training: step 1/1000, loss 0.2500, 12 patches/s, 16:39 left\n');
    for (let step = 2; step <= 25; step++) {
      pass(1);
      report(training(step));
    }
    report(denoising(1));
    expect(
      taken()
        .split('\n')
        .map((line) => line.slice(0, 20)),
    ).toEqual([
      'training: step 11/10',
      'training: step 21/10',
      'training: step 25/10',
      'denoising night.jpg:',
      '',
    ]);
    report(denoising(12));
    report(written);
    report.close();
    expect(taken()).toBe('night.jpg → night.denoised.jpg\n');
  });

  test('names cannot command the terminal', () => {
    const { report, taken } = reporter();
    report(denoising(1, { picture: 'a\nb\u001b[2J.jpg' }));
    report({ kind: 'note', message: 'two\r\nlines\u009b' });
    report({ ...written, output: 'x\u0007' });
    expect(taken()).toBe('denoising a?b?[2J.jpg: tile 1/12, 0:05 left\ntwo??lines?\nnight.jpg → x?\n');
  });
});

describe('numbers', () => {
  const lineOf = (...events: readonly Progress[]) => {
    const { report, taken, pass } = reporter();
    for (const event of events) {
      pass(10);
      report(event);
    }
    return taken().trimEnd().split('\n').at(-1) ?? '';
  };

  test('the loss is smoothed from the first one on, and anew for a new training', () => {
    expect(lineOf(training(1, { loss: 8 }))).toContain('loss 8.000');
    expect(lineOf(training(1, { loss: 1 }), training(2, { loss: 3 }))).toContain('loss 2.020'); // 3.96 / 1.96
    expect(lineOf(training(9, { loss: 1 }), training(1, { loss: 3 }))).toContain('loss 3.000');
    const broken = training(2, { loss: Number.NaN });
    expect(lineOf(training(1, { loss: 1 }), broken)).toContain('loss NaN');
    expect(lineOf(training(1, { loss: 1 }), broken, training(3, { loss: 1 }))).toContain('loss 1.000');
    expect(lineOf(training(1, { loss: 0.0000123 }))).toContain('loss 1.23e-5');
  });

  test('times, speeds, and a training without a number of steps', () => {
    expect(lineOf(training(1, { remainingSeconds: 59.6 }))).toContain(' 1:00 left');
    expect(lineOf(training(1, { remainingSeconds: 3599 }))).toContain(' 59:59 left');
    expect(lineOf(training(1, { remainingSeconds: 36_005 }))).toContain(' 10:00:05 left');
    expect(lineOf(training(1, { remainingSeconds: -1 }))).toContain(' 0:00 left');
    expect(lineOf(training(1, { patchesPerSecond: 3.21 }))).toContain(' 3.2 patches/s');
    expect(lineOf(training(1))).not.toContain('waiting');
    expect(lineOf(training(1, { waitingShare: 0.338 }))).toContain(' 34 % waiting for pictures');
    expect(lineOf({ ...rates, step: 7 })).toMatch(/^training: step 7, loss/);
    expect(lineOf({ kind: 'denoising', picture: 'a.jpg', index: 1, count: 1, tile: 3, tiles: 12 })).toBe(
      'denoising a.jpg: tile 3/12',
    );
  });

  test('pictures that are scored, how fast and how long yet', () => {
    const counts = { picture: 'a.jpg', index: 30, count: 4000, remainingSeconds: 3722 } as const;
    expect(lineOf({ kind: 'scoring', ...counts, picturesPerSecond: 1.07 })).toBe(
      'scoring a.jpg: picture 30/4000, 1.1 pictures/s, 1:02:02 left',
    );
    expect(lineOf({ kind: 'measuring', ...counts, picturesPerSecond: 24.4 })).toContain(' 24 pictures/s');
    expect(lineOf({ kind: 'comparing', ...counts })).not.toContain('pictures/s');
    // As long as all were known from before, nothing is said of those that were not.
    expect(lineOf({ kind: 'scoring', ...counts, picturesPerSecond: 0, remainingSeconds: 0 })).toBe(
      'scoring a.jpg: picture 30/4000',
    );
  });
});

test('with --json every event is a line of JSON', () => {
  const { report, taken } = reporter({ json: true, interactive: true, colour: true });
  const events: Progress[] = [
    { kind: 'note', message: 'two\nlines' },
    training(1),
    training(2),
    { kind: 'checkpoint', step: 2, path: 'a' },
    denoising(1),
    written,
  ];
  for (const event of events) report(event);
  report.close();
  const lines = taken().split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual(events);
});
