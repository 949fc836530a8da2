import { type Curve, smoothed } from './curve.js';
import { html, type Markup } from './html.js';
import { dateText, durationText, numberText } from './number-text.js';
import type { ReportedRun } from './run.js';
import { runName } from './run-name.js';
import { runTitle } from './run-terms.js';

/** A column of the table; it is left out where no run has anything in it. */
interface Column {
  readonly title: string;
  readonly numeric?: true;
  readonly cell: (run: ReportedRun) => string | Markup | undefined;
}

const columns: readonly Column[] = [
  { title: 'State', cell: stateOf },
  { title: 'Trains', cell: runTitle },
  { title: 'Method', cell: ({ settings }) => settings.method },
  { title: 'Network', cell: networkOf },
  {
    title: 'Pictures',
    numeric: true,
    cell: ({ settings: { files } }) => numberText(files.length),
  },
  { title: 'Steps', numeric: true, cell: stepsOf },
  { title: 'Time', numeric: true, cell: timeOf },
  { title: 'PSNR, dB', numeric: true, cell: ({ curves }) => bestAndLast(curves.get('validationPsnr'), 2) },
  { title: 'SSIM', numeric: true, cell: ({ curves }) => bestAndLast(curves.get('validationSsim'), 4) },
  {
    title: 'LPIPS',
    numeric: true,
    cell: ({ curves }) => bestAndLast(curves.get('validationLpips'), 4, 'lowest'),
  },
  {
    title: 'Right order',
    numeric: true,
    cell: ({ curves }) => bestAndLast(curves.get('validationRanking'), 4),
  },
  { title: 'Loss', numeric: true, cell: lastLossOf },
];

/** The runs beside each other: what they are, how far they came, how good they are. */
export function summarySection(runs: readonly ReportedRun[]): Markup {
  const shown = columns.filter(({ cell }) => runs.some((run) => cell(run) !== undefined));
  const head = shown.map(
    ({ title, numeric }) => html`<th scope="col"${numeric ? html` class="number"` : ''}>${title}</th>`,
  );
  const rows = runs.map((run, i) => {
    const cells = shown.map(
      ({ cell, numeric }) => html`<td${numeric ? html` class="number"` : ''}>${cell(run) ?? '–'}</td>`,
    );
    return html`<tr><th scope="row">${runName(run.label, i)}</th>${cells}</tr>\n`;
  });
  const empty = runs.filter(({ curves }) => curves.size === 0);
  return html`<section aria-labelledby="summary"><h2 id="summary">Summary</h2>
<div class="wide" tabindex="0" role="region" aria-labelledby="summary"><table>
<thead><tr><th scope="col">Run</th>${head}</tr></thead>
<tbody>
${rows}</tbody></table></div>
${empty.map(({ label, path }) => html`<p class="notice">${label} has no metrics yet: ${path} holds no line of metrics.jsonl that can be read.</p>\n`)}</section>`;
}

function stateOf({ finished, changed }: ReportedRun): Markup {
  if (finished) return html`<span class="state done">finished</span>`;
  if (changed === undefined) return html`<span class="state">not begun</span>`;
  return html`<span class="state">unfinished</span><br><small>last seen<br><span class="line">${dateText(changed)}</span></small>`;
}

function networkOf({ settings: { architecture, config }, parameters }: ReportedRun): Markup {
  const words = Object.entries(config)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
  const numbers =
    parameters === undefined ? '' : html`<br><small>${numberText(parameters)} parameters</small>`;
  return html`<span title="${words}">${architecture}</span>${numbers}`;
}

function stepsOf({ steps, settings: { budget } }: ReportedRun): Markup {
  const of =
    budget.steps === undefined
      ? `in ${durationText((budget.minutes ?? 0) * 60)} at most`
      : `of ${numberText(budget.steps)}`;
  return html`${numberText(steps)}<br><small>${of}</small>`;
}

/** The speed is that of the steps whose times are known, which after a resumption need not be all. */
function timeOf({ seconds, curves }: ReportedRun): Markup | undefined {
  if (seconds <= 0) return undefined;
  const { first, last } = curves.get('loss') ?? {};
  const steps = (last?.step ?? 0) - (first?.step ?? 0);
  const duration = (last?.seconds ?? 0) - (first?.seconds ?? 0);
  const speed =
    steps > 0 && duration > 0
      ? html`<br><small>${numberText(Number((steps / duration).toPrecision(3)))} steps/s</small>`
      : '';
  return html`${durationText(seconds)}${speed}`;
}

function bestAndLast(
  curve: Curve | undefined,
  digits: number,
  better: 'highest' | 'lowest' = 'highest',
): Markup | undefined {
  if (curve === undefined) return undefined;
  const { [better]: best, last } = curve;
  return html`<strong>${best.value.toFixed(digits)}</strong><br><small>best, step ${numberText(best.step)}</small><br><small>last ${last.value.toFixed(digits)}</small>`;
}

/** The loss of one step says little, so it is the smoothed one. */
function lastLossOf({ curves }: ReportedRun): Markup | undefined {
  const last = smoothed(curves.get('loss')?.points ?? []).at(-1);
  return last === undefined ? undefined : html`${numberText(last)}<br><small>last, smoothed</small>`;
}
