import { OptionError } from '../../errors.js';
import {
  checkOutput,
  checkSidecars,
  type Picture,
  type PictureSearch,
  planOutputs,
  searchPictures,
  sharedOut,
  writePicture,
  measureNames,
  measures,
  scorePictures,
  type ScorePicturesOptions,
  settledMetrics,
  heatMap,
  type QualityMap,
} from '../../api/index.js';
import { beginWork, checkTableForm } from '../terminal/begin-work.js';
import type { Context } from '../context.js';
import { present } from '../../present.js';
import { finishCulling, type SidecarKind } from './finish-culling.js';
import { finishScoring, tell } from './finish-scoring.js';
import { measureOptions } from '../options/measure-options.js';
import { shardText } from '../options/shard-text.js';
import type { ScoreFlags } from './command.js';
import { measuresText } from './score-table.js';
import type { Screen } from '../terminal/screen.js';
import { stop } from '../terminal/stop.js';

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
  const sidecars = sidecarKind(flags);
  const { screen, signal, seconds } = beginWork(json, context);
  try {
    const metrics = settledMetrics(flags.metrics);
    const options = await measureOptions(flags, metrics, context);
    const search = await searchPictures(inputs, {
      recursive: flags.recursive ?? false,
      ...present({ exceptFolder: flags.map }),
    });
    const shared = sharedOut(search, flags.shard);
    const files = shared.pictures.map(({ path }) => path);
    const { unreadable, text } = shared.leftOut;
    if (flags.shard !== undefined) screen.note(shardText(flags.shard, files.length, search));
    if (text !== undefined) screen.note(`Left out: ${text}`);
    const onMap = await mapsOf(search, new Set(files), flags, screen);
    if (sidecars !== undefined) await checkSidecars(files, { overwrite: flags.overwrite ?? false });
    const { record, device, threads } = flags;
    const streams = json && flags.bestOf !== true && flags.sort !== true;
    const result = await scorePictures(files, {
      ...options,
      metrics,
      ...present({ record, device, threads, onMap }),
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
    const scored = { ...result, failures };
    const ending = { all, flags, seconds, signal, screen, context };
    return flags.bestOf === true
      ? await finishCulling(scored, sidecars, ending)
      : finishScoring(scored, ending);
  } finally {
    screen.endLine();
  }
}

/** What the command line itself shows to be wrong. */
function checkFlags(inputs: readonly string[], flags: ScoreFlags): void {
  const { bestOf = false, sort, map, overwrite, xmp, shard } = flags;
  if (inputs.length === 0) throw new OptionError('scoring needs pictures: name files or folders');
  if (bestOf && shard !== undefined)
    throw new OptionError('a burst needs all its pictures: leave out --shard, or --best-of');
  if (bestOf && sort === true)
    throw new OptionError('--best-of orders the pictures of each burst itself: leave out --sort');
  const culling = (['gap', 'likeness', 'xmp'] as const).find((name) => flags[name] !== undefined);
  if (!bestOf && culling !== undefined)
    throw new OptionError(`--${culling} is for bursts: leave it out, or add --best-of`);
  if (overwrite === true && map === undefined && xmp === undefined)
    throw new OptionError('--overwrite is for maps and sidecars: leave it out, or give --map or --xmp');
}

const sidecarKinds: readonly SidecarKind[] = ['stars', 'rejections', 'both'];

function sidecarKind({ xmp }: ScoreFlags): SidecarKind | undefined {
  if (xmp === undefined || xmp === true) return xmp && 'both';
  const kind = sidecarKinds.find((known) => known === xmp);
  if (kind !== undefined) return kind;
  throw new OptionError(
    `--xmp takes ${sidecarKinds.slice(0, -1).join(', ')} or both, got ${xmp}; write it after the pictures, or --xmp=KIND`,
  );
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
  files: ReadonlySet<string>,
  { map, overwrite = false }: ScoreFlags,
  screen: Screen,
): Promise<ScorePicturesOptions['onMap']> {
  if (map === undefined) return undefined;
  const places = new Map<string, string>();
  for (const { input, output } of await planOutputs(search, map, { suffix: '', format: 'png' })) {
    if (files.has(input)) await checkOutput(output, { overwrite });
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
