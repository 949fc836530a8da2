import { OptionError } from '../errors.js';
import { type Picture, writePicture } from '../images/index.js';
import {
  type CheckedPair,
  type DenoiserEvaluation,
  evaluateDenoiser,
  findPairs,
  type PictureScore,
  scoreDefinitions,
} from '../library/index.js';
import type { Context } from './context.js';
import type { EvaluateDenoiserFlags } from './evaluate-command.js';
import { evaluationCsv } from './evaluation-csv.js';
import { meanFacts, pictureFacts } from './evaluation-json.js';
import { evaluationText, type NamedEvaluation } from './evaluation-text.js';
import { type Candidate, planCandidates } from './plan-evaluation.js';
import { formatDuration } from './progress-text.js';
import { announced, openScreen, type Screen } from './screen.js';
import { stop } from './stop.js';
import { counted } from './wording.js';

/** What the parts of the command share. */
interface Work {
  readonly flags: EvaluateDenoiserFlags;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  /** Writes a line for programs, where they were asked for. */
  readonly tell: (facts: object) => void;
}

/** Does what `revela evaluate denoiser` promises; returns the exit code. */
export async function runEvaluateDenoiser(flags: EvaluateDenoiserFlags, context: Context): Promise<number> {
  const { json = false, csv = false } = flags;
  if (json && csv)
    throw new OptionError('--json and --csv both say how the table is written: leave out one of them');
  const begin = performance.now();
  const { stdout } = context;
  const { signal, onRequest } = context.listenForStop();
  const screen = openScreen(context, json);
  const tell = (facts: object): void => void (json && stdout.write(`${JSON.stringify(facts)}\n`));
  onRequest(() => screen.note('Stopping; press Ctrl-C again to stop at once'));
  try {
    const pairs = await pairsOf(flags, screen, signal);
    const candidates = await planCandidates(flags, pairs, context);
    const evaluations = await evaluateAll(candidates, pairs, { flags, screen, signal, tell });
    const measured = evaluations.reduce((sum, { evaluation }) => sum + evaluation.pictures.length, 0);
    if (!json && measured > 0) stdout.write(csv ? evaluationCsv(evaluations) : evaluationText(evaluations));
    if (signal.aborted) return stop(stoppedText(measured, candidates.length * pairs.length), signal);
    const seconds = (performance.now() - begin) / 1000;
    screen.done(`Evaluated on ${counted(pairs.length, 'picture')} in ${formatDuration(seconds)}`, {
      definitions: scoreDefinitions,
      seconds: Math.round(seconds * 10) / 10,
    });
    return 0;
  } finally {
    screen.endLine();
  }
}

function stoppedText(measured: number, all: number): string {
  if (measured === 0) return 'stopped before anything was measured';
  return `stopped after ${measured} of ${counted(all, 'picture')}; the means are of these`;
}

async function pairsOf(
  { noisy, clean, every, limit }: EvaluateDenoiserFlags,
  { note }: Screen,
  signal: AbortSignal,
): Promise<readonly CheckedPair[]> {
  const { pairs, spareClean } = await findPairs({
    noisy,
    clean,
    ...(every === undefined ? {} : { every }),
    ...(limit === undefined ? {} : { limit }),
    signal,
  });
  if (spareClean.length > 0)
    note(`Left out: ${counted(spareClean.length, 'clean picture')} without a noisy one (${spareClean[0]}…)`);
  return pairs;
}

/** Evaluates one denoiser after the other; those that a stop leaves are missing. */
async function evaluateAll(
  candidates: readonly Candidate[],
  pairs: readonly CheckedPair[],
  work: Work,
): Promise<readonly NamedEvaluation[]> {
  const { screen, signal, tell } = work;
  const evaluations: NamedEvaluation[] = [];
  for (const candidate of candidates) {
    const evaluation = await evaluate(candidate, pairs, work).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    screen.endLine();
    if (evaluation !== undefined) {
      evaluations.push({ ...candidate, evaluation });
      tell(meanFacts(candidate.file, evaluation));
    }
    if (signal.aborted) break;
  }
  return evaluations;
}

function evaluate(
  { file, weights, label, outputs }: Candidate,
  pairs: readonly CheckedPair[],
  { flags, screen, signal, tell }: Work,
): Promise<DenoiserEvaluation> {
  const { weights: _, noisy, clean, every, limit, output, overwrite = false, json, csv, ...options } = flags;
  return evaluateDenoiser({
    ...options,
    weights,
    pairs,
    onProgress: announced(`Denoising ${counted(pairs.length, 'picture')} with ${label}`, screen),
    onPicture: async (score: PictureScore, denoised: Picture) => {
      tell(pictureFacts(file, score));
      const target = outputs.get(score.noisy);
      if (target === undefined) return;
      await writePicture(target, denoised, { format: 'png', overwrite });
      // Standard output is the table's.
      screen.report({ kind: 'written', input: score.noisy, output: target });
    },
    signal,
  });
}
