import { trainScorer, budgetOr, scorerPreset } from '../../../api/index.js';
import { trainScorerOptions } from '../../../api/options.js';
import { chosen } from '../../../options/index.js';
import type { Context } from '../../context.js';
import { goodPictures, runTraining } from '../run-training.js';
import type { TrainScorerFlags } from './command.js';
import { budgetText } from '../../terminal/budget-text.js';
import { counted } from '../../terminal/wording.js';

/** Does what `revela train scorer` promises; returns the exit code. */
export function runTrainScorer(
  inputs: readonly string[],
  flags: TrainScorerFlags,
  context: Context,
): Promise<number> {
  return runTraining(
    {
      ...{ name: 'revela train scorer', inputs, flags },
      async newRun(screen, signal) {
        const pictures = await goodPictures(inputs, flags, screen, signal);
        const budget = budgetText(budgetOr(flags, { steps: scorerPreset.steps }));
        return {
          task: { pictures },
          intention: `Training on ${counted(pictures.length, 'picture')} for ${budget}`,
        };
      },
      train: (task, run) => trainScorer({ ...chosen(trainScorerOptions, flags), ...task, ...run }),
    },
    context,
  );
}
