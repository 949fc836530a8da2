import {
  writePicture,
  type Evaluation,
  type EvaluationOptions,
  type NetworkWeights,
  type SizedPicture,
} from '../../api/index.js';
import { printableJson } from '../../printable.js';
import { beginWork, checkTableForm, toTenths } from '../terminal/begin-work.js';
import type { Context } from '../context.js';
import type { EvaluationFlags } from './command.js';
import { evaluationCsv } from './evaluation-csv.js';
import { meanFacts, pictureFacts } from './evaluation-json.js';
import type { EvaluationKind, NamedEvaluation } from './evaluation-kind.js';
import { evaluationText } from './evaluation-text.js';
import type { PlannedCandidate } from './plan-evaluation.js';
import { formatDuration } from '../terminal/progress-text.js';
import { announced, type Screen } from '../terminal/screen.js';
import { stop } from '../terminal/stop.js';
import { counted } from '../terminal/wording.js';

/** What is ready to be evaluated. */
export interface EvaluationWork<Weights extends NetworkWeights, Item extends SizedPicture> {
  readonly kind: EvaluationKind<Item>;
  readonly items: readonly Item[];
  readonly candidates: readonly PlannedCandidate<Weights>[];
  evaluate(weights: Weights, options: EvaluationOptions<Item>): Promise<Evaluation<Weights, Item>>;
}

/** A command that evaluates weights. */
export interface EvaluationCommand<Weights extends NetworkWeights, Item extends SizedPicture> {
  readonly flags: EvaluationFlags;
  /** Finds and checks everything. */
  prepare(screen: Screen, signal: AbortSignal): Promise<EvaluationWork<Weights, Item>>;
}

/** What the parts of the command share. */
interface Surroundings {
  readonly flags: EvaluationFlags;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  /** Writes a line for programs, where they were asked for. */
  readonly tell: (facts: object) => void;
}

/** Evaluates weights, shows the table and tells how it went; returns the exit code. */
export async function runEvaluation<Weights extends NetworkWeights, Item extends SizedPicture>(
  { flags, prepare }: EvaluationCommand<Weights, Item>,
  context: Context,
): Promise<number> {
  const { json = false, csv = false } = flags;
  checkTableForm(flags);
  const { stdout } = context;
  const { screen, signal, seconds } = beginWork(json, context);
  const tell = (facts: object): void => void (json && stdout.write(`${printableJson(facts)}\n`));
  try {
    const work = await prepare(screen, signal);
    const { kind, items, candidates } = work;
    const evaluations = await evaluateAll(work, { flags, screen, signal, tell });
    const measured = evaluations.reduce((sum, { evaluation }) => sum + evaluation.pictures.length, 0);
    if (!json && measured > 0)
      stdout.write(csv ? evaluationCsv(evaluations, kind) : evaluationText(evaluations, kind));
    if (signal.aborted) return stop(stoppedText(measured, candidates.length * items.length), signal);
    screen.done(`Evaluated on ${counted(items.length, 'picture')} in ${formatDuration(seconds())}`, {
      definitions: kind.definitions,
      seconds: toTenths(seconds()),
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

/** Evaluates one set of weights after the other; those that a stop leaves are missing. */
async function evaluateAll<Weights extends NetworkWeights, Item extends SizedPicture>(
  work: EvaluationWork<Weights, Item>,
  surroundings: Surroundings,
): Promise<readonly NamedEvaluation<Item>[]> {
  const { screen, signal, tell } = surroundings;
  const evaluations: NamedEvaluation<Item>[] = [];
  for (const candidate of work.candidates) {
    const evaluation = await evaluateOne(candidate, work, surroundings).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    screen.endLine();
    if (evaluation !== undefined) {
      const named = { label: candidate.label, file: candidate.file, evaluation };
      evaluations.push(named);
      tell(meanFacts(named, work.kind));
    }
    if (signal.aborted) break;
  }
  return evaluations;
}

function evaluateOne<Weights extends NetworkWeights, Item extends SizedPicture>(
  { file, weights, label, outputs }: PlannedCandidate<Weights>,
  { kind: { doing, fileOf }, items, evaluate }: EvaluationWork<Weights, Item>,
  { flags: { overwrite = false }, screen, signal, tell }: Surroundings,
): Promise<Evaluation<Weights, Item>> {
  const intention = `${doing} ${counted(items.length, 'picture')} with ${label}`;
  return evaluate(weights, {
    onProgress: announced(intention.charAt(0).toUpperCase() + intention.slice(1), screen),
    onPicture: async (score, result) => {
      tell(pictureFacts(file, score));
      const input = fileOf(score);
      const target = outputs.get(input);
      if (target === undefined) return;
      await writePicture(target, result, { format: 'png', overwrite });
      // Standard output is the table's.
      screen.report({ kind: 'written', input, output: target });
    },
    signal,
  });
}
