import { presetSteps, trainDenoiser, trainingPictures, budgetOr } from '../../../api/index.js';
import { trainDenoiserOptions } from '../../../api/options.js';
import { chosen } from '../../../options/index.js';
import type { Context } from '../../context.js';
import { namedAs } from '../../options/model-store.js';
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
  const { include = [] } = flags;
  return runTraining(
    {
      ...{ name: 'revela train denoiser', inputs, flags },
      async newRun(screen, signal) {
        const pictures = await goodPictures([...inputs, ...include], flags, screen, signal);
        const { recursive = false, method, preset } = flags;
        const included = include.length === 0 ? [] : await trainingPictures(include, { recursive });
        const budget = budgetText(budgetOr(flags, { steps: presetSteps(method, preset) }));
        return {
          task: {
            pictures,
            include: pictures.filter((file) => included.includes(file)),
            ...(await namedAs('weights', flags, context, screen.note)),
          },
          intention: `Training on ${counted(pictures.length, 'picture')} for ${budget}`,
        };
      },
      train: (task, run) => trainDenoiser({ ...chosen(trainDenoiserOptions, flags), ...task, ...run }),
    },
    context,
  );
}
