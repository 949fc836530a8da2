import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { writePicture } from '#src/images/index.js';
import { loadUpscalerWeights, trainUpscaler, type TrainUpscalerOptions, upscale } from '#src/api/index.js';
import type { Progress } from '#src/apply/index.js';
import { storedParameters } from '#src/models/float32-parameters.js';
import { createRandom } from '#src/nn/index.js';
import { readSafetensors, toFloat32, writeSafetensors } from '#src/weights/index.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { noisyPicture } from '../models/denoisers.js';

const path = temporaryFolder();
const smallClip = fileURLToPath(
  new URL('../fixtures/networks/clip_resnet_small.safetensors', import.meta.url),
);
let files: readonly string[] = [];

beforeAll(async () => {
  files = [path('a.png'), path('b.png'), path('tiny.png')];
  await writePicture(path('a.png'), noisyPicture(90, 70));
  await writePicture(path('b.png'), noisyPicture(66, 81));
  await writePicture(path('tiny.png'), noisyPicture(30, 90));
  await writePicture(path('large.png'), noisyPicture(45, 46));
  const fixture = await readSafetensors(smallClip);
  const tensors = [...fixture.tensors].filter(([name]) => name.startsWith('param/'));
  await writeSafetensors(path('clip.safetensors'), {
    tensors: new Map(tensors.map(([name, tensor]) => [name.slice('param/'.length), tensor])),
    metadata: {},
  });
  await trainUpscaler(pixel('start', { steps: 2 }));
});

const pixel = (run: string, changes: Partial<TrainUpscalerOptions> = {}): TrainUpscalerOptions => ({
  pictures: files,
  baseChannels: 8,
  modules: 2,
  patch: 64,
  batch: 2,
  steps: 6,
  device: 'cpu',
  threads: 1,
  output: path(run),
  ...changes,
});

const sfd = (run: string, changes: Partial<TrainUpscalerOptions> = {}): TrainUpscalerOptions => {
  const { baseChannels, modules, ...others } = pixel(run, { stage: 'sfd', from: path('start'), ...changes });
  return { clip: path('clip.safetensors'), ...others };
};

/** Trains to the end, and again with a stop after some steps; the files of both. */
async function stoppedAndWhole(
  options: (run: string, changes: Partial<TrainUpscalerOptions>) => TrainUpscalerOptions,
  name: string,
  result: string,
): Promise<[Buffer, Buffer]> {
  await trainUpscaler(options(`${name}-whole`, {}));
  const stop = new AbortController();
  const part = await trainUpscaler(
    options(`${name}-stopped`, {
      signal: stop.signal,
      onProgress: (progress) => {
        if (progress.kind === 'training' && progress.step === 2) stop.abort();
      },
    }),
  );
  expect(part.finished).toBe(false);
  await trainUpscaler({ resume: path(`${name}-stopped`), device: 'cpu', threads: 1 });
  return [await readFile(path(`${name}-whole`, result)), await readFile(path(`${name}-stopped`, result))];
}

describe('the pixel stage', () => {
  test('gives weights that enlarge, measured on large pictures', async () => {
    const seen: Progress[] = [];
    const { weights, best } = await trainUpscaler(
      pixel('measured', { validation: path('large.png'), onProgress: (progress) => seen.push(progress) }),
    );
    expect(weights.description.scale).toBe(4);
    const [validation] = seen.filter((progress) => progress.kind === 'validation');
    expect(validation?.psnr).toBeGreaterThan(5);
    // Six steps make nothing better than bicubic is: there is no best.
    expect(best).toBeUndefined();
    expect(seen.at(-1)).toMatchObject({
      kind: 'note',
      message: expect.stringMatching(
        /^No weights of this run enlarged the pictures of the validation better than bicubic does \([\d.]+ dB, bicubic [\d.]+ dB\): none are kept as the best, and \S+weights\.safetensors holds the last ones/,
      ),
    });
    expect(seen).toContainEqual({
      kind: 'note',
      message: '1 of 3 pictures are smaller than a patch of 64 × 64 pixels and are left out',
    });
    const loaded = await loadUpscalerWeights(path('measured', 'weights.safetensors'));
    expect(loaded.method).toBe('pixel');
    expect(loaded.record.pictures).toBe(3);
    const large = await upscale(noisyPicture(12, 10), { weights: loaded, device: 'cpu', threads: 1 });
    expect([large.width, large.height]).toEqual([48, 40]);
    const samples = await readFile(path('measured', 'samples', 'step-00000006', 'large.upscaled.png'));
    expect(samples.length).toBeGreaterThan(100);
  });

  test('that is stopped and goes on ends with the same file', async () => {
    const [whole, stopped] = await stoppedAndWhole(pixel, 'pixel', 'weights.safetensors');
    expect(stopped.equals(whole)).toBe(true);
  });

  test('with a teacher it learns what that makes, goes on with the same one, and refuses another scale', async () => {
    const taught = (run: string, changes: Partial<TrainUpscalerOptions>) =>
      pixel(run, { teacher: path('start'), ...changes });
    const [whole, stopped] = await stoppedAndWhole(taught, 'taught', 'weights.safetensors');
    expect(stopped.equals(whole)).toBe(true);
    await trainUpscaler(pixel('untaught'));
    const untaught = await readFile(path('untaught', 'weights.safetensors'));
    expect(whole.equals(untaught)).toBe(false);
    await expect(trainUpscaler(taught('half', { scale: 2 }))).rejects.toMatchObject({
      option: 'teacher',
      message: expect.stringContaining('by 2'),
    });
    await expect(trainUpscaler(sfd('judged', { teacher: path('start') }))).rejects.toThrow(/teacher.*pixel/);
  });

  test('with two teachers each teaches its half, and both go on', async () => {
    const taught = (run: string, changes: Partial<TrainUpscalerOptions>) =>
      pixel(run, { preset: 'mixed', teacher: path('start'), spoiltTeacher: path('start'), ...changes });
    const [whole, stopped] = await stoppedAndWhole(taught, 'two', 'weights.safetensors');
    expect(stopped.equals(whole)).toBe(true);
    await expect(trainUpscaler(taught('photos', { preset: 'photo' }))).rejects.toThrow(
      /spoiltTeacher.*preset.*mixed/,
    );
    await expect(
      trainUpscaler(pixel('lone', { preset: 'mixed', spoiltTeacher: path('start') })),
    ).rejects.toThrow(/spoiltTeacher.*teacher/);
  });

  test('likewise where several patches are cut from each degraded square', async () => {
    const several = (run: string, changes: Partial<TrainUpscalerOptions>) =>
      pixel(run, { preset: 'real-world', patchesPerSquare: 3, ...changes });
    const [whole, stopped] = await stoppedAndWhole(several, 'several', 'weights.safetensors');
    expect(stopped.equals(whole)).toBe(true);
    const config = JSON.parse(await readFile(path('several-stopped', 'config.json'), 'utf8'));
    expect(config).toMatchObject({ config: { degradation: 'real-world', patchesPerSquare: 3 } });
    const lines = (await readFile(path('several-stopped', 'metrics.jsonl'), 'utf8')).trim().split('\n');
    for (const line of lines) expect(JSON.parse(line).waitedSeconds).toBeGreaterThanOrEqual(0);
  });

  test('takes real-world degradations and other networks and scales', async () => {
    const { weights } = await trainUpscaler(
      pixel('rrdb', {
        preset: 'real-world',
        network: 'rrdbnet',
        modules: 1,
        scale: 2,
        steps: 2,
      }),
    );
    expect(weights.description).toMatchObject({ architecture: 'rrdbnet', scale: 2 });
  });
});

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

describe('what cannot be trained is refused in one line', () => {
  const cases: readonly [string, Partial<TrainUpscalerOptions>, RegExp][] = [
    ['sfd without a start', { stage: 'sfd' }, /`from`/],
    ['sfd without CLIP', { stage: 'sfd', from: 'START' }, /`clip`/],
    ['a scale that the start does not have', { from: 'START', scale: 2 }, /`scale` is 2.*enlarge by 4/],
    ['a network beside a start', { from: 'START', network: 'rrdbnet' }, /`from` brings its own network/],
    ['a patch that is no multiple', { patch: 66 }, /`patch` must be a multiple of 4/],
    ['pictures that are all too small', { patch: 200 }, /smaller than a patch/],
    [
      'several patches of a bicubic pair',
      { patchesPerSquare: 2 },
      /`patchesPerSquare` is for `preset` real-world/,
    ],
    ['too many patches', { preset: 'real-world', patchesPerSquare: 17 }, /`patchesPerSquare` must be/],
    [
      'another preset',
      { preset: 'modern' as 'classical' },
      /`preset` must be one of classical, photo, real-world/,
    ],
    [
      'perceptual loss without VGG19',
      { stage: 'sfd', from: 'START', discriminators: ['unet'], lossWeights: { perceptual: 1 } },
      /`vgg`/,
    ],
    ['a stage that has no use for CLIP', { clip: 'some.pt' }, /`clip` belongs to `stage` sfd/],
    [
      'prompts that nobody looks at',
      { stage: 'sfd', from: 'START', discriminators: ['unet'], promptPairs: 2 },
      /`promptPairs` is for the discriminator prompt/,
    ],
    [
      'patches that CLIP cannot see',
      { stage: 'sfd', from: 'START', clip: 'CLIP', patch: 16 },
      /`patch` must be at least 32 for CLIP/,
    ],
    [
      'kernels that no convolution has',
      { stage: 'sfd', from: 'START', clip: 'CLIP', featureDepth: 2, featureKernel: 3 },
      /`featureKernel` 3 is for convolutions between/,
    ],
    [
      'a switch of a discriminator that does not take part',
      { stage: 'sfd', from: 'START', discriminators: ['unet'], featureScaling: false },
      /`featureScaling: false` is for the discriminator feature/,
    ],
    [
      'pictures for a CLIP that nobody looks through',
      { stage: 'sfd', from: 'START', discriminators: ['unet'], clipNormalisation: false },
      /`clipNormalisation: false` is for/,
    ],
    ['a switch of another stage', { clipNormalisation: false }, /`clipNormalisation: false` belongs to/],
    [
      'words without their opposites',
      { stage: 'sfd', from: 'START', clip: 'CLIP', promptWords: ['good'] },
      /`promptWords` must be texts in pairs/,
    ],
    [
      'words for other pairs than are asked for',
      { stage: 'sfd', from: 'START', clip: 'CLIP', promptWords: ['good', 'bad'], promptPairs: 3 },
      /`promptPairs` is 3, and `promptWords` has texts for 1/,
    ],
    [
      'betas that never forget',
      { stage: 'sfd', from: 'START', clip: 'CLIP', discriminatorBetas: [0.9, 1] },
      /`discriminatorBetas`/,
    ],
    [
      'weights that are set after the end',
      { stage: 'sfd', from: 'START', clip: 'CLIP', adversarialShare: 0.1 },
      /after step 1000, and the training ends with step 6/,
    ],
    [
      'weights that are set at some time, but not by what',
      { stage: 'sfd', from: 'START', clip: 'CLIP', calibrateAt: 3 },
      /`adversarialShare`/,
    ],
    [
      'a discriminator for other patches',
      { stage: 'sfd', from: 'START', discriminators: ['vgg'] },
      /128 or 256/,
    ],
    ['pictures too small to measure on', { validation: 'TINY' }, /at least 19×19/],
  ];
  test.each(cases)('%s', async (_what, { from, validation, clip, ...changes }, message) => {
    const { baseChannels, modules, ...options } = pixel('refused', changes);
    await writePicture(path('speck.png'), noisyPicture(14, 18), { overwrite: true });
    const given = from === undefined ? {} : { from: path('start') };
    const seen = clip === undefined ? {} : { clip: path('clip.safetensors') };
    const measured = validation === undefined ? {} : { validation: path('speck.png') };
    expect(await refusal(() => trainUpscaler({ ...options, ...given, ...seen, ...measured }))).toMatch(
      message,
    );
    expect(await readdir(path('.'))).not.toContain('refused');
  });
});
