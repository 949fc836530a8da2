import { Command } from 'commander';
import { scorerParts, type trainScorerOptions } from '../../../api/options.js';
import type { FlagsOf } from '../../../options/index.js';
import { addTrainingOptions, type RunFlags } from '../../options/run-options.js';

/** The options of `revela train scorer` as typed; what was not typed is missing. */
export type TrainScorerFlags = FlagsOf<typeof trainScorerOptions> & RunFlags;

const examples = `
Examples:
  revela train scorer photos/ --output runs/scorer --minutes 30 --validation others/
  revela train scorer --resume runs/scorer       continues after Ctrl-C, to the same numbers`;

/** `revela train scorer`: its options, not its work. */
export function trainScorerCommand(
  run: (inputs: readonly string[], flags: TrainScorerFlags) => Promise<void>,
): Command {
  const command = new Command('scorer')
    .summary('train a quality scorer')
    .description(
      'Trains a quality scorer on good pictures, damaged in many ways; no opinions are read. Writes a run folder. Ctrl-C saves; --resume continues.',
    )
    .argument('[PICTURE...]', 'files, folders, or patterns such as "shots/*.png"');
  addTrainingOptions(command, scorerParts);
  return command.addHelpText('after', examples).action(run);
}
