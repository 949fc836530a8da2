import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { describePicture } from '#src/images/index.js';
import { saveUpscalerWeights } from '#src/api/index.js';
import { randomUpscaler } from '../models/upscalers.js';
import { drawWeights, expectRefusal, namesIn, photograph, revela } from './command.js';
import { enlarge, path } from './enlarged.js';

describe('a folder with unusable pictures', () => {
  it('is enlarged but for these, which are reported', async () => {
    await mkdir(path('mixed'));
    const whole = await photograph(30, 30).png().toBuffer();
    await writeFile(path('mixed', 'a.png'), whole);
    await writeFile(path('mixed', 'broken.png'), whole.subarray(0, whole.length - 200));
    await photograph(90, 80).png().toFile(path('mixed', 'large.png'));
    const ending = await enlarge('mixed', '-o', 'rest', '--max-megapixels', 0.1);
    expect(ending.code).toBe(1);
    expect(namesIn(path('rest'))).toEqual(['a.png']);
    expect(ending.stderr).toMatch(/^revela: \S+broken\.png is damaged or cut short/m);
    expect(ending.stderr).toMatch(
      /^revela: \S+large\.png would become 360×320 = 0\.12 megapixels, more than the limit of 0\.1;/m,
    );
    expect(ending.stderr).toMatch(/^Enlarged 1 of 3 pictures/m);
  });
});

describe('refused before anything is computed', () => {
  it('weights for another task, in both directions, with the command for them', async () => {
    await drawWeights(path('denoiser.safetensors'));
    await expectRefusal(
      enlarge('photo.png', '--weights', 'denoiser.safetensors'),
      1,
      'denoiser.safetensors: this is a network that denoises pictures (dbsnl)',
      'revela denoise',
    );
    await expectRefusal(
      revela(['denoise', 'photo.png', '--weights', 'small.safetensors', '--device', 'cpu'], { cwd: path() }),
      1,
      'small.safetensors: this is a network that enlarges pictures (srvggnet)',
      'revela upscale',
    );
  });

  it('weights that are none, or not a number', async () => {
    await expectRefusal(enlarge('photo.png', '--weights', 'photo.png'), 1, 'photo.png holds no weights');
    await expectRefusal(enlarge('photo.png', '--weights', 'gone.pth'), 1, 'gone.pth');
    const broken = randomUpscaler('srvggnet', { num_feat: 4, num_conv: 1, upscale: 2 });
    const bias = { data: new Float32Array(4).fill(Number.NaN), shape: [4], dtype: 'float32' as const };
    await saveUpscalerWeights(path('nan.safetensors'), {
      ...broken,
      parameters: { ...broken.parameters, 'body.0.bias': bias },
    });
    await expectRefusal(
      enlarge('photo.png', '--weights', 'nan.safetensors'),
      1,
      'nan.safetensors',
      'body.0.bias',
    );
  });

  it('a scale that the network does not reach', () =>
    expectRefusal(
      enlarge('photo.png', '--weights', 'twice.safetensors', '--scale', 4),
      2,
      '--scale 4 is more than these weights can do, which enlarge by 2',
    ));

  it('results that are too large, for the limit or for their kind of file', async () => {
    await expectRefusal(
      enlarge('photo.png', '-o', 'large.png', '--max-megapixels', 0.01),
      1,
      'photo.png would become 160×112 = 0.02 megapixels, more than the limit of 0.01',
      '--max-megapixels',
    );
    await photograph(4200, 1).webp().toFile(path('long.webp'));
    await expectRefusal(enlarge('long.webp'), 1, '16800×4 is larger than WebP can hold', '.png');
  });

  it('a result that would replace its picture, and pictures that are none', async () => {
    await expectRefusal(enlarge('photo.png', '-o', 'photo.png', '--overwrite'), 1, 'would replace the input');
    await expectRefusal(enlarge('nothing.png'), 1, 'nothing.png does not exist');
    await writeFile(path('empty.png'), '');
    await expectRefusal(enlarge('empty.png'), 1, 'empty.png is empty');
  });

  it('a folder that cannot be written', async () => {
    await mkdir(path('locked'));
    await chmod(path('locked'), 0o555);
    // To root every folder is open, unless that privilege is taken away.
    const wrapper =
      process.geteuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
    await expectRefusal(
      revela(['upscale', 'photo.png', '--weights', 'small.safetensors', '-o', 'locked/new/'], {
        cwd: path(),
        wrapper,
      }),
      1,
      'cannot write locked/new/photo.png: access is not allowed',
    );
    expect(namesIn(path('locked'))).toEqual([]);
    await chmod(path('locked'), 0o755);
  });
});

describe('when asked to stop', () => {
  it('it keeps what is written and leaves nothing half-done', async () => {
    await mkdir(path('many'));
    for (let i = 1; i <= 6; i++)
      await photograph(150, 120)
        .png()
        .toFile(path('many', `p${i}.png`));
    const ending = await revela(
      [
        ...['upscale', 'many', '--weights', 'small.safetensors', '-o', 'stopped', '--tile', 32],
        ...['--device', 'cpu', '--threads', 1, '--json'],
      ],
      { cwd: path(), interrupt: { at: '"index":2,', signal: 'SIGINT' } },
    );
    expect(ending.code).toBe(130);
    expect(ending.stderr).toMatch(/^revela: stopped; \d of 6 pictures were written\n$/);
    const written = namesIn(path('stopped'));
    expect(written).toEqual(written.filter((name) => /^p\d\.png$/.test(name)));
    expect(written.length).toBeLessThan(6);
    for (const name of written)
      expect(await describePicture(path('stopped', name))).toMatchObject({ width: 600, height: 480 });
  });
});
