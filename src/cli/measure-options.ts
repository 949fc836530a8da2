import type { Command } from 'commander';
import type { MeasureOptions } from '../library/index.js';
import type { Context } from './context.js';
import { namedWeights } from './model-store.js';
import { addOption, weightsNaming } from './options.js';

/** Files that measures without a reference are made of, as typed; what was not typed is missing. */
export interface MeasureFlags {
  readonly scorer?: string;
  readonly niqeModel?: string;
  readonly ilNiqeModel?: string;
  readonly brisqueModel?: string;
  readonly brisqueRange?: string;
  readonly clip?: string;
  readonly judges?: string;
}

/** Adds the options of {@link MeasureFlags}. */
export function addMeasureOptions(command: Command): Command {
  command.optionsGroup('What measures are made of:');
  addOption(
    command,
    '--scorer <WEIGHTS>',
    `of revela: ${weightsNaming} (default: that which comes with revela)`,
  );
  addOption(
    command,
    '--niqe-model <FILE>',
    "of niqe: a model of good photographs, such as niqe_pris_params.npz (default: the package's own)",
  );
  addOption(command, '--il-niqe-model <FILE>', 'of il-niqe, such as templateModel.mat (no default)');
  addOption(command, '--brisque-model <FILE>', 'of brisque: allmodel of its release (no default)');
  addOption(command, '--brisque-range <FILE>', 'of brisque: allrange of its release (no default)');
  addOption(
    command,
    '--clip <WEIGHTS>',
    `of clip-iqa and sfd-iqa: a CLIP, ${weightsNaming} (default: for sfd-iqa that of its run)`,
  );
  return addOption(
    command,
    '--judges <PATH>',
    'of sfd-iqa: the folder of a run of the stage sfd, or a scorer made of it (no default)',
  );
}

/** The library's options of measures: files in place of names. */
export async function measureOptionsOf(
  { scorer, niqeModel, ilNiqeModel, brisqueModel, brisqueRange, clip, judges }: MeasureFlags,
  context: Context,
): Promise<MeasureOptions> {
  return {
    ...(scorer === undefined ? {} : { scorer: await namedWeights(scorer, context) }),
    ...(niqeModel === undefined ? {} : { niqeModel }),
    ...(ilNiqeModel === undefined ? {} : { ilNiqeModel }),
    ...(brisqueModel === undefined || brisqueRange === undefined
      ? {}
      : { brisqueModel: { model: brisqueModel, range: brisqueRange } }),
    ...(clip === undefined ? {} : { clip: await namedWeights(clip, context) }),
    ...(judges === undefined ? {} : { judges }),
  };
}
