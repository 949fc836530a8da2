import { lpipsNetworks } from '../../quality/choices.js';
import type { LpipsNetwork } from '../../quality/index.js';
import type { GameWeights } from '../../upscale/index.js';
import { choice, nameOr, number, type Option, type OptionsOf, parts, path } from '../../options/index.js';

const lpipsFields = {
  network: choice(lpipsNetworks, { required: true, words: 'network that it looks through' }),
  /** Its heads, of the authors. */
  weights: path({ required: true, words: 'its heads' }),
  /** The weights of the network. */
  backbone: path({ required: true, words: 'weights of the network' }),
};

/** LPIPS as a training is told of it: the network that it looks through, and both files. */
export interface LpipsFiles extends OptionsOf<typeof lpipsFields> {}

/** LPIPS through one of its networks, by its name or with its files. */
export const lpipsBy = (
  words: string,
  usual: string,
): Option<LpipsFiles | LpipsNetwork, LpipsNetwork, 'optional'> =>
  nameOr(lpipsNetworks, lpipsFields, { words, usual });

const weight = (name: string, of: string) =>
  number({ from: 0, to: 1e9, flag: `weight-${name}`, words: `weight of ${of}`, usual: 'preset' });

/** What each loss counts, instead of what the preset says. */
export const weightOptions = {
  pixel: weight('pixel', 'the mean absolute error'),
  detail: weight('detail', "detail's contrast"),
  grid: weight('grid', 'a mesh as wide as the scale'),
  lpips: weight('lpips', 'LPIPS'),
  perceptual: weight('perceptual', 'the perceptual loss'),
  feature: weight('feature', 'deceiving feature, in sfd'),
  prompt: weight('prompt', 'deceiving prompt, in sfd'),
  image: weight('image', 'deceiving unet or vgg, in sfd'),
} satisfies Readonly<Record<keyof GameWeights, Option>>;

/** What each loss counts, instead of what the preset says. */
export interface LossWeights extends OptionsOf<typeof weightOptions> {}

const lossWeights: Option<LossWeights, LossWeights, 'optional'> = parts(weightOptions, {
  ...{ words: 'what each loss counts', usual: 'preset' },
});

/** The losses through networks that both stages of an upscaler may have, and what all losses count. */
export const lossOptions = {
  /** LPIPS as a loss: the network that it looks through, by its name or with its files; left out: there is none. */
  lpips: lpipsBy('an LPIPS loss through this network', 'none'),
  /** VGG19's weights, for the perceptual loss; without them there is none. */
  vgg: path({ words: 'a perceptual loss through VGG19', usual: 'none' }),
  /** What each loss counts, instead of what the preset says. */
  lossWeights,
};

/** The losses through networks that both stages of an upscaler may have, and what all losses count. */
export interface LossOptions extends OptionsOf<typeof lossOptions> {}
