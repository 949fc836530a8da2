import { RevelaError } from '../../errors.js';
import { present } from '../../present.js';
import {
  type Rating,
  writeRating,
  cull,
  type CulledBurst,
  findBursts,
  type ScoredPictures,
  scoreOf,
  type QualityMeasure,
} from '../../api/index.js';
import { toTenths } from '../terminal/begin-work.js';
import { csvLine } from '../terminal/csv-line.js';
import { exitCodes } from '../terminal/failure.js';
import { type Ending, refuseNothing, scoredText, stoppedText, tell, toldMeasure } from './finish-scoring.js';
import { formatDuration } from '../terminal/progress-text.js';
import { qualityGate } from './quality-gate.js';
import { namedScoreText } from './score-table.js';
import { pathLine } from '../terminal/screen.js';
import { stop } from '../terminal/stop.js';
import { counted } from '../terminal/wording.js';

/** So many pictures take long enough to group that one wonders what happens. */
const worthTelling = 20;

/** What `--xmp` writes. */
export type SidecarKind = 'stars' | 'rejections' | 'both';

/** Stars of the best picture of a burst of several. */
const starsOfBest: Rating = 5;

/**
 * Groups what was scored into bursts, names the best of each and writes ratings; returns the exit code, 0 only if every
 * picture was scored and grouped, and the best of each burst is as good as is asked for.
 */
export async function finishCulling(
  result: ScoredPictures,
  sidecars: SidecarKind | undefined,
  ending: Ending,
): Promise<number> {
  const { all, flags, seconds, signal, screen, context } = ending;
  const { measures, pictures, failures: unscored, finished } = result;
  refuseNothing(result, all);
  if (!finished) {
    screen.failed(unscored.map(({ message }) => message));
    return stop(stoppedText(pictures.length, ending), signal);
  }
  const { bursts, failures: ungrouped } = await grouped(result, ending);
  const [measure] = measures;
  if (measure === undefined || bursts.length === 0)
    throw new RevelaError(
      `${measure?.title ?? 'the measure'} could judge none of the ${counted(all, 'picture')}: name another first`,
    );
  if (flags.csv === true) context.stdout.write(burstsCsv(measures, bursts));
  for (const [i, { best, pictures: ranked }] of bursts.entries()) {
    const told = ranked.map(({ known: _, ...picture }) => picture);
    if (flags.json === true)
      tell({ kind: 'burst', burst: i + 1, best: best.picture, pictures: told }, context);
    else if (flags.csv !== true) {
      context.stdout.write(pathLine(best.picture, context.stdout));
      if (ranked.length > 1)
        screen.note(
          `The best of ${counted(ranked.length, 'picture')}: ${best.picture} (${namedScoreText(measure, best.scores)})`,
        );
    }
  }
  const failures = [...unscored, ...ungrouped, ...(await rate(bursts, sidecars, ending))];
  const gate = qualityGate({ measures, pictures: bursts.map(({ best }) => best) }, flags);
  screen.failed([...failures.map(({ message }) => message), ...gate.messages]);
  screen.done(
    `Scored ${scoredText(result, all)} in ${formatDuration(seconds())}: ${counted(bursts.length, 'burst')}, of which ${bursts.filter((burst) => burst.pictures.length === 1).length} of one picture`,
    {
      measures: measures.map(toldMeasure),
      ...{
        pictures: pictures.length,
        bursts: bursts.length,
        failures,
        ...gate.facts,
        seconds: toTenths(seconds()),
      },
    },
  );
  return failures.length === 0 ? gate.exitCode : exitCodes.failure;
}

/** What could not be done with a picture. */
interface Failure {
  readonly picture: string;
  readonly message: string;
}

/** The bursts of what the first measure could judge. */
async function grouped(
  { measures, pictures }: ScoredPictures,
  { flags: { gap, likeness }, signal, screen }: Ending,
): Promise<{ readonly bursts: readonly CulledBurst[]; readonly failures: readonly Failure[] }> {
  const [first] = measures;
  const judged = pictures.filter(({ scores }) => first !== undefined && scoreOf(scores, first) !== undefined);
  if (judged.length >= worthTelling) screen.note(`Grouping ${judged.length} pictures`);
  const found = await findBursts(
    judged.map(({ picture }) => picture),
    {
      ...present({ gap, likeness }),
      signal,
    },
  ).catch((error: unknown) => {
    if (!signal.aborted) throw error;
    return stop('stopped before the pictures were grouped', signal);
  });
  if (found.untimed > 0)
    screen.note(
      `${found.untimed === 1 ? '1 picture does' : `${found.untimed} pictures do`} not say when they were taken: such pictures are grouped by likeness alone, each with the one before it by name`,
    );
  return { bursts: cull({ measures, pictures: judged }, found), failures: found.failures };
}

/** Writes the ratings of bursts of several pictures. */
async function rate(
  bursts: readonly CulledBurst[],
  sidecars: SidecarKind | undefined,
  { flags: { overwrite = false }, screen }: Ending,
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  for (const { best, pictures } of bursts) {
    if (sidecars === undefined || pictures.length === 1) continue;
    for (const { picture } of pictures) {
      const isBest = picture === best.picture;
      if (sidecars === (isBest ? 'rejections' : 'stars')) continue;
      try {
        const output = await writeRating(picture, isBest ? starsOfBest : -1, { overwrite });
        // Standard output lists the best.
        screen.report({ kind: 'written', input: picture, output });
      } catch (error) {
        if (!(error instanceof RevelaError)) throw error;
        failures.push({ picture, message: error.message });
      }
    }
  }
  return failures;
}

/** The pictures of all bursts as comma-separated values (RFC 4180), the best of each first. */
function burstsCsv(measures: readonly QualityMeasure[], bursts: readonly CulledBurst[]): string {
  const names = measures.map(({ name }) => name);
  const rows = bursts.flatMap(({ best, pictures }, i) =>
    pictures.map(({ rank, picture, taken = '', scores }) => {
      const values = measures.map((measure) => scoreOf(scores, measure) ?? '');
      return csvLine([i + 1, picture === best.picture ? 'yes' : '', rank ?? '', picture, taken, ...values]);
    }),
  );
  return [csvLine(['burst', 'best', 'rank', 'picture', 'taken', ...names]), ...rows].join('');
}
