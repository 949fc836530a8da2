import type { FeatureMeasure } from '../measure.js';

/** Deep image structure and texture similarity. */
export const dists = {
  kind: 'features',
  options: {},
  distance: 'dists',
  family: 'dists',
  facts: {
    ...{ needsReference: true, fromOpinions: true, hasMap: false },
    name: 'dists',
    title: 'DISTS',
    summary: 'deep image structure and texture similarity, by features of VGG16',
    better: 'lower',
    range: [0, 2],
    usual: [0, 0.6],
    smallest: { width: 16, height: 16 },
    refuses: 'pictures of different sizes',
    needs: ["DISTS's weights", "torchvision's VGG16"],
    source: 'Ding, Ma, Wang, Simoncelli, TPAMI 2020; at full size',
  },
  files: { weights: 'dists', backbone: 'vgg16' },
  async open(files) {
    const { openDists } = await import('./open-dists.js');
    const weights = await (await import('../../models/index.js')).loadDists(files);
    return (runtime) => openDists(runtime, weights);
  },
  loss: async (files) => (await import('./dists-loss.js')).distsLossBy(files),
} as const satisfies FeatureMeasure;
