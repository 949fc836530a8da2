import { OptionError } from '../../../errors.js';
import { calibrateSfdIqa } from '../../../api/index.js';
import { present } from '../../../present.js';
import type { Context } from '../../context.js';
import { namedWeights } from '../../options/model-store.js';
import { runFitting } from '../run-fitting.js';
import type { TrainSfdIqaFlags } from './command.js';

/** Does what `revela train sfd-iqa` promises; returns the exit code. */
export async function runTrainSfdIqa(
  pictures: readonly string[],
  { json = false, output, judges, clip, backbone, ...options }: TrainSfdIqaFlags,
  context: Context,
): Promise<number> {
  if (judges === undefined)
    throw new OptionError(
      'SFD-IQA is calibrated with discriminators: give --judges, a run of train upscaler --stage sfd',
    );
  if (output === undefined)
    throw new OptionError('what is calibrated needs a file to be written to: give --output');
  return runFitting({ json, done: 'Measured', context }, async (work) => {
    const named = present({
      clip: clip && (await namedWeights(clip, context)),
      backbone: backbone && (await namedWeights(backbone, context)),
    });
    const sources = { ...options, ...named, judges };
    const { terms, ...measured } = await calibrateSfdIqa({ ...sources, pictures, output, ...work });
    return { path: output, pictures: measured.pictures, facts: { scorer: output, terms } };
  });
}
