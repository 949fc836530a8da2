import { describe, expect, it } from 'vitest';
import * as fleet from '#src/fleet/index.js';
import * as revela from '#src/index.js';
import { refusal } from '../weights/files.js';

const { compare, degrade, denoise, evaluateQuality, openComparison, openDenoiser, openMeasure } = revela;
const { openUpscaler, score, scorePictures, upscale } = revela;

/** A misspelt option, as JavaScript lets it through. */
const misspelt = { signal: new AbortController().signal, maxMegapixel: 3 };

it.each<[string, () => unknown]>([
  ['denoise', () => denoise('a.png', misspelt)],
  ['openDenoiser', () => openDenoiser(misspelt)],
  ['upscale', () => upscale('a.png', misspelt)],
  ['openUpscaler', () => openUpscaler(misspelt)],
  ['degrade', () => degrade('a.png', misspelt)],
  ['compare', () => compare('a.png', 'b.png', misspelt)],
  ['compare', () => openComparison(misspelt)],
  ['openMeasure', () => openMeasure('niqe', misspelt)],
  ['score', () => score('a.png', misspelt)],
  ['scorePictures', () => scorePictures(['a.png'], misspelt)],
  ['evaluateQuality', () => evaluateQuality({ scores: 'a.csv', images: 'b', ...misspelt })],
])('%s names an option that it does not have', async (name, work) => {
  const line = await refusal(work);
  expect(line.startsWith(`${name} has no option "maxMegapixel"; it has `)).toBe(true);
  expect(line).toContain('signal');
});

/** As what types would not let through. */
const untyped = (value: unknown) => JSON.parse('[]').concat([value])[0];
const strange = untyped({ maxMegapixel: 3 });
const grey: revela.Picture = {
  ...{ width: 16, height: 16, channels: 1, bitDepth: 8, format: 'png', metadata: {} },
  data: new Float32Array(256),
};
const map: revela.QualityMap = {
  ...{ rows: 1, columns: 1, down: 1, across: 1, score: 0.5 },
  data: Float32Array.of(0.5),
};
const emptyModel = untyped({});

/** Every other public function that takes options. */
const others: readonly (readonly [string, () => unknown])[] = [
  ['trainDenoiser', () => revela.trainDenoiser(strange)],
  ['distill', () => revela.distill(strange)],
  ['trainUpscaler', () => revela.trainUpscaler(strange)],
  ['trainScorer', () => revela.trainScorer(strange)],
  ['trainNiqe', () => revela.trainNiqe(strange)],
  ['trainIlNiqe', () => revela.trainIlNiqe(strange)],
  ['openScorer', () => revela.openScorer(strange)],
  ['openLoss', () => revela.openLoss('psnr', strange)],
  ['openClipIqa', () => revela.openClipIqa(strange)],
  ['openSfdIqa', () => revela.openSfdIqa(strange)],
  ['calibrateSfdIqa', () => revela.calibrateSfdIqa(strange)],
  ['evaluateDenoiser', () => revela.evaluateDenoiser(strange)],
  ['evaluateUpscaler', () => revela.evaluateUpscaler(strange)],
  ['findPairs', () => revela.findPairs(strange)],
  ['findLargePictures', () => revela.findLargePictures(strange)],
  ['exportDenoiser', () => revela.exportDenoiser('a.safetensors', 'a.onnx', strange)],
  ['exportUpscaler', () => revela.exportUpscaler('a.safetensors', 'a.onnx', strange)],
  ['convertWeights', () => revela.convertWeights('a.pth', 'a.safetensors', strange)],
  ['findPictures', () => revela.findPictures(['a.png'], strange)],
  ['readPicture', () => revela.readPicture('a.png', strange)],
  ['writePicture', () => revela.writePicture('a.png', grey, strange)],
  ['psnr', () => revela.psnr(grey, grey, strange)],
  ['ssim', () => revela.ssim(grey, grey, strange)],
  ['agreement', () => revela.agreement([1, 2], [1, 2], strange)],
  ['heatMap', () => revela.heatMap(map, grey, strange)],
  ['fitNiqeModel', () => revela.fitNiqeModel([], strange)],
  ['fitIlNiqeModel', () => revela.fitIlNiqeModel([], strange)],
  ['ilNiqe', () => revela.ilNiqe(grey, emptyModel, strange)],
  ['pullModel', () => revela.pullModel('RN50', strange)],
  ['addModel', () => revela.addModel('a.pth', strange)],
  ['listModels', () => revela.listModels(strange)],
  ['removeModel', () => revela.removeModel('RN50', strange)],
  ['findBursts', () => revela.findBursts([], strange)],
  ['writeRating', () => revela.writeRating('a.jpg', 5, strange)],
  ['submitPictures', () => fleet.submitPictures([], { work: 'denoise' }, strange)],
  ['workInFleet', () => fleet.workInFleet(strange)],
  ['takePart', () => fleet.takePart(strange)],
  ['probeDevices', () => revela.probeDevices(strange)],
];

it.each(others)('%s names an option that it does not have', async (name, work) => {
  const line = await refusal(async () => work());
  expect(line.startsWith(`${name} has no option "maxMegapixel"; it has `)).toBe(true);
});

it('takes an object of options, and says so of anything else', async () => {
  for (const [name, open] of [
    ['openScorer', revela.openScorer],
    ['trainScorer', revela.trainScorer],
    ['openUpscaler', openUpscaler],
  ] as const) {
    const line = await refusal(() => open(untyped('fast')));
    expect(line.startsWith(`${name} takes an object of `)).toBe(true);
    expect(line.endsWith(', got "fast"')).toBe(true);
  }
});

describe('fields of options', () => {
  const alex = (fields: object) => untyped({ metrics: ['lpips-alex'], files: { alex: fields } });
  it.each<[string, string, () => unknown]>([
    ['files.alex has no option "heads"', 'compare', () => openComparison(alex({ heads: 'a.pth' }))],
    ['files has no option "alexnet"', 'compare', () => openComparison(untyped({ files: { alexnet: {} } }))],
    [
      '`files.alex.backbone` must be a path, got nothing',
      'compare',
      () => openComparison(alex({ weights: 'a.pth' })),
    ],
    [
      '`files.alex` must be an object of weights, backbone, got a.pth',
      'compare',
      () => openComparison(untyped({ files: { alex: 'a.pth' } })),
    ],
    [
      '`files.dists.weights` must be a path, got 3',
      'openLoss',
      () => revela.openLoss('dists', untyped({ files: { dists: { weights: 3, backbone: 'b' } } })),
    ],
    [
      '`brisqueModel` must be a path, or what readBrisqueModel gave',
      'openMeasure',
      () => openMeasure('brisque', untyped({ brisqueModel: { model: 'a', ranges: 'b' } })),
    ],
    [
      '`brisqueRange` must be a path, got 3',
      'openMeasure',
      () => openMeasure('brisque', untyped({ brisqueModel: 'a', brisqueRange: 3 })),
    ],
    [
      '`pairs` must be a list of pairs of texts, { good, bad }, got [{"best":"a","bad":"b"}]',
      'openClipIqa',
      () => revela.openClipIqa(untyped({ clip: 'RN50.pt', pairs: [{ best: 'a', bad: 'b' }] })),
    ],
    ['`pictures` must be a list', 'trainNiqe', () => revela.trainNiqe(untyped({ output: 'a.safetensors' }))],
    ['`pairs` must be a list', 'evaluateDenoiser', () => revela.evaluateDenoiser(untyped({}))],
    ['`on` must be pictures', 'evaluateUpscaler', () => revela.evaluateUpscaler(untyped({}))],
    ['`on.pictures` must be a list', 'evaluateUpscaler', () => revela.evaluateUpscaler(untyped({ on: {} }))],
    [
      '`noisy` must be a path, or a list of folders, files or patterns, got 3',
      'findPairs',
      () => revela.findPairs(untyped({ noisy: 3, clean: 'a' })),
    ],
    [
      'lossWeights has no option "pixels"',
      'trainUpscaler',
      () => revela.trainUpscaler(untyped({ output: 'a', pictures: ['a.png'], lossWeights: { pixels: 1 } })),
    ],
    [
      'lpips has no option "heads"',
      'trainUpscaler',
      () =>
        revela.trainUpscaler(
          untyped({ output: 'a', pictures: ['a.png'], lpips: { network: 'alex', heads: 'b' } }),
        ),
    ],
    ['give `judges`', 'openSfdIqa', () => revela.openSfdIqa(untyped({}))],
    [
      '`clip` must be a path, or what loadClip gave, got 3',
      'openClipIqa',
      () => revela.openClipIqa(untyped({ clip: 3 })),
    ],
    ['`folder` must be a path, got nothing', 'listModels', () => revela.listModels(untyped({}))],
    ['must be a path, got nothing', 'modelPath', () => revela.modelPath(untyped(undefined))],
  ])('%s (%s)', async (words, _, work) => {
    expect(await refusal(async () => work())).toContain(words);
  });
});
