import { readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { trainUpscaler, type TrainUpscalerOptions } from '#src/api/index.js';
import type { Progress } from '#src/apply/index.js';
import { storedParameters } from '#src/models/float32-parameters.js';
import { createRandom } from '#src/nn/index.js';
import { readSafetensors, toFloat32, writeSafetensors } from '#src/weights/index.js';
import { refusal } from '../weights/files.js';
import { path, sfd, stoppedAndWhole } from './upscaler-runs.js';

describe('the stage sfd', () => {
  test('goes on from the pixel stage and records both sides of the game', async () => {
    const { weights } = await trainUpscaler(sfd('sfd'));
    const lines = (await readFile(path('sfd', 'metrics.jsonl'), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(6);
    for (const line of lines) {
      const { featureAccuracy, promptAccuracy, featureLoss, adversarialGradient, ...others } =
        JSON.parse(line);
      for (const share of [featureAccuracy, promptAccuracy]) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
      expect(featureLoss).toBeGreaterThan(0);
      expect(adversarialGradient).toBeGreaterThan(0);
      // Without VGG19 the pixels are all that is honest.
      expect(others.pixelGradient).toBeCloseTo(others.honestGradient, 8);
      const { step, featureGradient, promptGradient } = others;
      expect(featureGradient === undefined).toBe(step > 1);
      if (step > 1) continue;
      expect(featureGradient + promptGradient).toBeGreaterThanOrEqual(adversarialGradient * 0.999);
      expect(Math.abs(featureGradient - promptGradient)).toBeLessThanOrEqual(adversarialGradient * 1.001);
    }
    expect(weights.record.startedFrom).toBe(path('start', 'weights.safetensors'));
    const judges = await readSafetensors(path('sfd', 'judges.safetensors'));
    expect([...judges.tensors.keys()]).toContain('feature/1.4.weight');
    expect(judges.tensors.get('prompt/context')?.shape).toEqual([2, 16, 16]);
    const { feature } = JSON.parse(judges.metadata['config'] ?? '{}');
    expect(feature.scales).toHaveLength(2);
  });

  test('that is stopped and goes on ends with the same files, the discriminators among them', async () => {
    const [whole, stopped] = await stoppedAndWhole(sfd, 'game', 'judges.safetensors');
    expect(stopped.equals(whole)).toBe(true);
    const [one, other] = await Promise.all(
      ['game-whole', 'game-stopped'].map((run) => readFile(path(run, 'weights.safetensors'))),
    );
    expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
  });

  test('plays with other discriminators, losses and weights', async () => {
    const { steps } = await trainUpscaler({
      ...sfd('options', {
        discriminators: ['unet', 'prompt'],
        adversarialLoss: 'relativistic',
        promptPairs: 2,
        lossWeights: { image: 0.1 },
        steps: 2,
      }),
    });
    expect(steps).toBe(2);
    const judges = await readSafetensors(path('options', 'judges.safetensors'));
    expect([...judges.tensors.keys()]).toContain('image/conv0.weight');
    expect(judges.tensors.get('prompt/context')?.shape).toEqual([4, 16, 16]);
  });
});

const configOf = async (run: string) => JSON.parse(await readFile(path(run, 'config.json'), 'utf8'));

describe('every inferred value of the stage sfd', () => {
  test('is an option, kept in the run', async () => {
    await trainUpscaler(
      sfd('inferred', {
        ...{ featureLayers: ['layer3'], featureChannels: 16, featureDepth: 4, featureKernel: 3 },
        ...{ featureScaling: false, clipNormalisation: false },
        ...{ promptPairs: 2, promptTokens: 5, promptScale: 50, promptLossScale: 10, promptDeviation: 0.5 },
        ...{ promptInput: 'resized', promptAverage: 'logits', discriminatorBetas: [0.5, 0.9] },
        ...{ calibrateEvery: 2, adversarialShare: 0.07, calibrateAt: 1, steps: 2 },
      }),
    );
    const { game } = (await configOf('inferred')).config;
    expect(game).toMatchObject({
      feature: { layers: ['layer3'], hidden: 16, depth: 4, kernel: 3 },
      ...{ featureScaling: false, clipNormalisation: false, promptWords: null, promptLossScale: 10 },
      prompt: { pairs: 2, tokens: 5, scale: 50, deviation: 0.5, input: 'resized', average: 'logits' },
      betas: [0.5, 0.9],
      calibration: { every: 2, balance: { share: 0.07, step: 1 } },
    });
    const { tensors, metadata } = await readSafetensors(path('inferred', 'judges.safetensors'));
    expect(tensors.get('feature/0.2.weight_orig')?.shape).toEqual([16, 16, 3, 3]);
    const stored = JSON.parse(metadata['config'] ?? '{}');
    expect(stored).toMatchObject({ clipNormalisation: false, prompt: { input: 'resized' } });
    expect(stored.feature.scales).toBeUndefined();
  });

  test('weights that are set by gradients survive a stop, before they are set and after', async () => {
    for (const calibrateAt of [1, 4]) {
      const balanced = (run: string, changes: Partial<TrainUpscalerOptions>) =>
        sfd(run, { adversarialShare: 0.1, calibrateAt, calibrateEvery: 1, ...changes });
      const name = `balanced-${calibrateAt}`;
      const [whole, stopped] = await stoppedAndWhole(balanced, name, 'judges.safetensors');
      expect(stopped.equals(whole)).toBe(true);
      const lines = (await readFile(path(`${name}-stopped`, 'metrics.jsonl'), 'utf8')).trim().split('\n');
      const steps = lines.map((line) => JSON.parse(line));
      expect(new Set(steps.map(({ promptWeight }) => promptWeight)).size).toBe(2);
      const { promptGradient, featureGradient, pixelGradient } = steps.at(calibrateAt);
      // Two steps of a game that has just begun are not far from each other.
      for (const gradient of [promptGradient, featureGradient]) {
        expect(gradient / pixelGradient).toBeGreaterThan(0.03);
        expect(gradient / pixelGradient).toBeLessThan(0.3);
      }
    }
  });

  test('words are what prompts begin with', async () => {
    const clip = path('worded-clip.safetensors');
    const { tensors } = await readSafetensors(path('clip.safetensors'));
    const [, width = 0] = tensors.get('token_embedding.weight')?.shape ?? [];
    const random = createRandom(4);
    const table = Float32Array.from({ length: 49408 * width }, () => random.normal());
    const known = storedParameters({
      'token_embedding.weight': { data: table, shape: [49408, width], dtype: 'float32' },
    });
    await writeSafetensors(clip, {
      tensors: new Map([...tensors, ...known]),
      metadata: {},
    });
    const promptWords = ['Good photo.', 'Bad photo.'];
    await trainUpscaler(sfd('worded', { clip, promptWords, learningRate: 1e-9, steps: 1 }));
    const judges = await readSafetensors(path('worded', 'judges.safetensors'));
    const context = judges.tensors.get('prompt/context');
    expect(context?.shape).toEqual([2, 16, width]);
    const found = context === undefined ? [] : toFloat32(context);
    for (const [text, tokens] of [
      [886, 1125, 269],
      [2103, 1125, 269],
    ].entries())
      for (const [i, token] of tokens.entries()) {
        const at = (text * 16 + 13 + i) * width;
        const [vector, expected] = [
          found.slice(at, at + width),
          table.slice(token * width, (token + 1) * width),
        ];
        for (const [j, value] of expected.entries()) expect(vector[j]).toBeCloseTo(value, 5);
      }
    const long = sfd('long', { clip, promptWords: ['a very good photo', 'bad'], promptTokens: 3 });
    expect(await refusal(() => trainUpscaler(long))).toMatch(
      /"a very good photo" of `promptWords` takes 4 tokens, and prompts have 3/,
    );
    const foreign = sfd('foreign', { promptWords });
    expect(await refusal(() => trainUpscaler(foreign))).toMatch(/`promptWords` needs a CLIP that knows/);
  });

  test('a preset leans on the perceptual loss, as LDL does', async () => {
    const ldl = { preset: 'ldl', steps: 1 } as const;
    expect(await refusal(() => trainUpscaler(sfd('ldl', ldl)))).toMatch(/`vgg`, or say `lossWeights.pixel`/);
    await trainUpscaler(sfd('ldl', { ...ldl, lossWeights: { pixel: 1 } }));
    expect((await configOf('ldl')).config.game.weights).toEqual({
      ...{
        pixel: 1,
        detail: 0,
        grid: 0,
        perceptual: 0,
        lpips: 0,
        feature: 0.005,
        prompt: 0.0025,
        image: 0.005,
      },
    });
  });
});

describe('a run of the stage sfd', () => {
  test('that began before there was so much to say goes on as it began', async () => {
    await trainUpscaler(sfd('older', { calibrateEvery: 0, steps: 3 }));
    const stop = new AbortController();
    const onProgress = (progress: Progress): void => {
      if (progress.kind === 'training' && progress.step === 1) stop.abort();
    };
    const options = { calibrateEvery: 0, steps: 3, signal: stop.signal, onProgress };
    await trainUpscaler(sfd('younger', options));
    const { config, ...about } = await configOf('younger');
    const { clip, vgg, discriminators, loss, feature, prompt, rates, weights } = config.game;
    const { layers, hidden } = feature;
    const { pairs, tokens, scale } = prompt;
    const game = { clip, vgg, discriminators, loss, rates, weights };
    const told = { ...game, feature: { layers, hidden }, prompt: { pairs, tokens, scale } };
    await writeFile(
      path('younger', 'config.json'),
      JSON.stringify({ ...about, config: { ...config, game: told } }),
    );
    await trainUpscaler({ resume: path('younger'), device: 'cpu', threads: 1 });
    const [one, other] = await Promise.all(
      ['older', 'younger'].map((run) => readFile(path(run, 'weights.safetensors'))),
    );
    expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
  });

  test('has its frozen networks again in a second stage', async () => {
    await trainUpscaler(sfd('one-stage', { steps: 4 }));
    const stop = new AbortController();
    const onProgress = (progress: Progress): void => {
      if (progress.kind === 'training' && progress.step === 1) stop.abort();
    };
    await trainUpscaler(sfd('two-stages', { steps: 4, signal: stop.signal, onProgress }));
    const { config, ...about } = await configOf('two-stages');
    const [stage] = config.recipe.stages;
    const recipe = { ...config.recipe, stages: [stage, stage].map((half) => ({ ...half, share: 0.5 })) };
    await writeFile(
      path('two-stages', 'config.json'),
      JSON.stringify({ ...about, config: { ...config, recipe } }),
    );
    await trainUpscaler({ resume: path('two-stages'), device: 'cpu', threads: 1 });
    const [one, two] = await Promise.all(
      ['one-stage', 'two-stages'].map((run) => readFile(path(run, 'weights.safetensors'))),
    );
    expect(one?.equals(two ?? Buffer.alloc(0))).toBe(true);
  });

  test('does not go on with another CLIP than it began with', async () => {
    const own = path('own-clip.safetensors');
    const bytes = await readFile(path('clip.safetensors'));
    await writeFile(own, bytes);
    const stop = new AbortController();
    const onProgress = (progress: Progress): void => {
      if (progress.kind === 'training') stop.abort();
    };
    await trainUpscaler(sfd('frozen', { clip: own, steps: 3, signal: stop.signal, onProgress }));
    const resume = () => trainUpscaler({ resume: path('frozen'), device: 'cpu', threads: 1 });
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 1, bytes.length - 3);
    await writeFile(own, bytes);
    expect(await refusal(resume)).toMatch(/own-clip.*is not the file that the run began with/);
    await rm(own);
    expect(await refusal(resume)).toMatch(/cannot read .*own-clip.*does not exist/);
  });
});
