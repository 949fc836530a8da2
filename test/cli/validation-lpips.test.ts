import { mkdir, readFile } from 'node:fs/promises';
import { beforeAll, expect, it } from 'vitest';
import { writeSafetensors } from '#src/weights/index.js';
import { madeBackbone, madeHeads, stored } from '../models/distances.js';
import { expectRefusal, expectSuccess, jsonLines, photograph, revela, temporaryFolder } from './command.js';

const path = temporaryFolder();

const train = (run: string, ...options: readonly (string | number)[]) =>
  revela(
    [
      ...['train', 'upscaler', 'photos', '--output', run, '--patch', 32, '--batch', 1, '--steps', 2],
      ...['--base-channels', 8, '--modules', 2, '--device', 'cpu', '--threads', 1, ...options],
    ],
    { cwd: path(), environment: { REVELA_MODELS: path('models') } },
  );

beforeAll(async () => {
  for (const folder of ['photos', 'val']) await mkdir(path(folder), { recursive: true });
  await photograph(80, 72).png().toFile(path('photos', 'a.png'));
  await photograph(48, 44).png().toFile(path('val', 'c.png'));
  // Files of these names stand for the models where the store has none.
  for (const [name, tensors] of [
    ['squeezenet1_1', madeBackbone('squeeze')],
    ['lpips-squeeze', madeHeads('squeeze')],
  ] as const)
    await writeSafetensors(path(name), { tensors: stored(tensors), metadata: {} });
});

it('revela train upscaler --validation-lpips measures by LPIPS, and info says so', async () => {
  const { stderr } = await expectSuccess(
    train('run', '--validation', 'val', '--validation-lpips', 'squeeze'),
  );
  expect(stderr).toMatch(/PSNR \d+\.\d+ dB, SSIM -?\d\.\d+, LPIPS \d\.\d{4}/);
  const lines = jsonLines(await readFile(path('run', 'metrics.jsonl'), 'utf8'));
  expect(lines.at(-1)?.['validationLpips']).toBeGreaterThan(0);
  const { stdout } = await expectSuccess(revela(['info', 'run'], { cwd: path() }));
  expect(stdout).toContain('PSNR and SSIM of the luma, and LPIPS, of 1 picture');
});

it('revela train upscaler --weight-lpips learns by LPIPS through SqueezeNet, the smallest of its networks', async () => {
  await expectSuccess(train('seen', '--weight-lpips', 0.2));
  const { config } = JSON.parse(await readFile(path('seen', 'config.json'), 'utf8'));
  expect(config.honest).toMatchObject({ lpips: { network: 'squeeze' }, weights: { pixel: 1, lpips: 0.2 } });
  await expectRefusal(train('never', '--lpips', 'alex'), 1, 'revela models pull lpips-alex');
});

it('says which command brings what is missing, and what cannot be', async () => {
  await expectRefusal(
    train('never', '--validation', 'val', '--validation-lpips', 'alex'),
    1,
    'lpips-alex is not in',
    'get it with revela models pull lpips-alex',
  );
  await expectRefusal(
    train('never', '--validation-lpips', 'squeeze'),
    2,
    '--validation-lpips needs --validation',
  );
  await expectRefusal(train('never', '--validation-lpips', 'resnet'), 2, 'alex, vgg, squeeze');
});
