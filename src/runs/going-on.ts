import { present } from '../present.js';
import { type Budget, budgetWords, changedBudget, usedShare } from '../training/index.js';
import type { Progress } from '../apply/index.js';
import type { RunFolder } from './folder/run-folder.js';
import { type Restored, restore } from './run-checkpoint.js';
import type { TrainingSettings } from './run-settings.js';
import { sampledParts } from './run-validation.js';

/** What a run is asked when it goes on. */
interface Asked extends Budget {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Where a run goes on, with the budget that is asked for in place of the one it had; the folder remembers it.
 *
 * @throws OptionError for a budget that is none, or that was passed already
 * @throws RevelaError if there are checkpoints and none can be used, or the folder cannot be written
 */
export async function goingOn<Settings extends TrainingSettings>(
  run: RunFolder,
  settings: Settings,
  { minutes, steps, onProgress }: Asked,
): Promise<{ readonly settings: Settings; readonly restored: Restored }> {
  const restored = await restore(run);
  const { step, seconds } = restored.state ?? { step: 0, seconds: 0 };
  const asked = present({ minutes, steps });
  const budget = changedBudget(settings.budget, asked, { step, seconds });
  if (budget === undefined) return { settings, restored };
  const changed = { ...settings, budget };
  await run.changeConfig(Object.fromEntries(Object.entries(changed)));
  onProgress?.({
    kind: 'note',
    message: `The run takes ${budgetWords(budget)} in all, in place of ${budgetWords(settings.budget)}`,
  });
  const { last } = restored.validation;
  const sampled = sampledParts(usedShare(budget, step, seconds));
  const validation = { ...present({ last }), sampled };
  return { settings: changed, restored: { ...restored, validation } };
}
