import {
  type CheckedPair,
  type DenoiserWeights,
  evaluateDenoiser,
  findPairs,
  loadDenoiserWeights,
  scoreDefinitions,
  shippedDenoiserPath,
} from '../../api/index.js';
import type { Context } from '../context.js';
import { applyingOptions } from '../../api/options.js';
import { chosen } from '../../options/index.js';
import type { EvaluateDenoiserFlags } from './command.js';
import type { EvaluationKind } from './evaluation-kind.js';
import { namedNetwork } from '../options/model-store.js';
import { planResults, readCandidates } from './plan-evaluation.js';
import { runEvaluation } from './run-evaluation.js';
import type { Screen } from '../terminal/screen.js';
import { counted } from '../terminal/wording.js';

const kind: EvaluationKind<CheckedPair> = {
  doing: 'denoising',
  before: 'noisy',
  fileOf: ({ noisy }) => noisy,
  definitions: scoreDefinitions,
};

/** Does what `revela evaluate denoiser` promises; returns the exit code. */
export function runEvaluateDenoiser(flags: EvaluateDenoiserFlags, context: Context): Promise<number> {
  const { weights: names, ...typed } = flags;
  const options = chosen(applyingOptions, typed);
  return runEvaluation<DenoiserWeights, CheckedPair>(
    {
      flags,
      async prepare(screen, signal) {
        const pairs = await pairsOf(flags, screen, signal);
        const denoisers = await readCandidates(names ?? [shippedDenoiserPath()], async (name) =>
          loadDenoiserWeights(await namedNetwork(name, flags, context, screen.note)),
        );
        const candidates = await planResults(denoisers, flags, {
          named: pairs.map((pair) => pair.noisy),
          kept: pairs.map((pair) => pair.clean),
          keptKind: 'clean',
        });
        return {
          ...{ kind, items: pairs, candidates },
          evaluate: (weights, listening) => evaluateDenoiser({ ...options, ...listening, weights, pairs }),
        };
      },
    },
    context,
  );
}

async function pairsOf(
  { noisy, clean, every, limit }: EvaluateDenoiserFlags,
  { note }: Screen,
  signal: AbortSignal,
): Promise<readonly CheckedPair[]> {
  const { pairs, spareClean } = await findPairs({
    noisy,
    clean,
    every,
    limit,
    signal,
    onLeftOut: note,
  });
  if (spareClean.length > 0)
    note(`Left out: ${counted(spareClean.length, 'clean picture')} without a noisy one (${spareClean[0]}…)`);
  return pairs;
}
