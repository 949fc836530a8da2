import { Belongings } from '../belongings.js';
import { OptionError, RevelaError } from '../errors.js';
import { readPicture } from '../images/index.js';
import type { QualityMeasure } from '../quality/index.js';
import type { Progress } from '../apply/index.js';
import { measureIdentity } from './measure-identity.js';
import { defaultMeasure, type MeasureName, measures, scoringMeasures, settledMetrics } from './measures.js';
import { present } from '../present.js';
import { measureOf, type OpenMeasure } from './open-measure.js';
import { checkedScoring, type ScorePicturesOptions, scorePicturesOptions } from './score-options.js';
import type { ScoredPicture, ScoredPictures, UnscoredPicture } from './scored-pictures.js';
import { picturePace } from '../apply/index.js';
import { openScoreRecord, type RecordedPicture, type ScoreRecord } from './score-record.js';

/** A measure, ready, under the hash of what it is made of where scores are recorded. */
interface ReadyMeasure {
  readonly name: MeasureName;
  readonly open: OpenMeasure;
  readonly identity: string;
}

/**
 * Scores pictures one after the other. What cannot be read or judged is told in the end and does not stop the others; a
 * stop by the signal leaves what was scored before.
 *
 * @param files paths of pictures
 * @throws RevelaError as {@link openMeasure} does, for unknown measures, for a record that cannot be used, and if `onMap` does
 *
 * @example
 * const { pictures, failures } = await scorePictures(await findPictures(['photos/']), {
 *   metrics: ['revela', 'niqe'],
 *   record: 'scores.jsonl',
 * });
 */
export async function scorePictures(
  files: readonly string[],
  options: ScorePicturesOptions = {},
): Promise<ScoredPictures> {
  const asked = checkedScoring('scorePictures', scorePicturesOptions, options);
  const { signal, onScored, onMap, record: path, onProgress } = asked;
  const names = settledMetrics(asked.metrics);
  checkMap(names, onMap !== undefined);
  await using held = new Belongings();
  const record = path === undefined ? undefined : held.add(await openScoreRecord(path));
  const ready: ReadyMeasure[] = [];
  const pictures: ScoredPicture[] = [];
  const failures: UnscoredPicture[] = [];
  const quiet = onProgress === undefined ? asked : { ...asked, onProgress: onceNoted(onProgress) };
  const noted = record && notebookOf(record, (message) => onProgress?.({ kind: 'note', message }));
  for (const name of names)
    ready.push({
      name,
      open: held.add(await measureOf(name, quiet)),
      identity: record === undefined ? '' : await measureIdentity(name, asked),
    });
  const pace = picturePace(files.length);
  for (const file of files) {
    if (signal?.aborted) break;
    const result = await scoreOne(file, ready, noted, onMap).catch((error: unknown) => {
      if (signal?.aborted !== true) throw error;
    });
    if (result === undefined) break;
    failures.push(...result.failures);
    if (Object.keys(result.scores).length > 0) {
      const { scores, known } = result;
      pictures.push({ picture: file, scores, known });
      onScored?.({ picture: file, scores, known });
    }
    const progress = { kind: 'scoring', picture: file, ...pace(result.known) } as const;
    if (files.length > 1) onProgress?.(progress);
  }
  return {
    measures: ready.map(({ open }) => open.measure),
    pictures,
    failures,
    finished: signal?.aborted !== true,
  };
}

function checkMap([first = defaultMeasure]: readonly MeasureName[], wanted: boolean): void {
  if (!wanted || measures[first].hasMap) return;
  const withMaps = scoringMeasures.filter(({ facts }) => facts.hasMap).map(({ facts }) => facts.name);
  throw new OptionError(
    `${measures[first].title} has no map of places: name one of ${withMaps.join(', ')} first, or leave out \`map\``,
  );
}

/** Scores one picture by all measures. */
async function scoreOne(
  file: string,
  ready: readonly ReadyMeasure[],
  noted: Notebook | undefined,
  onMap: ScorePicturesOptions['onMap'],
): Promise<ScoredPicture & { readonly failures: readonly UnscoredPicture[] }> {
  const scores: Partial<Record<MeasureName, number>> = {};
  const failures: UnscoredPicture[] = [];
  const tell = (error: unknown, metric?: MeasureName): void => {
    if (!(error instanceof RevelaError)) throw error;
    const message = error.message.includes(file) ? error.message : `${file}: ${error.message}`;
    failures.push({ picture: file, ...present({ metric }), message });
  };
  let missing = ready;
  try {
    const page = await noted?.of(file);
    missing = ready.filter((measure) => {
      const score = onMap !== undefined && measure === ready[0] ? undefined : page?.score(measure.identity);
      if (score !== undefined) scores[measure.name] = score;
      return score === undefined;
    });
    const shared = missing.length > 1 || onMap !== undefined ? await readPicture(file) : undefined;
    for (const { name, open, identity } of missing) {
      try {
        const map = open.map !== undefined && open === ready[0]?.open ? onMap : undefined;
        const looked = map === undefined || shared === undefined ? undefined : await open.map?.(shared);
        // One measure reads the file as it needs it; several share what was decoded.
        const score = checked(looked?.score ?? (await open.score(shared ?? file)), open.measure);
        scores[name] = score;
        page?.add(identity, name, score);
        if (looked !== undefined && shared !== undefined) await map?.(file, looked, shared);
      } catch (error) {
        tell(error, shared === undefined ? undefined : name);
      }
    }
  } catch (error) {
    tell(error);
  }
  return { picture: file, scores, known: missing.length === 0, failures };
}

function checked(score: number, { title }: QualityMeasure): number {
  if (Number.isFinite(score)) return score;
  throw new RevelaError(`${title} gave no number`);
}

/** A record that may fail: then scoring goes on without it. */
interface Notebook {
  of(picture: string): Promise<RecordedPicture>;
}

function notebookOf(record: ScoreRecord, note: (message: string) => void): Notebook {
  let works = true;
  return {
    async of(picture) {
      const page = await record.of(picture);
      return {
        score: page.score,
        add(...entry) {
          if (!works) return;
          try {
            page.add(...entry);
          } catch (error) {
            if (!(error instanceof RevelaError)) throw error;
            works = false;
            note(`${error.message}; scoring goes on without it`);
          }
        },
      };
    },
  };
}

/** Several measures say the same of the device that they use: it is told once. */
function onceNoted(onProgress: (progress: Progress) => void): (progress: Progress) => void {
  const told = new Set<string>();
  return (progress) => {
    if (progress.kind === 'note') {
      if (told.has(progress.message)) return;
      told.add(progress.message);
    }
    onProgress(progress);
  };
}
