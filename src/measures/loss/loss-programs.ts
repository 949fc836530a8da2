import { OptionError } from '../../errors.js';
import { CLIP_STRIDE, SCORER_STRIDE } from '../../networks/index.js';
import { scopeOf } from '../../nn/index.js';
import {
  clipIqa,
  clipIqaPairs,
  DISTS_LEAST_SIDE,
  distsLoss,
  lpipsBackbones,
  lpipsLoss,
  type LpipsNetwork,
  MS_SSIM_LEAST_SIDE,
  msSsimLoss,
  psnrLoss,
  scorerScores,
  semanticIqa,
  sfdIqa,
  ssimLoss,
} from '../../quality/index.js';
import type { Runtime } from '../../runtime/index.js';
import { mean, negate, type Tensor, type TensorRecord, type TensorValue } from '../../tensor/index.js';
import { checkPairs, tokensOfPairs } from '../clip-iqa/clip-iqa.js';
import type { CompareOptions } from '../compare.js';
import { longSideDefault } from '../critic/judged-picture.js';
import { readJudges } from '../sfd-iqa/judges-file.js';
import {
  loadClip,
  type DistanceFiles,
  loadDists,
  loadLpips,
  loadScorerWeights,
  shippedScorerPath,
} from '../../models/index.js';
import type { MeasureOptions } from '../open-measure.js';
import { present } from '../../present.js';
import { directionsOfTokens } from '../clip-iqa/prompt-directions.js';
import type { SemanticCritic } from '../critic/semantic-critic.js';
import { eyeOfJudges, sfdCritic } from '../sfd-iqa/sfd-critic.js';
import { settledRule } from '../sfd-iqa/sfd-rule-options.js';

/** Names of the measures that can be a loss: those that are differentiable in the pictures. */
export const lossNames = [
  ...(['psnr', 'ssim', 'ms-ssim', 'lpips-alex', 'lpips-vgg', 'lpips-squeeze', 'dists'] as const),
  ...(['revela', 'clip-iqa', 'sfd-iqa'] as const),
] as const;

/** The name of such a measure. */
export type LossName = (typeof lossNames)[number];

/** Options of `openLoss`: those of the measure that the loss is. */
export interface LossOptions
  extends Omit<MeasureOptions, 'niqeModel' | 'ilNiqeModel' | 'brisqueModel' | 'longSide' | 'tile'>,
    Pick<CompareOptions, 'files'> {}

/** A measure as a loss: less is better. */
export interface LossProgram {
  readonly needsReference: boolean;
  /** The channels that it looks at; left out: any number. */
  readonly channels?: number;
  /** The least side of a picture, and what sides must be multiples of. */
  readonly least: number;
  readonly multiple: number;
  /** Numbers that nobody learns, by group and name. */
  readonly constants: Readonly<Record<string, Readonly<Record<string, TensorValue>>>>;
  /** The mean over the batch, a scalar. */
  loss(constants: Readonly<Record<string, TensorRecord>>, pictures: Tensor, references: Tensor): Tensor;
}

/** Reads what a loss is made of. */
type Source = (runtime: Runtime, sources: LossOptions) => Promise<LossProgram>;

const ofPixels =
  (least: number, loss: (x: Tensor, y: Tensor) => Tensor): Source =>
  async () => ({
    ...{ needsReference: true, least, multiple: 1, constants: {} },
    loss: (_, pictures, references) => loss(pictures, references),
  });

function filesOf({ files = {} }: LossOptions, name: LpipsNetwork | 'dists'): DistanceFiles {
  const given = files[name];
  if (given !== undefined) return given;
  throw new OptionError(
    `a loss by ${name === 'dists' ? 'DISTS' : `LPIPS ${name}`} needs files.${name}: the weights of its authors and torchvision's network`,
  );
}

const ofLpips =
  (network: LpipsNetwork): Source =>
  async (_, sources) => {
    const { backbone, heads } = await loadLpips(network, filesOf(sources, network));
    return {
      ...{ needsReference: true, channels: 3, least: lpipsBackbones[network].leastSide, multiple: 1 },
      constants: { backbone, heads },
      loss: ({ backbone: net = {}, heads: own = {} }, pictures, references) =>
        lpipsLoss(network, { backbone: net, heads: own }, pictures, references),
    };
  };

/** What is the same of all measures that judge pictures alone. */
const alone = (multiple: number) =>
  ({ needsReference: false, channels: 3, least: multiple, multiple }) as const;

/** SFD-IQA through a backbone that is not CLIP, which sees pictures of any size from its least on. */
const semanticLoss = ({ look, eye, feature, directions, rule }: SemanticCritic): LossProgram => ({
  ...{ ...alone(1), least: look.backbone.leastSide },
  constants: {
    eye,
    ...present({ feature }),
    ...(directions === undefined ? {} : { prompts: { directions } }),
  },
  loss({ eye: seen = {}, feature: heads, prompts }, pictures) {
    const parameters = {
      eye: scopeOf(seen),
      ...(heads === undefined ? {} : { feature: scopeOf(heads) }),
      ...prompts,
    };
    return negate(mean(semanticIqa(look, rule)(parameters, pictures)));
  },
});

/** How each loss is made. */
export const lossSources: Readonly<Record<LossName, Source>> = {
  psnr: ofPixels(1, psnrLoss),
  ssim: ofPixels(11, ssimLoss),
  'ms-ssim': ofPixels(MS_SSIM_LEAST_SIDE, msSsimLoss),
  'lpips-alex': ofLpips('alex'),
  'lpips-vgg': ofLpips('vgg'),
  'lpips-squeeze': ofLpips('squeeze'),
  async dists(_, sources) {
    const { backbone, weights } = await loadDists(filesOf(sources, 'dists'));
    return {
      ...{ needsReference: true, channels: 3, least: DISTS_LEAST_SIDE, multiple: 1 },
      constants: { backbone, weights },
      loss: ({ backbone: net = {}, weights: own = {} }, pictures, references) =>
        distsLoss({ backbone: net, weights: own }, pictures, references),
    };
  },
  async revela(_, { scorer = shippedScorerPath() }) {
    const { description, parameters } = typeof scorer === 'string' ? await loadScorerWeights(scorer) : scorer;
    return {
      ...alone(SCORER_STRIDE),
      constants: { parameters },
      loss: ({ parameters: own = {} }, pictures) =>
        negate(mean(scorerScores(description.network)(own, pictures))),
    };
  },
  async 'clip-iqa'(runtime, { clip: path, pairs = clipIqaPairs }) {
    if (path === undefined) throw new OptionError('a loss by CLIP-IQA needs clip, such as RN50.pt');
    checkPairs(pairs);
    const clip = await loadClip(path);
    const tokens = await tokensOfPairs(pairs, clip.config.context_length);
    const prompts = { directions: await directionsOfTokens(runtime, clip, tokens) };
    return {
      ...alone(CLIP_STRIDE),
      constants: { image: clip.image, prompts },
      loss({ image = {}, prompts: { directions } = {} }, pictures) {
        if (directions === undefined) throw new RangeError('CLIP-IQA has no prompts');
        return negate(mean(clipIqa(clip.config, clip.logitScale)(scopeOf(image), directions, pictures)));
      },
    };
  },
  async 'sfd-iqa'(runtime, { judges, clip: file, backbone, ...options }) {
    if (judges === undefined)
      throw new OptionError("a loss by SFD-IQA needs judges, a run of `trainUpscaler({ stage: 'sfd' })`");
    const stored = await readJudges(judges);
    const rule = settledRule(options, stored, stored.statistics?.longSide ?? longSideDefault);
    const eye = await eyeOfJudges(stored, { clip: file, backbone }, judges);
    const critic = await sfdCritic(runtime, stored, eye, rule);
    if ('look' in critic) return semanticLoss(critic);
    const { config, image, feature, directions } = critic;
    return {
      ...alone(CLIP_STRIDE),
      constants: {
        image,
        ...present({ feature }),
        ...(directions === undefined ? {} : { prompts: { directions } }),
      },
      loss({ image: seen = {}, feature: heads, prompts }, pictures) {
        const parameters = {
          clip: scopeOf(seen),
          ...(heads === undefined ? {} : { feature: scopeOf(heads) }),
          ...prompts,
        };
        return negate(mean(sfdIqa(config, rule)(parameters, pictures)));
      },
    };
  },
};
