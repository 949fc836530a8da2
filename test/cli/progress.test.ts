import { describe, expect, test } from 'vitest';
import type { ReporterOptions } from '#src/cli/terminal/progress.js';
import type { Progress } from '#src/apply/index.js';
import { denoising, reporter, training, written } from './reported-progress.js';

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
