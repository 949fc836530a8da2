import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError } from '../../file-errors.js';
import { checkReplacesNone } from '../../file-identity.js';
import { makeFolder } from '../../make-folder.js';
import { checkTarget } from '../../api/index.js';
import { reportRuns } from '../../report/index.js';
import { writeBeside } from '../../write-beside.js';
import type { Context } from '../context.js';
import { type RunReportFlags, runReportOptions } from './command.js';
import { settled } from '../../options/index.js';
import { openScreen } from '../terminal/screen.js';
import { counted, sizeText } from '../terminal/wording.js';

/** Does what `revela report` promises; returns the exit code. */
export async function runReport(
  runs: readonly string[],
  flags: RunReportFlags,
  context: Context,
): Promise<number> {
  const { output, overwrite, json = false } = settled(runReportOptions, flags);
  for (const run of runs) await checkReplacesNone([output], await filesIn(run), 'file of a run');
  await checkTarget(output, { overwrite });
  const page = new TextEncoder().encode(await reportRuns(runs));
  try {
    await makeFolder(dirname(output));
    await writeBeside(output, [page]);
  } catch (error) {
    throw fileError(`cannot write ${output}`, error);
  }
  const screen = openScreen(context, json);
  screen.written(runs.join(', '), output);
  screen.done(`Reported on ${counted(runs.length, 'run')} in ${output} (${sizeText(page.length)})`, {
    written: [output],
    runs,
    bytes: page.length,
  });
  return 0;
}

/** What a run has written; nothing where there is no such folder, which is told later. */
async function filesIn(run: string): Promise<readonly string[]> {
  const names = await readdir(run).catch((): string[] => []);
  return names.map((name) => join(run, name));
}
