import { OptionError } from '../../errors.js';
import {
  evaluateUpscaler,
  findLargePictures,
  type LargePicture,
  type LargePictures,
  lumaDefinitions,
  settleScale,
  shippedUpscalerPath,
  type UpscalerWeights,
} from '../../api/index.js';
import type { Context } from '../context.js';
import type { EvaluateUpscalerFlags } from './command.js';
import { namedUpscaler } from '../upscale/named-upscaler.js';
import { type Candidate, planResults, readCandidates } from './plan-evaluation.js';
import { runEvaluation } from './run-evaluation.js';
import type { Screen } from '../terminal/screen.js';
import { counted } from '../terminal/wording.js';

/** Does what `revela evaluate upscaler` promises; returns the exit code. */
export function runEvaluateUpscaler(
  inputs: readonly string[],
  flags: EvaluateUpscalerFlags,
  context: Context,
): Promise<number> {
  const { tile, device, threads } = flags;
  const options = { tile, device, threads };
  return runEvaluation<UpscalerWeights, LargePicture>(
    {
      flags,
      async prepare(screen, signal) {
        const upscalers = await readCandidates(flags.weights ?? [shippedUpscalerPath('faithful')], (name) =>
          namedUpscaler(name, flags, context, screen.note),
        );
        const on = await picturesOf(inputs, flags, commonScale(upscalers, flags.scale), screen, signal);
        const { pictures, scale, border } = on;
        const candidates = await planResults(upscalers, flags, {
          named: pictures.map(({ large }) => large),
          kept: pictures.flatMap(({ small }) => (small === undefined ? [] : [small])),
          keptKind: 'small',
        });
        return {
          kind: {
            doing: 'enlarging',
            before: 'bicubic',
            fileOf: ({ large }) => large,
            definitions: lumaDefinitions(border),
            explanation: `Enlarged by ${scale}. Bicubic: MATLAB's, of the same small pictures.`,
            facts: { scale, border },
          },
          ...{ items: pictures, candidates },
          evaluate: (weights, listening) => evaluateUpscaler({ ...options, ...listening, weights, on }),
        };
      },
    },
    context,
  );
}

async function picturesOf(
  large: readonly string[],
  { small, border, every, limit }: EvaluateUpscalerFlags,
  scale: number,
  { note }: Screen,
  signal: AbortSignal,
): Promise<LargePictures> {
  const on = await findLargePictures({
    ...{ large, scale, signal, onLeftOut: note },
    ...{ small, border, every, limit },
  });
  const spare = on.spareSmall;
  if (spare.length > 0)
    note(`Left out: ${counted(spare.length, 'small picture')} without a large one (${spare[0]}…)`);
  return on;
}

/** The scale that all are evaluated at: what is compared must be made of the same small pictures. */
function commonScale(upscalers: readonly Candidate<UpscalerWeights>[], typed: number | undefined): number {
  const [first, ...others] = upscalers.map(({ file, weights }) => ({
    file,
    scale: settleScale(weights, typed),
  }));
  const other = others.find(({ scale }) => scale !== first?.scale);
  if (first === undefined) throw new RangeError('there is nothing to evaluate');
  if (other !== undefined)
    throw new OptionError(
      `${first.file} enlarges by ${first.scale} and ${other.file} by ${other.scale}: give --scale ${Math.min(first.scale, other.scale)} to compare them`,
    );
  return first.scale;
}
