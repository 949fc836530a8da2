import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors, readSafetensorsHeader, writeSafetensors } from '#src/weights/index.js';
import {
  expectRefusal,
  expectSuccess,
  jsonLines,
  namesIn,
  onCpu,
  photograph,
  revela,
  temporaryFolder,
} from './command.js';

const path = temporaryFolder();

const train = (run: string, ...options: readonly (string | number)[]) =>
  revela(
    ['train', 'upscaler', 'photos', '--output', run, '--patch', 64, '--batch', 1, ...onCpu, ...options],
    {
      cwd: path(),
    },
  );

beforeAll(async () => {
  for (const folder of ['photos', 'val']) await mkdir(path(folder), { recursive: true });
  for (const name of ['a', 'b'])
    await photograph(80, 72)
      .png()
      .toFile(path('photos', `${name}.png`));
  await photograph(50, 46).png().toFile(path('val', 'c.png'));
});

describe('revela train upscaler', () => {
  it('trains pixel by pixel, then against a discriminator, and what it gives enlarges', async () => {
    const small = ['--base-channels', 8, '--modules', 2] as const;
    const { stdout } = await expectSuccess(train('pixel', '--steps', 4, ...small, '--validation', 'val'));
    expect(stdout.trim()).toBe('pixel/weights.safetensors');
    const lines = jsonLines(await readFile(path('pixel', 'metrics.jsonl'), 'utf8'));
    expect(lines.at(-1)?.['validationPsnr']).toBeGreaterThan(5);

    const options = ['--stage', 'sfd', '--from', 'pixel', '--discriminator', 'unet', '--weight-image', 0.2];
    const { stderr } = await expectSuccess(
      train('gan', '--steps', 2, ...options, '--discriminator-rate', 0.5),
    );
    expect(stderr).toContain('without a perceptual loss (--lpips or --vgg)');
    expect(await namesIn(path('gan'))).toEqual(expect.arrayContaining(['judges.safetensors', 'samples']));
    const { config } = JSON.parse(await readFile(path('gan', 'config.json'), 'utf8'));
    expect(config.game).toMatchObject({
      discriminators: ['unet'],
      weights: { image: 0.2 },
      rates: { others: 0.5 },
    });

    const command = ['upscale', 'val/c.png', '--weights', 'gan/weights.safetensors', ...onCpu];
    const { stdout: written } = await expectSuccess(revela(command, { cwd: path() }));
    expect(written.trim()).toBe('val/c.x4.png');

    const described = await expectSuccess(revela(['info', 'pixel'], { cwd: path() }));
    expect(described.stdout).toContain('PSNR and SSIM of the luma of 1 picture');
    const { metadata } = await readSafetensorsHeader(path('gan', 'weights.safetensors'));
    expect(metadata['format']).toBe('revela-upscaler-1');
  });

  it('takes every inferred value of SFD as an option, and goes on with them', async () => {
    const small = ['--base-channels', 8, '--modules', 2] as const;
    await expectSuccess(train('start', '--steps', 1, ...small));
    const fixture = fileURLToPath(
      new URL('../fixtures/networks/clip_resnet_small.safetensors', import.meta.url),
    );
    const parameters = [...(await readSafetensors(fixture)).tensors].filter(([name]) =>
      name.startsWith('param/'),
    );
    await writeSafetensors(path('clip.safetensors'), {
      tensors: new Map(parameters.map(([name, tensor]) => [name.slice('param/'.length), tensor])),
      metadata: {},
    });
    const options =
      '--feature-kernel 3 --feature-depth 4 --no-feature-scaling --no-clip-normalisation --prompt-deviation 0.1 --prompt-input resized --prompt-average logits --prompt-loss-scale 20 --discriminator-betas 0.5,0.9 --calibrate-every 2 --adversarial-share 0.08 --calibrate-at 1';
    const sfd = ['--stage', 'sfd', '--from', 'start', '--clip', 'clip.safetensors'];
    await expectSuccess(train('inferred', '--steps', 2, ...sfd, ...options.split(' ')));
    const { config } = JSON.parse(await readFile(path('inferred', 'config.json'), 'utf8'));
    expect(config.game).toMatchObject({
      feature: { kernel: 3, depth: 4 },
      ...{ featureScaling: false, clipNormalisation: false, promptLossScale: 20, betas: [0.5, 0.9] },
      prompt: { deviation: 0.1, input: 'resized', average: 'logits' },
      calibration: { every: 2, balance: { share: 0.08, step: 1 } },
    });

    const resume = (...more: readonly string[]) =>
      revela(['train', 'upscaler', '--resume', 'inferred', ...onCpu, ...more], { cwd: path() });
    await expectSuccess(resume());
    await expectRefusal(resume('--no-feature-scaling'), 2, 'leave out --no-feature-scaling');
    const refused = (...more: readonly string[]) => train('x', ...sfd, ...more);
    await expectRefusal(refused('--prompt-words', 'good photo'), 2, 'texts in pairs');
    await expectRefusal(refused('--prompt-words', 'good photo,bad photo'), 2, 'a CLIP that knows');
    await expectRefusal(refused('--feature-kernel', '2'), 2, 'Expected one of 1, 3');
    await expectRefusal(refused('--discriminator-betas', '0.9'), 2, '0.9,0.99');
    await expectRefusal(refused('--preset', 'ldl'), 2, '--vgg');
  });

  it('is told what it cannot do', async () => {
    await expectRefusal(train('x', '--stage', 'sfd'), 2, '--from');
    await expectRefusal(train('x', '--scale', 9), 2, '--scale');
    await expectRefusal(train('x', '--patch', 500), 1, 'smaller than a patch of 500×500');
    await expectRefusal(train('x', '--discriminator', 'cat'), 2, 'feature, prompt, unet, vgg');
    await expectRefusal(train('x', '--stage', 'sfd', '--from', 'nowhere'), 1, 'nowhere');
  });

  it('is told of a model that is missing before any picture is looked at', async () => {
    await writeFile(path('broken.png'), 'no picture');
    const sfd = ['--stage', 'sfd', '--from', 'photos/a.png', '--clip', 'RN50'] as const;
    const environment = { REVELA_MODELS: path('store') };
    await expectRefusal(
      revela(['train', 'upscaler', 'broken.png', '--output', 'x', ...sfd], { cwd: path(), environment }),
      1,
      'revela models pull RN50',
    );
  });
});
