import {
  distanceModels,
  type LpipsFiles,
  trainUpscaler,
  type LpipsNetwork,
  budgetOr,
  upscalingPresets,
  modelPath,
} from '../../../api/index.js';
import { trainUpscalerOptions } from '../../../api/options.js';
import { chosen } from '../../../options/index.js';
import type { Context } from '../../context.js';
import { namedAs } from '../../options/model-store.js';
import { goodPictures, runTraining } from '../run-training.js';
import { present } from '../../../present.js';
import type { TrainUpscalerFlags } from './command.js';
import { budgetText } from '../../terminal/budget-text.js';
import { counted } from '../../terminal/wording.js';

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
const lossNetwork = ({ lpips, lossWeights }: TrainUpscalerFlags): LpipsNetwork | undefined =>
  lpips ?? ((lossWeights?.lpips ?? 0) > 0 ? 'squeeze' : undefined);

/** Does what `revela train upscaler` promises; returns the exit code. */
export function runTrainUpscaler(
  inputs: readonly string[],
  flags: TrainUpscalerFlags,
  context: Context,
): Promise<number> {
  return runTraining(
    {
      ...{ name: 'revela train upscaler', inputs, flags },
      async newRun(screen, signal) {
        const { stage = 'pixel', preset = 'classical', vgg, validationLpips } = flags;
        const models = { folder: context.modelFolder };
        const lpips = lossNetwork(flags);
        const files = {
          ...(await namedAs('from', flags, context, screen.note)),
          ...present({
            clip: flags.clip && (await modelPath(flags.clip, models)),
            backbone: flags.backbone && (await modelPath(flags.backbone, models)),
            vgg: vgg && (await modelPath(vgg, models)),
            lpips: lpips && (await lpipsFiles(lpips, models)),
            validationLpips: validationLpips && (await lpipsFiles(validationLpips, models)),
          }),
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
      train: (task, run) => trainUpscaler({ ...chosen(trainUpscalerOptions, flags), ...task, ...run }),
    },
    context,
  );
}
