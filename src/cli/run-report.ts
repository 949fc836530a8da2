import { dirname } from 'node:path';
import { fileError } from '../file-errors.js';
import { makeFolder } from '../make-folder.js';
import { checkTarget } from '../images/index.js';
import { reportRuns } from '../report/index.js';
import { writeBeside } from '../write-beside.js';
import type { Context } from './context.js';
import { defaultReport, type RunReportFlags } from './report-command.js';
import { openScreen } from './screen.js';
import { counted, sizeText } from './wording.js';

/** Does what `revela report` promises; returns the exit code. */
export async function runReport(
  runs: readonly string[],
  { output = defaultReport, overwrite = false, json = false }: RunReportFlags,
  context: Context,
): Promise<number> {
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
