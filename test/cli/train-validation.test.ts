import { mkdir, readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSafetensorsHeader } from '#src/weights/index.js';
import {
  expectRefusal,
  expectSuccess,
  jsonLines,
  namesIn,
  onCpu,
  photograph,
  revela,
  smallNetwork,
  temporaryFolder,
} from './command.js';

const path = temporaryFolder();
const pairs = ['--validation-noisy', 'val/noisy', '--validation-clean', 'val/clean'] as const;

const train = (run: string, ...options: readonly (string | number)[]) =>
  revela(['train', 'denoiser', 'photos', '--output', run, ...smallNetwork, ...onCpu, ...options], {
    cwd: path(),
  });

/** The metrics of a run without what the clock says. */
async function metricsOf(run: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const lines = jsonLines(await readFile(path(run, 'metrics.jsonl'), 'utf8'));
  return lines.map(({ seconds: _, waitedSeconds: _waited, ...others }) => others);
}

async function recordOf(run: string, file: string): Promise<Readonly<Record<string, unknown>>> {
  const { metadata } = await readSafetensorsHeader(path(run, file));
  return { ...JSON.parse(metadata['training'] ?? '{}') };
}

beforeAll(async () => {
  for (const folder of ['photos', 'val/noisy', 'val/clean', 'val/small', 'extra'])
    await mkdir(path(folder), { recursive: true });
  for (const name of ['a', 'b'])
    await photograph(64, 56)
      .png()
      .toFile(path('photos', `${name}.png`));
  for (const name of ['1', '2', '3', '4', '5']) {
    const noisy = await photograph(48, 40).png().toBuffer();
    // So far from the truth that a network of a few steps is better: weights that are worse are never the best.
    await sharp(noisy)
      .blur(1.2)
      .threshold(128, { greyscale: false })
      .negate()
      .png()
      .toFile(path('val/noisy', `${name}_real.png`));
    await sharp(noisy)
      .blur(1.2)
      .png()
      .toFile(path('val/clean', `${name}_mean.png`));
    await sharp(noisy)
      .resize(40, 40)
      .png()
      .toFile(path('val/small', `${name}_mean.png`));
  }
  await photograph(40, 60).png().toFile(path('extra', 'night.png'));
});

describe('a run with noisy and clean pairs', () => {
  it('records PSNR and SSIM, keeps the best weights and shows samples', async () => {
    const { stdout, stderr } = await expectSuccess(
      train('measured', '--steps', 40, '--validate-every', 10, ...pairs, '--include', 'extra/night.png'),
    );
    expect(stdout).toBe('measured/weights.safetensors\n');
    expect(stderr).toMatch(/^Training on 3 pictures for 40 steps\n/);
    expect(stderr).toMatch(/\nvalidation after step 10: PSNR \d+\.\d\d dB, SSIM 0\.\d{4}, the best so far\n/);
    expect(stderr).toMatch(/training: step 40\/40, loss [\d.]+, PSNR \d+\.\d\d dB, /);
    expect(stderr).toMatch(/\nBest in validation: step \d+, PSNR [^\n]+ in measured\/best\.safetensors\n/);

    const metrics = await metricsOf('measured');
    const measured = metrics.filter((line) => 'validationPsnr' in line);
    expect(metrics.length).toBe(40);
    expect(measured.map(({ step }) => step)).toEqual([10, 20, 30, 40]);
    for (const { validationSsim } of measured) expect(Math.abs(Number(validationSsim))).toBeLessThan(1);

    const [best] = [...measured].sort((a, b) => Number(b['validationPsnr']) - Number(a['validationPsnr']));
    const { step: _, ...last } = measured.at(-1) ?? {};
    expect(await recordOf('measured', 'best.safetensors')).toMatchObject({
      steps: best?.['step'],
      validationPsnr: best?.['validationPsnr'],
      validationSsim: best?.['validationSsim'],
      pictures: 3,
    });
    expect(await recordOf('measured', 'weights.safetensors')).toEqual({
      ...{ method: 'sdap', steps: 40, seed: 0, pictures: 3 },
      validationPsnr: last['validationPsnr'],
      validationSsim: last['validationSsim'],
    });

    expect(namesIn(path('measured/samples'))).toEqual([10, 20, 30, 40].map((step) => `step-000000${step}`));
    const kinds = ['clean', 'denoised', 'noisy'];
    expect(namesIn(path('measured/samples/step-00000040'))).toEqual(
      ['1', '2', '3', '4'].flatMap((name) => kinds.map((kind) => `${name}.${kind}.png`)),
    );
    const shown = await sharp(path('measured/samples/step-00000040/1.noisy.png')).raw().toBuffer();
    expect(shown).toEqual(await sharp(path('val/noisy/1_real.png')).raw().toBuffer());
    const [events = ''] = namesIn(path('measured')).filter((name) => name.startsWith('events.'));
    const tensorboard = await readFile(path('measured', events), 'latin1');
    for (const tag of ['validation/PSNR', 'validation/SSIM', '1/noisy', '1/denoised', '4/clean'])
      expect(tensorboard).toContain(tag);

    const info = await expectSuccess(revela(['info', path('measured')]));
    expect(info.stdout).toMatch(/validation +PSNR and SSIM on 5 pairs\n/);
    expect(info.stdout).toMatch(
      /recipe +optimiser adam, betas 0\.9 0\.99, [^\n]+ curve cosine, floor 0\.02\n/,
    );
  });

  it('learns as one without', async () => {
    await expectSuccess(train('with', '--steps', 20, '--validate-every', 3, ...pairs));
    await expectSuccess(train('without', '--steps', 20));
    const learnt = (lines: Awaited<ReturnType<typeof metricsOf>>) =>
      lines.map(({ step, loss, gradientNorm }) => ({ step, loss, gradientNorm }));
    expect(learnt(await metricsOf('with'))).toEqual(learnt(await metricsOf('without')));
    expect((await metricsOf('without')).at(-1)).toMatchObject({
      step: 20,
      validationLoss: expect.any(Number),
    });
    expect(namesIn(path('without/samples/step-00000020'))).toEqual(
      ['a', 'b'].flatMap((name) => [`${name}.denoised.png`, `${name}.noisy.png`]),
    );
  });

  it('measures the loss on noisy pictures that are not learnt from', async () => {
    await expectSuccess(train('held-out', '--steps', 3, '--validation-noisy', 'val/noisy'));
    expect(namesIn(path('held-out/samples/step-00000003'))).toContain('1_real.denoised.png');
    const { validationLoss } = (await metricsOf('held-out')).at(-1) ?? {};
    expect(await recordOf('held-out', 'best.safetensors')).toMatchObject({ steps: 3, validationLoss });
  });
});

describe('a run that is killed', () => {
  const options = [
    ...['--preset', 'paper', '--batch', 1, '--steps', 150, '--seed', 5, '--learning-rate', 0.002],
    ...['--validate-every', 25, '--checkpoint-seconds', 1, ...pairs, '--json'],
  ] as const;
  const resume = (run: string, wrapper: readonly string[] = []) =>
    revela(['train', 'denoiser', '--resume', run, '--checkpoint-seconds', 1, ...onCpu], {
      cwd: path(),
      wrapper,
    });
  const files = ['weights.safetensors', 'best.safetensors'];
  const bytesOf = (run: string) => Promise.all(files.map((file) => readFile(path(run, file))));

  beforeAll(async () => {
    await expectSuccess(train('whole', ...options));
  });

  it('was measured every 25 steps, in two stages', async () => {
    const metrics = await metricsOf('whole');
    expect(metrics.filter((line) => 'validationPsnr' in line).map(({ step }) => step)).toEqual([
      25, 50, 75, 100, 125, 150,
    ]);
    const rates = metrics.map(({ learningRate }) => Number(learningRate));
    expect(rates.slice(88, 92)).toEqual([0.002, 0.002, expect.closeTo(2e-4, 12), expect.closeTo(2e-4, 12)]);
  });

  it('and repeated gives the same files, byte by byte', async () => {
    await expectSuccess(train('again', ...options));
    expect(await bytesOf('again')).toEqual(await bytesOf('whole'));
    expect(await metricsOf('again')).toEqual(await metricsOf('whole'));
  });

  it.each([
    ['before its first checkpoint', '"step":10,'],
    ['in a validation', '"step":74,'],
    ['after its first checkpoint', '"kind":"checkpoint"'],
    ['in its second stage', '"step":110,'],
  ])('%s goes on to the same files, byte by byte', async (when, at) => {
    const run = `killed ${when}`;
    const { code } = await revela(
      ['train', 'denoiser', 'photos', '--output', run, ...smallNetwork, ...onCpu, ...options],
      { cwd: path(), interrupt: { at, signal: 'SIGKILL' } },
    );
    expect(code).toBeNull();
    expect(namesIn(path(run))).not.toContain('weights.safetensors');
    await expectSuccess(resume(run));
    expect(await bytesOf(run)).toEqual(await bytesOf('whole'));
    expect(await metricsOf(run)).toEqual(await metricsOf('whole'));
  });

  it('loses nothing to a full disk', async () => {
    await revela(['train', 'denoiser', 'photos', '--output', 'full', ...smallNetwork, ...onCpu, ...options], {
      cwd: path(),
      interrupt: { at: '"step":110,', signal: 'SIGKILL' },
    });
    const { code, stderr } = await resume('full', ['sh', '-c', 'ulimit -f 8; exec "$0" "$@"']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^revela: cannot write full\/[^\n]+: the file would be larger than [^\n]+$/m);
    await expectSuccess(resume('full'));
    expect(await bytesOf('full')).toEqual(await bytesOf('whole'));
  });

  it('is not mistaken for one of an older revela', async () => {
    const config: unknown = JSON.parse(await readFile(path('whole/config.json'), 'utf8'));
    await mkdir(path('older'));
    await writeFile(path('older/config.json'), JSON.stringify({ ...Object(config), version: 1 }));
    await expectRefusal(resume('older'), 1, 'older is a run of the format 1', 'knows runs of the format 2');
    await expectRefusal(revela(['info', path('older')]), 1, 'older is a run of the format 1');
  });
});

describe('what cannot be measured on is refused before anything is made', () => {
  it.each<[options: readonly string[], code: 1 | 2, ...words: readonly string[]]>([
    [['--validation-clean', 'val/clean'], 2, '--validation-clean needs --validation-noisy'],
    [['--validation-noisy', 'photos', '--validation-clean', 'val/clean'], 1, 'a.png', 'no clean picture'],
    [['--validation-noisy', 'val/noisy', '--validation-clean', 'val/small'], 1, 'must be of one size'],
    [['--validation-noisy', 'val/gone'], 1, 'val/gone does not exist'],
    [['--include', 'gone.png'], 1, 'gone.png does not exist'],
  ])('%j', async (options, code, ...words) => {
    await expectRefusal(train('refused', '--steps', 3, ...options), code, ...words);
    expect(namesIn(path())).not.toContain('refused');
  });
});
