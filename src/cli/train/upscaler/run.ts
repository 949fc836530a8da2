import {
  distanceModels,
  type LpipsFiles,
  type TrainUpscalerOptions,
  trainUpscaler,
  type LpipsNetwork,
  budgetOr,
  upscalingPresets,
  modelPath,
} from '../../../api/index.js';
import type { Context } from '../../context.js';
import { namedNetwork } from '../../options/model-store.js';
import { goodPictures, runTraining } from '../run-training.js';
import { present } from '../../../present.js';
import type { TrainUpscalerFlags } from './command.js';
import { budgetText } from '../../terminal/budget-text.js';
import { counted } from '../../terminal/wording.js';

/** The losses' weights that were typed, under the names that the library gives them. */
function lossWeights(flags: TrainUpscalerFlags): Pick<TrainUpscalerOptions, 'lossWeights'> {
  const typed = {
    pixel: flags.weightPixel,
    lpips: flags.weightLpips,
    perceptual: flags.weightPerceptual,
    feature: flags.weightFeature,
    prompt: flags.weightPrompt,
    image: flags.weightImage,
  };
  const given = Object.entries(typed).filter(([, weight]) => weight !== undefined);
  return given.length === 0 ? {} : { lossWeights: Object.fromEntries(given) };
}

/** The files of LPIPS. */
async function lpipsFiles(network: LpipsNetwork, models: { readonly folder: string }): Promise<LpipsFiles> {
  const { weights, backbone } = distanceModels[network];
  return {
    network,
    weights: await modelPath(weights, models),
    backbone: await modelPath(backbone, models),
  };
}

/** The network of LPIPS as a loss: the one that was named, or the smallest where it has a weight. */
const lossNetwork = ({ lpips, weightLpips = 0 }: TrainUpscalerFlags): LpipsNetwork | undefined =>
  lpips ?? (weightLpips > 0 ? 'squeeze' : undefined);

/** Does what `revela train upscaler` promises; returns the exit code. */
export function runTrainUpscaler(
  inputs: readonly string[],
  flags: TrainUpscalerFlags,
  context: Context,
): Promise<number> {
  const {
    output,
    resume,
    checkpointSeconds,
    device,
    threads,
    json,
    discriminator,
    lpips: _named,
    validationLpips,
    key,
    ...typed
  } = flags;
  const { weightPixel, weightLpips, weightPerceptual, weightFeature, weightPrompt, weightImage, ...options } =
    typed;
  return runTraining(
    {
      ...{ name: 'revela train upscaler', inputs, flags },
      async newRun(screen, signal) {
        const { stage = 'pixel', preset = 'classical', vgg } = flags;
        const models = { folder: context.modelFolder };
        const lpips = lossNetwork(flags);
        const files = {
          ...(flags.from === undefined
            ? {}
            : { from: await namedNetwork(flags.from, flags, context, screen.note) }),
          ...(flags.clip === undefined ? {} : { clip: await modelPath(flags.clip, models) }),
          ...(flags.backbone === undefined ? {} : { backbone: await modelPath(flags.backbone, models) }),
          ...(vgg === undefined ? {} : { vgg: await modelPath(vgg, models) }),
          ...(lpips === undefined ? {} : { lpips: await lpipsFiles(lpips, models) }),
          ...(validationLpips === undefined
            ? {}
            : { validationLpips: await lpipsFiles(validationLpips, models) }),
        };
        // After the names, because every picture is decoded: of a large folder that takes a while.
        const pictures = await goodPictures(inputs, flags, screen, signal);
        const perceives = vgg !== undefined || lpips !== undefined;
        const blind = stage === 'sfd' && !perceives ? ', without a perceptual loss (--lpips or --vgg)' : '';
        const { steps } = upscalingPresets[preset].stages[stage];
        return {
          task: { pictures, ...files },
          intention: `Training on ${counted(pictures.length, 'picture')} for ${budgetText(budgetOr(flags, { steps }))}${blind}`,
        };
      },
      train: (task, run) =>
        trainUpscaler({
          ...options,
          ...present({ discriminators: discriminator }),
          ...lossWeights(flags),
          ...task,
          ...run,
        }),
    },
    context,
  );
}
