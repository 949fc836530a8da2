import { resolve } from 'node:path';
import { OptionError } from '../errors.js';
import { shortNames } from '../api/index.js';
import { commandsSection } from './commands-section.js';
import { curvesSection } from './curves-section.js';
import { html, type Markup } from './html.js';
import { dateText } from './number-text.js';
import { pageOf } from './page.js';
import { picturesSection } from './pictures-section.js';
import { type ReportedRun, readRun } from './run.js';
import { numberTerms } from './run-terms.js';
import { settingsSection } from './settings-section.js';
import { summarySection } from './summary-section.js';

/** Options of {@link reportRuns}. */
export interface ReportOptions {
  /** What the page says about when it was made; default: now. */
  readonly date?: Date;
}

/**
 * A page that shows one or more training runs and compares them: figures, curves, sample pictures, settings, commands.
 * It is whole in itself: pictures and charts stand in it, it has no scripts and asks nothing of the network. The runs may
 * be going on.
 *
 * @param runs run folders, each different
 * @returns an HTML document
 * @throws RevelaError if a folder is missing or holds no run, or is named twice
 *
 * @example
 * await writeFile('report.html', await reportRuns(['runs/garden', 'runs/sea']));
 */
export async function reportRuns(
  runs: readonly string[],
  { date = new Date() }: ReportOptions = {},
): Promise<string> {
  const paths = runs.map((path) => resolve(path));
  if (paths.length === 0) throw new OptionError('a report needs a run folder');
  const twice = runs.find((_, i) => paths.indexOf(paths[i] ?? '') < i);
  if (twice !== undefined) throw new OptionError(`${twice} is named twice; name each run once`);
  const labels = shortNames(paths);
  const read: ReportedRun[] = [];
  for (const [i, path] of runs.entries()) read.push(await readRun(path, labels[i] ?? path));
  return (await page(read, date)).markup;
}

async function page(runs: readonly ReportedRun[], date: Date): Promise<Markup> {
  const title = runs.length === 1 ? (runs[0]?.label ?? '') : `${runs.length} training runs`;
  return pageOf({
    title,
    kind: 'training report',
    introduction: html`Training report of ${dateText(date)}`,
    main: html`${summarySection(runs)}
${curvesSection(runs)}
${await picturesSection(runs)}
${settingsSection(runs)}
${await commandsSection(runs)}`,
    footer: numberTerms(runs),
  });
}
