import { OptionError } from '../errors.js';
import {
  checkOutput,
  type Picture,
  type PictureSearch,
  planOutputs,
  searchPictures,
  writePicture,
} from '../images/index.js';
import {
  measureNames,
  measures,
  scorePictures,
  type ScorePicturesOptions,
  settledMetrics,
} from '../library/index.js';
import { heatMap, type QualityMap } from '../quality/index.js';
import { beginWork, checkTableForm, toTenths } from './begin-work.js';
import type { Context } from './context.js';
import { finishScoring, tell } from './finish-scoring.js';
import { measureOptions } from './measure-options.js';
import type { ScoreFlags } from './score-command.js';
import { measuresText } from './score-table.js';
import type { Screen } from './screen.js';
import { stop } from './stop.js';

/** Does what `revela score` promises; returns the exit code. */
export async function runScore(
  inputs: readonly string[],
  flags: ScoreFlags,
  context: Context,
): Promise<number> {
  const { json = false } = flags;
  if (flags.list === true) return listMeasures(json, context);
  checkTableForm(flags);
  checkFlags(inputs, flags);
  // The best picture is one line, also for programs.
  const { screen, signal, seconds } = beginWork(json && flags.bestOf !== true, context);
  try {
    const metrics = settledMetrics(flags.metric);
    const options = await measureOptions(flags, metrics, context);
    const search = await searchPictures(inputs, {
      recursive: flags.recursive ?? false,
      ...(flags.map === undefined ? {} : { exceptFolder: flags.map }),
    });
    const files = search.pictures.map(({ path }) => path);
    const { unreadable, text } = search.leftOut;
    if (text !== undefined) screen.note(`Left out: ${text}`);
    const onMap = await mapsOf(search, flags, screen);
    const { record, device, threads } = flags;
    const streams = json && flags.bestOf !== true && flags.sort !== true;
    const result = await scorePictures(files, {
      ...options,
      metrics,
      ...(record === undefined ? {} : { record }),
      ...(device === undefined ? {} : { device }),
      ...(threads === undefined ? {} : { threads }),
      ...(onMap === undefined ? {} : { onMap }),
      onScored: (picture) => {
        if (streams) tell({ kind: 'picture', ...picture }, context);
      },
      onProgress: screen.report,
      signal,
    }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
      return stop('stopped before anything was scored', signal);
    });
    screen.endLine();
    const all = files.length + unreadable.length;
    const nameless = unreadable.map(({ input, message }) => ({ picture: input, message }));
    const failures = [...nameless, ...result.failures];
    return finishScoring(
      { ...result, failures },
      { all, flags, seconds: toTenths(seconds()), signal, screen, context },
    );
  } finally {
    screen.endLine();
  }
}

/** What the command line itself shows to be wrong. */
function checkFlags(inputs: readonly string[], { csv, bestOf, sort, map, overwrite }: ScoreFlags): void {
  if (inputs.length === 0) throw new OptionError('scoring needs pictures: name files or folders');
  const idle = csv === true ? '--csv' : sort === true ? '--sort' : undefined;
  if (bestOf === true && idle !== undefined)
    throw new OptionError(
      `--best-of names one picture, and ${idle} is for all of them: leave out one of them`,
    );
  if (overwrite === true && map === undefined)
    throw new OptionError('--overwrite is for the maps: leave it out, or give --map');
}

function listMeasures(json: boolean, context: Context): number {
  const listed = measureNames.map((name) => measures[name]);
  if (json) tell({ kind: 'measures', measures: listed }, context);
  else context.stdout.write(measuresText(listed));
  return 0;
}

/** What writes the maps; undefined where none are wanted. Their places are checked before the work. */
async function mapsOf(
  search: PictureSearch,
  { map, overwrite = false }: ScoreFlags,
  screen: Screen,
): Promise<ScorePicturesOptions['onMap']> {
  if (map === undefined) return undefined;
  const places = new Map<string, string>();
  for (const { input, output } of await planOutputs(search, map, { suffix: '', format: 'png' })) {
    await checkOutput(output, { overwrite });
    places.set(input, output);
  }
  return async (file: string, seen: QualityMap, picture: Picture) => {
    const output = places.get(file);
    if (output === undefined) return;
    await writePicture(output, heatMap(seen, picture), { overwrite });
    // Standard output is the table's.
    screen.report({ kind: 'written', input: file, output });
  };
}
