import { describe, expect, test } from 'vitest';
import { createReporter, type ReporterOptions } from '#src/cli/terminal/progress.js';
import type { Progress } from '#src/apply/index.js';

/** A reporter that writes into memory, and a clock that stands until it is moved. */
function reporter(options: Partial<ReporterOptions> = {}) {
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

const rates = {
  kind: 'training',
  loss: 0.25,
  learningRate: 1e-3,
  patchesPerSecond: 12.34,
  waitingShare: 0.04,
  elapsedSeconds: 1,
  remainingSeconds: 999,
} as const;

const training = (
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

const denoising = (
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

const written: Progress = { kind: 'written', input: 'night.jpg', output: 'night.denoised.jpg' };

/** What a terminal of endless width shows after the text: its lines, each with what was written over it. */
function screen(text: string): string[] {
  const lines = [''];
  let column = 0;
  for (const [part] of text.matchAll(/\p{Cc}\[K|[\r\n]|\P{Cc}/gu)) {
    const line = lines.at(-1) ?? '';
    if (part === '\n') lines.push('');
    if (part === '\r' || part === '\n') column = 0;
    else if (part === '\u001b[K') lines[lines.length - 1] = line.slice(0, column);
    else {
      lines[lines.length - 1] = line.slice(0, column) + part + line.slice(column + 1);
      column += 1;
    }
  }
  return lines;
}

describe('on a terminal', () => {
  const terminal = (options: Partial<ReporterOptions> = {}) =>
    reporter({ interactive: true, columns: 100, ...options });

  test('training is one line, with a bar, that is written over at most ten times a second', () => {
    const { report, taken, pass } = terminal();
    report(training(250));
    expect(taken()).toBe(
      '\rtraining  ━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  step 250/1000  loss 0.2500  12 patches/s  12:30 left\u001b[K',
    );
    pass(0.05);
    report(training(251));
    expect(taken()).toBe('');
    pass(0.05);
    report(training(252));
    expect(taken()).toContain('step 252/1000');
    report(training(253));
    expect(taken()).toBe('');
    report.close();
    expect(taken()).toMatch(/^\rtraining .*step 253\/1000.*\n$/);
    report.close();
    expect(taken()).toBe('');
  });

  test('what stands by itself comes above the line, which stays', () => {
    const { report, taken } = terminal();
    report({ kind: 'note', message: 'running on the CPU' });
    report(training(1));
    report({ kind: 'checkpoint', step: 1, path: 'run/checkpoints/step-00000001.safetensors' });
    report.close();
    const lines = screen(taken());
    expect(lines).toEqual([
      'running on the CPU',
      'saved step 1 in run/checkpoints/step-00000001.safetensors',
      expect.stringMatching(/^training .*step 1\/1000/),
      '',
    ]);
  });

  test('a validation has a line of its own, and its PSNR stays on that of the training', () => {
    const { report, taken, pass } = terminal({ columns: 110 });
    report(training(250));
    report({ kind: 'validation', step: 250, psnr: 31.416, ssim: 0.85314, best: true, seconds: 2 });
    pass(1);
    report(training(251));
    report({ kind: 'validation', step: 251, psnr: 30, ssim: 0.8, best: false, seconds: 2 });
    const worse = { psnr: 24, ssim: 0.7, inputPsnr: 28.38, best: false, worse: true, seconds: 2 } as const;
    report({ kind: 'validation', step: 251, ...worse });
    report.close();
    expect(screen(taken())).toEqual([
      'validation after step 250: PSNR 31.42 dB, SSIM 0.8531, the best so far',
      'validation after step 251: PSNR 30.00 dB, SSIM 0.8000',
      'validation after step 251: PSNR 24.00 dB, SSIM 0.7000, no better than without the network (28.38 dB)',
      expect.stringMatching(/step 251\/1000 {2}loss 0\.2500 {2}PSNR 31\.42 dB {2}12 patches\/s/),
      '',
    ]);
    report({ kind: 'validation', step: 3, loss: 0.25, best: true, seconds: 2 });
    expect(taken()).toBe('validation after step 3: loss 0.2500, the best so far\n');
  });

  test('a picture’s line makes way for its result, the line of the training does not', () => {
    const { report, taken } = terminal();
    report(training(1000));
    report(denoising(1, { count: 2 }));
    expect(screen(taken())).toEqual([
      expect.stringMatching(/^training {2}━{24} {2}step 1000\/1000 .* 0:00 left$/),
      'denoising night.jpg  ━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  picture 1/2  tile 1/12  0:05 left',
    ]);
    report(denoising(12));
    report(written);
    report.close();
    expect(screen(taken())).toEqual(['night.jpg → night.denoised.jpg', '']);
  });

  test('a download has a line with its speed, which makes way for the file; another model has another', () => {
    const { report, taken } = terminal();
    const arrived = { kind: 'downloading', received: 3 * 2 ** 20, bytesPerSecond: 2 ** 20 } as const;
    report({ ...arrived, model: 'RN50', total: 12 * 2 ** 20, remainingSeconds: 9 });
    expect(taken()).toBe(
      '\rdownloading RN50  ━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌  3.0 MiB of 12 MiB  1.0 MiB/s  0:09 left\u001b[K',
    );
    report({ kind: 'written', input: 'https://example.org/RN50.pt', output: 'models/RN50.pt' });
    report({ ...arrived, model: 'one' });
    report({ ...arrived, model: 'two', bytesPerSecond: 0 });
    report.close();
    expect(screen(taken())).toEqual([
      'https://example.org/RN50.pt → models/RN50.pt',
      `downloading one  ${'╌'.repeat(24)}  3.0 MiB  1.0 MiB/s`,
      `downloading two  ${'╌'.repeat(24)}  3.0 MiB`,
      '',
    ]);
  });

  test('the bar, then the label, then the details give way on a narrow one', () => {
    let columns = 62;
    const { report, taken, pass } = terminal({ columns: () => columns });
    const shown = (progress: Progress) => {
      pass(1);
      report(progress);
      return taken().replace(/^.*\r|\p{Cc}\[K$/gsu, '');
    };
    expect(shown(training(500))).toBe('training  step 500/1000  loss 0.2500  12 patches/s  8:20 left');
    columns = 30;
    expect(shown(training(501))).toBe('training  step 501/1000  los…');
    report.close();
    taken();
    columns = 45;
    expect(shown(denoising(6, { picture: 'a very long name of a picture.jpg' }))).toBe(
      'denoising a very long…  tile 6/12  0:05 left',
    );
    columns = 45;
    expect(shown(denoising(6, { picture: '夜の写真.jpg' }))).toBe(
      'denoising 夜の写真.jpg  tile 6/12  0:05 left',
    );
    columns = 42;
    expect(shown(denoising(6, { picture: '夜の写真.jpg' }))).toBe(
      'denoising 夜の写真…  tile 6/12  0:05 left',
    );
  });

  test('colours are used where they are asked for', () => {
    const plain = terminal();
    const coloured = terminal({ colour: true });
    for (const { report } of [plain, coloured]) {
      report(training(500));
      report(written);
    }
    expect(plain.taken()).not.toContain('\u001b[3');
    const text = coloured.taken();
    expect(text).toContain('\u001b[36m━━━━━━━━━━━━\u001b[39m\u001b[2m╌╌╌╌╌╌╌╌╌╌╌╌\u001b[22m');
    expect(text).toContain('\u001b[32mnight.jpg → night.denoised.jpg\u001b[39m\n');
  });
});

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
