import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { writePicture } from '#src/images/index.js';
import {
  calibrateSfdIqa,
  openLoss,
  openSfdIqa,
  trainUpscaler,
  type TrainUpscalerOptions,
} from '#src/api/index.js';
import { sfdCombinations } from '#src/measures/sfd-iqa/sfd-iqa-facts.js';
import { readSafetensors, writeSafetensors } from '#src/weights/index.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { noisyPicture } from '../models/denoisers.js';
import { madeBackbone, stored } from '../models/distances.js';

const path = temporaryFolder();
const cpu = { device: 'cpu', threads: 1 } as const;
const common = (run: string) => ({
  ...{ pictures: [path('a.png')], patch: 64, batch: 1, ...cpu },
  output: path(run),
});

const game = (run: string, changes: Partial<TrainUpscalerOptions> = {}): TrainUpscalerOptions => ({
  ...common(run),
  ...{ stage: 'sfd', from: path('start'), backbone: path('squeezenet.safetensors'), steps: 3 },
  ...{ featureChannels: 4, promptPairs: 2 },
  ...changes,
});

beforeAll(async () => {
  await writePicture(path('a.png'), noisyPicture(90, 70));
  await writePicture(path('b.png'), noisyPicture(70, 66));
  const { 'features.12.squeeze.weight': _, ...lacking } = madeBackbone('squeeze');
  for (const [name, tensors] of [
    ['squeezenet', madeBackbone('squeeze')],
    ['alexnet', madeBackbone('alex')],
    ['lacking', lacking],
  ] as const)
    await writeSafetensors(path(`${name}.safetensors`), { tensors: stored(tensors), metadata: {} });
  await trainUpscaler({ ...common('start'), baseChannels: 8, modules: 2, steps: 1 });
  await trainUpscaler(game('whole'));
});

describe('a game through SqueezeNet', () => {
  test('has both judges, of features and of pairs of vectors', async () => {
    const { config } = JSON.parse(await readFile(path('whole', 'config.json'), 'utf8'));
    expect(config.game).toMatchObject({
      ...{ clip: null, backbone: { name: 'squeezenet' } },
      feature: { layers: ['fire5', 'fire8'] },
    });
    const lines = (await readFile(path('whole', 'metrics.jsonl'), 'utf8')).trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '{}')).toMatchObject({
      featureAccuracy: expect.any(Number),
      promptAccuracy: expect.any(Number),
    });
    const { tensors, metadata } = await readSafetensors(path('whole', 'judges.safetensors'));
    expect(tensors.get('prompt/vectors')?.shape).toEqual([4, 512]);
    expect(tensors.get('feature/1.0.weight_orig')?.shape).toEqual([4, 512, 1, 1]);
    expect(JSON.parse(metadata['config'] ?? '{}')).toMatchObject({ backbone: { name: 'squeezenet' } });
  });

  test('that is stopped goes on to the same numbers', async () => {
    const stop = new AbortController();
    const onProgress: TrainUpscalerOptions['onProgress'] = (progress) => {
      if (progress.kind === 'training') stop.abort();
    };
    await trainUpscaler(game('stopped', { signal: stop.signal, onProgress }));
    await trainUpscaler({ resume: path('stopped'), ...cpu });
    for (const file of ['weights.safetensors', 'judges.safetensors'])
      expect((await readFile(path('stopped', file))).equals(await readFile(path('whole', file))), file).toBe(
        true,
      );
  });

  test('scores pictures by every rule, and so does a scorer made of it', async () => {
    const terms = async (changes: Partial<Parameters<typeof openSfdIqa>[0]>) => {
      const scorer = await openSfdIqa({ judges: path('whole'), ...cpu, ...changes });
      try {
        const map = await scorer.map(path('b.png'));
        expect([map.rows, map.columns]).toEqual([8, 8]);
        return { terms: await scorer.terms(path('b.png')), score: await scorer.score(path('b.png')) };
      } finally {
        await scorer.close();
      }
    };
    const plain = await terms({});
    expect(plain.terms.featureByPosition).toBeGreaterThan(0);
    expect(plain.terms.prompt).toBeGreaterThan(0);
    const output = path('scorer.safetensors');
    await calibrateSfdIqa({
      judges: path('whole'),
      pictures: [path('a.png'), path('b.png')],
      output,
      ...cpu,
    });
    const backbone = path('squeezenet.safetensors');
    for (const combine of sfdCombinations) {
      const { score, terms: own } = await terms({ judges: output, backbone, combine });
      expect(Number.isFinite(score), combine).toBe(true);
      for (const [name, value] of Object.entries(own))
        expect(value, name).toBeCloseTo(Number(Reflect.get(plain.terms, name)), 4);
    }
    const loss = await openLoss('sfd-iqa', { judges: path('whole'), ...cpu });
    const picture = {
      data: new Float32Array(3 * 40 * 36).map((_, i) => 0.5 + 0.4 * Math.sin(i)),
      shape: [1, 3, 40, 36],
    } as const;
    const { gradient } = await loss.of(picture);
    expect(gradient.some((value) => value !== 0)).toBe(true);
    await loss.close();
    const bare = () => openSfdIqa({ judges: output, ...cpu });
    expect(await refusal(bare)).toMatch(/looks through SqueezeNet 1\.1.*`backbone`/);
    const other = () => openSfdIqa({ judges: output, backbone: path('alexnet.safetensors'), ...cpu });
    expect(await refusal(other)).toMatch(/is not the SqueezeNet 1\.1 that/);
    const clip = () => openSfdIqa({ judges: output, clip: 'RN50.pt', ...cpu });
    expect(await refusal(clip)).toMatch(/give `backbone` instead of `clip`/);
  });
});

describe('is refused in one line', () => {
  test.each<readonly [string, () => Partial<TrainUpscalerOptions>, RegExp]>([
    [
      'a stage that it lacks',
      () => ({ featureLayers: ['layer2'] }),
      /`featureLayers` must be of conv1, fire3/,
    ],
    ['words', () => ({ promptWords: ['good', 'bad'] }), /`promptWords` is for CLIP/],
    ['CLIP as well', () => ({ clip: 'RN50.pt' }), /`clip` and `backbone`.*leave one out/],
    [
      'a file that lacks stages',
      () => ({ backbone: path('lacking.safetensors') }),
      /holds neither SqueezeNet 1\.1 nor AlexNet with all of its convolutions/,
    ],
    ['small patches', () => ({ patch: 16 }), /`patch` must be at least 17 for SqueezeNet 1\.1/],
  ])('%s', async (_what, changes, message) => {
    expect(await refusal(() => trainUpscaler(game('never', changes())))).toMatch(message);
  });

  test('a backbone that nobody looks through', async () => {
    const backbone = path('squeezenet.safetensors');
    const adversarial = { ...common('never'), stage: 'sfd', from: path('start'), steps: 1 } as const;
    expect(
      await refusal(() => trainUpscaler({ ...adversarial, backbone, discriminators: ['unet'] })),
    ).toMatch(/`backbone` is for the discriminators feature and prompt/);
    expect(await refusal(() => trainUpscaler({ ...common('never'), backbone }))).toMatch(
      /`backbone` belongs to `stage` sfd/,
    );
  });
});
