import { distilled } from '../../api/choices.js';
import { OptionError } from '../../errors.js';
import { distill, budgetOr } from '../../api/index.js';
import { distillOptions } from '../../api/options.js';
import { chosen } from '../../options/index.js';
import type { Context } from '../context.js';
import type { DistillFlags } from './command.js';
import { namedAs } from '../options/model-store.js';
import { goodPictures, runTraining } from '../train/run-training.js';
import { budgetText } from '../terminal/budget-text.js';
import { counted } from '../terminal/wording.js';

/** Does what `revela distill` promises; returns the exit code. */
export async function runDistill(
  inputs: readonly string[],
  flags: DistillFlags,
  context: Context,
): Promise<number> {
  if (flags.resume === undefined && inputs.length > 0 && flags.teacher === undefined)
    throw new OptionError('a student needs a teacher: give --teacher and its weights');
  return runTraining(
    {
      ...{ name: 'revela distill', inputs, flags },
      async newRun(screen, signal) {
        const pictures = await goodPictures(inputs, flags, screen, signal);
        const budget = budgetOr(flags, { steps: distilled.presets[flags.preset ?? 'fast'].steps });
        return {
          task: { pictures, ...(await namedAs('teacher', flags, context, screen.note)) },
          intention: `Distilling from ${counted(pictures.length, 'picture')}, training for ${budgetText(budget)}`,
        };
      },
      train: (task, run) => distill({ ...chosen(distillOptions, flags), ...task, ...run }),
    },
    context,
  );
}
