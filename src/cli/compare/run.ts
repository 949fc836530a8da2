import { stat } from 'node:fs/promises';
import { RevelaError } from '../../errors.js';
import {
  findPictures,
  type NamedPair,
  pairWithReferences,
  stemOf,
  type CompareOptions,
  type Comparison,
  type DistanceFiles,
  distanceModels,
  openComparison,
  picturePace,
  referenceMeasuresNamed,
  type LpipsNetwork,
} from '../../api/index.js';
import { beginWork, checkTableForm, toTenths } from '../terminal/begin-work.js';
import type { FailedPicture } from '../pictures/check-pictures.js';
import type { CompareFlags } from './command.js';
import { type ComparedPair, comparisonCsv, comparisonText, meanScores } from './comparison-table.js';
import type { Context } from '../context.js';
import { present } from '../../present.js';
import { exitCodes } from '../terminal/failure.js';
import { namedWeights } from '../options/model-store.js';
import { formatDuration } from '../terminal/progress-text.js';
import type { Screen } from '../terminal/screen.js';
import { Stopped, stop } from '../terminal/stop.js';
import { counted } from '../terminal/wording.js';

/** Does what `revela compare` promises; returns the exit code. */
export async function runCompare(
  picture: string,
  reference: string,
  flags: CompareFlags,
  context: Context,
): Promise<number> {
  const { json = false, csv = false, border = 0 } = flags;
  checkTableForm(flags);
  const { stdout } = context;
  const { screen, signal, seconds } = beginWork(json, context);
  try {
    const options = await optionsOf(flags, context);
    const { pairs, failures } = await pairsOf(picture, reference, flags, screen);
    const comparison = await openComparison({ ...options, onProgress: screen.report, signal });
    if (pairs.length > 1) screen.note(`Comparing ${pairs.length} pictures`);
    const { measures } = comparison;
    const done = await compareAll(pairs, comparison, { screen, signal, failures }).finally(() =>
      comparison.close(),
    );
    screen.endLine();
    if (done.length > 0) {
      screen.tell({ kind: 'mean', pictures: done.length, border, scores: meanScores(measures, done) });
      if (!json) stdout.write(csv ? comparisonCsv(measures, done) : comparisonText(measures, done, border));
    }
    const [first] = failures;
    if (!signal.aborted && done.length === 0 && failures.length === 1 && first !== undefined)
      throw new RevelaError(first.message);
    screen.failed(failures.map(({ message }) => message));
    if (signal.aborted) return stop(stoppedText(done.length, pairs.length), signal);
    const all = done.length + failures.length;
    const compared = failures.length === 0 ? counted(all, 'picture') : `${done.length} of ${all} pictures`;
    screen.done(`Compared ${compared} in ${formatDuration(seconds())}`, {
      measures: measures.map(({ name, title, better, summary }) => ({ name, title, better, summary })),
      failures,
      seconds: toTenths(seconds()),
    });
    return failures.length === 0 ? 0 : exitCodes.failure;
  } catch (error) {
    if (!signal.aborted || error instanceof Stopped) throw error;
    return stop('stopped before anything was compared', signal);
  } finally {
    screen.endLine();
  }
}

function stoppedText(done: number, all: number): string {
  if (done === 0) return 'stopped before anything was compared';
  return `stopped after ${done} of ${counted(all, 'picture')}; the means are of these`;
}

/** The library's options: measures as the flags name them, and the files of those that look through a network. */
async function optionsOf(flags: CompareFlags, context: Context): Promise<CompareOptions> {
  const { metric, network = 'alex', border, device, threads } = flags;
  const metrics = metric?.map((name) => (name === 'lpips' ? `lpips-${network}` : name));
  const measures = referenceMeasuresNamed(metrics);
  const files: Partial<Record<LpipsNetwork | 'dists', DistanceFiles>> = {};
  for (const measure of measures)
    if (measure.looksAt === 'features')
      files[measure.distance] = await filesOf(measure.distance, flags, context);
  return {
    metrics: measures.map(({ name }) => name),
    files,
    ...present({ border, device, threads }),
  };
}

async function filesOf(
  distance: LpipsNetwork | 'dists',
  flags: CompareFlags,
  context: Context,
): Promise<DistanceFiles> {
  const usual = distanceModels[distance];
  const [weights, backbone] =
    distance === 'dists'
      ? [flags.distsWeights, flags.distsBackbone]
      : [flags.lpipsWeights, flags.lpipsBackbone];
  return {
    weights: await namedWeights(weights ?? usual.weights, context),
    backbone: await namedWeights(backbone ?? usual.backbone, context),
  };
}

/** Which pictures are compared, and those that have no reference. */
interface PlannedPairs {
  readonly pairs: readonly NamedPair[];
  readonly failures: FailedPicture[];
}

/** Two files belong together whatever their names are; otherwise names decide. */
async function pairsOf(
  picture: string,
  reference: string,
  { recursive = false }: CompareFlags,
  { note }: Screen,
): Promise<PlannedPairs> {
  if ((await isFile(picture)) && (await isFile(reference)))
    return { pairs: [{ name: stemOf(picture), one: picture, other: reference }], failures: [] };
  const { pairs, alone, spare } = pairWithReferences(
    await findPictures([picture], { recursive, onLeftOut: note }),
    await findPictures([reference], { recursive, onLeftOut: note }),
  );
  if (spare.length > 0)
    note(`Left out: ${counted(spare.length, 'reference')} without a picture (${spare[0]}…)`);
  const failures = alone.map((input) => ({
    input,
    message: `${input} has no reference: expected one named ${stemOf(input)}, or the same without words like denoised or x4, with any extension, in ${reference}`,
  }));
  return { pairs, failures };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
}

/** Compares one pair after the other; what is wrong with one is kept, and the others go on. */
async function compareAll(
  pairs: readonly NamedPair[],
  comparison: Comparison,
  {
    screen,
    signal,
    failures,
  }: {
    readonly screen: Screen;
    readonly signal: AbortSignal;
    readonly failures: FailedPicture[];
  },
): Promise<readonly ComparedPair[]> {
  const done: ComparedPair[] = [];
  const pace = picturePace(pairs.length);
  for (const { name, one, other } of pairs) {
    if (signal.aborted) break;
    try {
      const scores = await comparison.compare(one, other);
      const pair = { name, picture: one, reference: other, ...scores };
      done.push(pair);
      screen.tell({ kind: 'picture', ...pair });
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof RevelaError)) throw error;
      failures.push({ input: one, message: error.message });
    }
    if (pairs.length > 1) screen.report({ kind: 'comparing', picture: name, ...pace() });
  }
  return done;
}
