import { mkdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  drawWeights,
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

beforeAll(async () => {
  await mkdir(path('noisy'));
  for (const name of ['a.png', 'b.png']) await photograph(64, 56).png().toFile(path('noisy', name));
  await drawWeights(path('teacher.safetensors'));
});

describe('methods', () => {
  it('lists each with its network, what it learns from and its recipes', async () => {
    const { stdout } = await expectSuccess(revela(['methods']));
    expect(stdout).toMatch(/^sdap\n {2}what +SDAP: .*\n {2}network +dbsnl, which must have a blind spot\n/);
    expect(stdout).toMatch(
      /^amsnet\n(?: {2}.*\n)+? {2}paper +patches 160² × 4, rate 0.0001; AdamW, 625,000 steps;/m,
    );
    expect(stdout).toMatch(/^distilled\n(?: {2}.*\n)+? {2}learns from +a teacher \(revela distill\)$/m);
  });

  it('describes them in JSON for programs', async () => {
    const { stdout } = await expectSuccess(revela(['methods', '--json']));
    expect(jsonLines(stdout)[0]).toMatchObject({
      kind: 'methods',
      methods: [
        { name: 'sdap', needsBlindSpot: true, options: ['subSampling', 'enhance', 'refine'] },
        { name: 'amsnet', needsBlindSpot: false, defaultNetwork: 'student', learnsFrom: 'pictures' },
        { name: 'amsnet-p' },
        { name: 'ap-bsn', presets: { paper: { steps: 61_360 } } },
        { name: 'distilled', learnsFrom: 'teacher' },
        { name: 'supervised', learnsFrom: 'pairs', defaultNetwork: 'resunet' },
      ],
    });
  });
});

describe('denoise by other methods', () => {
  it('takes the options of AMSNet, and repeats with its seed', async () => {
    const denoise = (output: string, ...options: readonly (string | number)[]) =>
      revela([
        ...['denoise', path('noisy/a.png'), '--weights', path('teacher.safetensors'), '--no-adapt', '--json'],
        ...[
          '--method',
          'amsnet',
          '--output',
          path(output),
          '--bare',
          '--no-keep-detail',
          ...onCpu,
          ...options,
        ],
      ]);
    for (const [output, ...options] of [
      ['1.png', '--seed', 1],
      ['1 again.png', '--seed', 1],
      ['2.png', '--seed', 2, '--masks', 3],
      ['refined.png', '--refine', 'per-pixel'],
    ] as const)
      await expectSuccess(denoise(output, ...options));
    const [one, again, two] = await Promise.all(
      ['1.png', '1 again.png', '2.png'].map((name) => readFile(path(name))),
    );
    expect(again).toEqual(one);
    expect(two).not.toEqual(one);
  });

  it('refuses a network that can see what it predicts, and options of another method', async () => {
    const denoise = (...options: readonly (string | number)[]) =>
      revela(['denoise', path('noisy/a.png'), '--output', path('none.png'), ...onCpu, ...options]);
    await expectRefusal(
      denoise('--from-scratch', '--network', 'student', '--method', 'sdap'),
      2,
      '--method sdap needs a network that is blind',
    );
    await expectRefusal(
      denoise('--no-adapt', '--masks', 3),
      2,
      '--masks is for methods that hide pixels, and supervised is none',
    );
    expect(namesIn(path('.'))).not.toContain('none.png');
  });
});

describe('distill', () => {
  it('writes a student that denoises', async () => {
    const { stdout, stderr } = await expectSuccess(
      revela([
        ...['distill', path('noisy'), '--teacher', path('teacher.safetensors'), '--output', path('run')],
        ...['--variants', 'pd1, pd2+enhanced', '--recharge', '--steps', 3, '--base-channels', 4],
        ...['--patch', 32, ...onCpu],
      ]),
    );
    expect(stdout).toBe(`${path('run/weights.safetensors')}\n`);
    expect(stderr).toMatch(/^Distilling from 2 pictures, training for 3 steps\nDevice: CPU, 1 thread\n/);
    expect(stderr).toContain('The teacher denoises the pictures: pd1, pd2+enhanced\n');
    const info = await expectSuccess(revela(['info', path('run/weights.safetensors')]));
    expect(info.stdout).toMatch(/method +distilled/);
    const denoised = await expectSuccess(
      revela([
        ...['denoise', path('noisy/b.png'), '--weights', path('run/weights.safetensors')],
        ...['--output', path('b.denoised.png'), ...onCpu],
      ]),
    );
    expect(denoised.stderr).toMatch(/^Denoising 1 picture\n/);
    expect(namesIn(path('.'))).toContain('b.denoised.png');
  });

  it('refuses a teacher that is none', () =>
    expectRefusal(
      revela(
        ['distill', path('noisy'), '--teacher', path('noisy/a.png'), '--output', path('r'), '--json'].slice(
          0,
          -1,
        ),
      ),
      1,
      'a.png',
    ));
});

/** The smallest network's options are those of a method with a blind spot. */
it('trains AP-BSN', async () => {
  const { stdout } = await expectSuccess(
    revela([
      ...['train', 'denoiser', path('noisy'), '--output', path('ap'), '--method', 'ap-bsn', '--steps', 3],
      ...smallNetwork,
      ...onCpu,
    ]),
  );
  expect(stdout).toBe(`${path('ap/weights.safetensors')}\n`);
});
