import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { beforeAll, expect, it } from 'vitest';
import { trainCommand } from '#src/cli/train/command.js';
import type { NewRunOptions, NewScorerOptions, NewUpscalerOptions } from '#src/api/index.js';
import { newRunSettings } from '#src/runs/run-settings.js';
import { newScorerSettings } from '#src/runs/scorer/scorer-settings.js';
import { newUpscalerSettings } from '#src/runs/upscaler/upscaler-settings.js';
import { resumeCommandLine, trainCommandLine } from '#src/report/command-line.js';
import { photograph } from '../cli/command.js';
import { wholeSettings } from '../runs/settings.js';
import { temporaryFolder } from '../weights/files.js';

const path = temporaryFolder();
const pictures = () => [path('some pictures', 'a.png'), path('some pictures', 'b.png')];

beforeAll(async () => {
  await mkdir(path('some pictures'));
  for (const file of pictures()) await photograph(16, 16).png().toFile(file);
});

/** The words of a command as the shell takes them apart, without the command's own. */
function wordsOf(line: string): readonly string[] {
  const text = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return text.split('\0').slice(0, -1);
}

/** What `revela train` would do for a command. */
async function typed(line: string): Promise<{ inputs: readonly string[]; flags: object }> {
  let meant: { inputs: readonly string[]; flags: object } | undefined;
  const take = async (inputs: readonly string[], flags: object) => {
    meant = { inputs, flags };
  };
  const none = () => expect.fail('another command');
  const command: Command = trainCommand(take, take, take, none, none, none);
  await command.parseAsync([...wordsOf(line)].slice(2), { from: 'user' });
  if (meant === undefined) expect.fail('no command');
  return meant;
}

it.each<[string, NewRunOptions]>([
  ['as it comes', {}],
  ['of grey pictures', { channels: 1 }],
  [
    'with options',
    {
      ...{ method: 'amsnet', preset: 'paper', network: 'nafnet', baseChannels: 8, modules: 2, patch: 160 },
      ...{ schedule: { every: 80, factor: 0.5 }, clip: 0, averageDecay: 0, weightDecay: 0.01, seed: 3 },
      ...{ optimiser: 'adam', minutes: 3, steps: 7, licence: "it's mine", validateEvery: 5 },
    },
  ],
])('a denoiser %s: the command gives the settings again', async (_, options) => {
  const settings = await newRunSettings({ ...options, pictures: pictures() });
  const line = await trainCommandLine(settings, 'again');
  const { inputs, flags } = await typed(line);
  expect(inputs).toEqual([path('some pictures')]);
  expect(await newRunSettings({ ...flags, pictures: inputs })).toEqual(settings);
});

it.each<[string, NewScorerOptions]>([
  ['as it comes', {}],
  ['with options', { baseChannels: 16, clipGradients: 2, steps: 9, batch: 2, seed: 1 }],
])('a scorer %s: the command gives the settings again', async (_, options) => {
  const settings = await newScorerSettings({
    ...options,
    pictures: pictures(),
    validation: path('some pictures'),
  });
  const { inputs, flags } = await typed(await trainCommandLine(settings, 'again'));
  expect(await newScorerSettings({ ...flags, pictures: inputs })).toEqual(settings);
});

it.each<[string, NewUpscalerOptions]>([
  ['as it comes', {}],
  ['with options', { network: 'rrdbnet', baseChannels: 16, modules: 2, scale: 2, clipGradients: 1 }],
  ['of the real world', { preset: 'real-world', patchesPerSquare: 2, scale: 3, modules: 8, patch: 96 }],
])('an upscaler %s: the command gives the settings again', async (_, options) => {
  const settings = await newUpscalerSettings({ ...options, pictures: pictures() });
  const { inputs, flags } = await typed(await trainCommandLine(settings, 'again'));
  expect(await newUpscalerSettings({ ...flags, pictures: inputs })).toEqual(settings);
});

const recipe =
  '--learning-rate 0.002 --optimiser adamw --weight-decay 0.001 --average-decay 0.99 --seed 4 --steps 900 --minutes 3 --clip-gradients 1';

it('says everything of an adversarial training', async () => {
  const { honest: _, ...settings } = wholeSettings.upscaler;
  expect(await trainCommandLine(settings, 'b')).toBe(
    [
      'revela train upscaler /pictures/a.png /pictures/b.png --output b --stage sfd --preset real-world --from /runs/pixel/weights.safetensors --batch 1',
      recipe,
      '--patches-per-square 4 --validation-lpips alex --clip /m/RN50.pt --vgg /m/vgg19.pth --weight-pixel 1 --weight-perceptual 0.5 --weight-feature 0.1 --weight-prompt 0.1 --discriminator feature,prompt --adversarial-loss vanilla',
      '--feature-layers layer2,layer3 --feature-channels 64 --feature-depth 3 --feature-kernel 1 --no-clip-normalisation',
      "--prompt-pairs 1 --prompt-tokens 8 --prompt-scale 100 --prompt-loss-scale 50 --prompt-words 'good photo,bad photo' --prompt-deviation 0.02 --prompt-input native --prompt-average losses --prompt-rate 1",
      '--discriminator-rate 0.5 --discriminator-betas 0.9,0.99 --calibrate-every 100 --adversarial-share 0.07 --calibrate-at 500 --validation /set5',
    ].join(' '),
  );
  await typed(await trainCommandLine(wholeSettings.upscaler, 'b'));
});

it('leaves out what vectors in place of prompts have no use for', async () => {
  const { game, honest: _, ...settings } = wholeSettings.upscaler;
  const backbone = { path: '/m/alex.pth', sha256: '0'.repeat(64), name: 'alexnet' } as const;
  const line = await trainCommandLine(
    { ...settings, game: { ...game, clip: null, promptWords: null, backbone } },
    'b',
  );
  expect(line).toContain(' --backbone /m/alex.pth ');
  expect(line).not.toMatch(/--clip |--prompt-tokens|--prompt-words|--prompt-input/);
  await typed(line);
});

it('says how a student is taught', async () => {
  const line = await trainCommandLine(wholeSettings.distillation, 'b');
  expect(line).toMatch(
    /^revela distill \/pictures\/a.png \/pictures\/b.png --output b --teacher \/runs\/mine\/weights.safetensors --variants pd2,pd2\+enhanced --recharge --preset fast --network student --base-channels 16 --batch 1 /,
  );
  expect(resumeCommandLine(wholeSettings.distillation, 'a b')).toBe("revela distill --resume 'a b'");
});

it('leaves the network to the weights', async () => {
  const line = await trainCommandLine({ ...wholeSettings.denoiser, weights: '/w.safetensors' }, 'b');
  expect(line).toContain(' --preset fast --weights /w.safetensors --batch 1 ');
  expect(line).not.toMatch(/--network|--base-channels|--modules/);
  expect(line).toContain(`--validation-noisy ${dirname('/v/noisy/x')} --validation-clean /v/clean`);
});
