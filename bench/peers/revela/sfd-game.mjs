import {
  architectureOf,
  clipBackbone,
  clipImageParameters,
  clipStageWidth,
  clipTextParameters,
  networkParameters,
  vgg19Parameters,
} from '#src/networks/index.js';
import { adam, initialiseParameters } from '#src/nn/index.js';
import { grouped } from '#src/tensor/index.js';
import { sfdFrozen } from '#src/upscale/index.js';
import { featureJudge, promptFrozen, promptJudge } from '#src/upscale/index.js';
import { noiseTensor } from './noise.mjs';

/** The optimiser of all players, with the learning rate of SFD's relatives. */
export const optimiser = adam({ betas: [0.9, 0.99] });
export const learningRate = 1e-4;

/** Made weights of CLIP's image encoder, batch normalisation folded in. */
export const madeClipImage = (clip) => initialiseParameters(clipImageParameters(clip), 1);

/** The networks that nobody learns, by their groups: what their parameters are, and the seed of the made ones. */
const frozenNetworks = (clip) => [
  [promptFrozen.text, [...clipTextParameters(clip)].filter(([key]) => key !== 'token_embedding.weight'), 2],
  [sfdFrozen.eye, [...clipImageParameters(clip)], 1],
  [sfdFrozen.vgg, [...vgg19Parameters()], 5],
];

/** The vectors of the start and of the end token, in place of the whole table. */
const marksShape = (clip) => [2, clip.transformer_width];

/** Shapes of everything that nobody learns. */
const frozenSpecs = (clip) =>
  Object.assign(
    grouped(promptFrozen.marks, { vectors: { shape: marksShape(clip) } }),
    ...frozenNetworks(clip).map(([group, declared]) =>
      grouped(group, Object.fromEntries(declared.map(([key, { shape }]) => [key, { shape }]))),
    ),
  );

/** Made numbers for it. */
const madeFrozen = (clip) =>
  Object.assign(
    grouped(promptFrozen.marks, { vectors: noiseTensor(marksShape(clip), 0.1) }),
    ...frozenNetworks(clip).map(([group, declared, seed]) =>
      grouped(group, initialiseParameters(new Map(declared), seed)),
    ),
  );

/** SFD's two judges, each with its weight in the generator's loss. */
function judgesOf({ clip, feature, prompt, weights }) {
  const widths = feature.layers.map((layer) => clipStageWidth(clip, layer));
  return [
    { judge: featureJudge(feature, widths, 3), weight: weights.feature, optimiser, rate: 1 },
    { judge: promptJudge(prompt, clip, 4), weight: weights.prompt, optimiser, rate: 1 },
  ];
}

/**
 * An adversarial training by SFD with weights that are made, not learnt, of the sizes of the published ones: what they are
 * does not change what a step costs.
 *
 * @returns the generator's first parameters, and what `sfdObjective` plays but for the pairs
 */
export function madeGame({ architecture, config, clip, feature, prompt, weights, patch }) {
  const description = architectureOf(architecture).ofConfig(config);
  const { network, scale } = description;
  return {
    generator: initialiseParameters(networkParameters(description), 0),
    game: {
      ...{ network, scale, size: { batch: 1, patch }, sharpened: false, loss: 'vanilla' },
      judges: judgesOf({ clip, feature, prompt, weights }),
      frozen: frozenSpecs(clip),
      frozenValues: async () => madeFrozen(clip),
      honest: { pixel: weights.pixel, perceptual: weights.perceptual },
      eye: { backbone: clipBackbone(clip) },
    },
  };
}
