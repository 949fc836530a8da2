import { disposable } from '../../belongings.js';
import { OptionError, RevelaError } from '../../errors.js';
import { present } from '../../present.js';
import { formatOfPath, defaultMeasure, type MeasureName, openMeasure } from '../../api/index.js';
import type { MachineFlags } from '../options/common-options.js';
import { completeMeasures, type ScoreFlags } from '../options/score-option.js';

export type { ScoreFlags } from '../options/score-option.js';

/** What a measure says of a picture and of what was made of it. */
export interface BeforeAndAfter {
  readonly input: string;
  readonly output: string;
  readonly before?: number;
  readonly after?: number;
  /** Why one of both was not scored. */
  readonly message?: string;
}

/** Scores pictures and what was made of them. */
export interface PictureScoring extends AsyncDisposable {
  /** Both as they are on the disk, so that `revela score` says the same of them. */
  score(input: string, output: string): Promise<BeforeAndAfter>;
  /** A line for people. */
  text(score: BeforeAndAfter): string;
  /** The means, for people; nothing where there is one picture. */
  summary(): readonly string[];
  /** For programs. */
  facts(): Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

/**
 * Opens the measure that `--score` asks for.
 *
 * @returns `undefined` where it asks for none
 * @throws RevelaError for a measure that is unknown, or lacks its files
 */
export async function openPictureScoring(
  { score, device, threads }: ScoreFlags & Pick<MachineFlags, 'device' | 'threads'>,
  signal: AbortSignal,
): Promise<PictureScoring | undefined> {
  if (score === undefined) return undefined;
  const { measure, ...opened } = await openMeasure(nameOf(score), {
    ...present({ device, threads }),
    signal,
  });
  const { title, better } = measure;
  const done: BeforeAndAfter[] = [];
  const line = (before: number, after: number): string =>
    `${title} ${scoreText(before)} before, ${scoreText(after)} after (${better} is better)`;
  return disposable({
    async score(input: string, output: string) {
      const scored = { input, output, ...(await bothScores(input, output, opened.score)) };
      done.push(scored);
      return scored;
    },
    text: ({ input, before, after, message = '' }: BeforeAndAfter) =>
      before === undefined || after === undefined
        ? `${input} was not scored: ${message}`
        : `${input}: ${line(before, after)}`,
    summary() {
      const pairs = done.flatMap(({ before, after }) =>
        before === undefined || after === undefined ? [] : [{ before, after }],
      );
      if (pairs.length < 2) return [];
      const mean = (of: 'before' | 'after'): number =>
        pairs.reduce((sum, pair) => sum + pair[of], 0) / pairs.length;
      return [`Mean of ${pairs.length} pictures: ${line(mean('before'), mean('after'))}`];
    },
    facts: () => ({
      measure: { name: measure.name, title, better, range: measure.range },
      scores: done,
    }),
    close: () => opened.close(),
  });
}

function nameOf(score: string | true): MeasureName {
  if (score === true) return defaultMeasure;
  if (formatOfPath(score) !== undefined || /[\\/]/.test(score))
    throw new OptionError(
      `--score takes the name of a measure, got ${score}; write it after the pictures, or --score=NAME`,
    );
  const name = completeMeasures.find((known) => known === score.toLowerCase());
  if (name !== undefined) return name;
  throw new OptionError(
    `--score takes ${completeMeasures.join(' or ')}, got ${score}; other measures need files: score the results with revela score --metric`,
  );
}

async function bothScores(
  input: string,
  output: string,
  score: (path: string) => Promise<number>,
): Promise<Pick<BeforeAndAfter, 'before' | 'after' | 'message'>> {
  try {
    return { before: await score(input), after: await score(output) };
  } catch (error) {
    if (!(error instanceof RevelaError)) throw error;
    return { message: error.message };
  }
}

const scoreText = (score: number): string => score.toFixed(Math.abs(score) < 10 ? 3 : 2);
