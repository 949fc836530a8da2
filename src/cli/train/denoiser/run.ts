import { presetSteps, trainDenoiser, trainingPictures, budgetOr } from '../../../api/index.js';
import type { Context } from '../../context.js';
import { namedNetwork } from '../../options/model-store.js';
import { goodPictures, runTraining } from '../run-training.js';
import type { TrainDenoiserFlags } from '../command.js';
import { budgetText } from '../../terminal/budget-text.js';
import { counted } from '../../terminal/wording.js';

/** Does what `revela train denoiser` promises; returns the exit code. */
export function runTrainDenoiser(
  inputs: readonly string[],
  flags: TrainDenoiserFlags,
  context: Context,
): Promise<number> {
  const { output, resume, checkpointSeconds, device, threads, json, include = [], key, ...options } = flags;
  return runTraining(
    {
      ...{ name: 'revela train denoiser', inputs, flags },
      async newRun(screen, signal) {
        const pictures = await goodPictures([...inputs, ...include], flags, screen, signal);
        const { recursive = false, method, preset, weights } = flags;
        const included = include.length === 0 ? [] : await trainingPictures(include, { recursive });
        const budget = budgetText(budgetOr(flags, { steps: presetSteps(method, preset) }));
        return {
          task: {
            pictures,
            include: pictures.filter((file) => included.includes(file)),
            ...(weights === undefined
              ? {}
              : { weights: await namedNetwork(weights, flags, context, screen.note) }),
          },
          intention: `Training on ${counted(pictures.length, 'picture')} for ${budget}`,
        };
      },
      train: (task, run) => trainDenoiser({ ...options, ...task, ...run }),
    },
    context,
  );
}
