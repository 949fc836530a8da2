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
  openComparison,
  picturePace,
} from '../../api/index.js';
import { comparingMeasuresNamed, comparingOptions, distanceFamilies } from '../../api/choices.js';
import { beginWork, checkTableForm, toTenths } from '../terminal/begin-work.js';
import type { FailedPicture } from '../pictures/check-pictures.js';
import type { CompareFlags } from './command.js';
import { type ComparedPair, comparisonCsv, comparisonText, meanScores } from './comparison-table.js';
import type { Context } from '../context.js';
import { present } from '../../present.js';
import { exitCodes } from '../terminal/failure.js';
import { measureOptions } from '../options/measure-options.js';
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
  const { metrics: named, network, border, device, threads } = flags;
  const metrics = named?.map((name) => namedByNetwork(name, network));
  const entries = comparingMeasuresNamed(metrics);
  const names = entries.map(({ facts }) => facts.name);
  const typed = new Map<string, unknown>(Object.entries(flags));
  const file = (key: string, usual: string): Promise<string> => {
    const named = typed.get(key);
    return namedWeights(typeof named === 'string' ? named : usual, context);
  };
  const files: Record<string, DistanceFiles> = {};
  for (const measure of entries)
    if (measure.kind === 'features') {
      const { distance, family, files: usual } = measure;
      files[distance] = {
        weights: await file(`${family}Weights`, usual.weights),
        backbone: await file(`${family}Backbone`, usual.backbone),
      };
    }
  return {
    ...(await measureOptions(flags, names, context, comparingOptions)),
    metrics: names,
    files,
    ...present({ border, device, threads }),
  };
}

/** `lpips` with `--network vgg` is `lpips-vgg`. */
function namedByNetwork(name: string, network: string | undefined): string {
  const several = distanceFamilies.some(({ family, members }) => family === name && members.length > 1);
  return several && network !== undefined ? `${name}-${network}` : name;
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
