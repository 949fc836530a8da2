import type { LpipsNetwork } from '../../quality/index.js';
import type { FeatureMeasure } from '../measure.js';

/** What differs between the networks that LPIPS looks through. */
interface NetworkFacts {
  readonly title: string;
  readonly leastSide: number;
  /** By which name the store has it. */
  readonly backbone: string;
}

/** LPIPS by one of its networks. */
const lpips = <const Network extends LpipsNetwork>(
  network: Network,
  { title, leastSide, backbone }: NetworkFacts,
) =>
  ({
    kind: 'features',
    options: {},
    distance: network,
    family: 'lpips',
    facts: {
      ...{ needsReference: true, fromOpinions: true, hasMap: false },
      name: `lpips-${network}` as const,
      title: `LPIPS (${title})`,
      summary: `learned perceptual image patch similarity 0.1, by features of ${title}`,
      better: 'lower',
      range: [0, Number.POSITIVE_INFINITY],
      usual: [0, 1],
      smallest: { width: leastSide, height: leastSide },
      refuses: 'pictures of different sizes',
      needs: ["LPIPS's heads", `torchvision's ${title}`],
      source: 'Zhang, Isola, Efros, Shechtman, Wang, CVPR 2018; program of version 0.1',
    },
    files: { weights: `lpips-${network}`, backbone },
    async open(files) {
      const { openLpips } = await import('./open-lpips.js');
      const weights = await (await import('../../models/index.js')).loadLpips(network, files);
      return (runtime) => openLpips(runtime, weights);
    },
    loss: async (files) => (await import('./lpips-loss.js')).lpipsLossBy(network, files),
  }) as const satisfies FeatureMeasure;

export const lpipsAlex = lpips('alex', { title: 'AlexNet', leastSide: 31, backbone: 'alexnet' });
export const lpipsVgg = lpips('vgg', { title: 'VGG16', leastSide: 16, backbone: 'vgg16' });
export const lpipsSqueeze = lpips('squeeze', {
  title: 'SqueezeNet 1.1',
  leastSide: 17,
  backbone: 'squeezenet1_1',
});
