import { type Curve, smoothed } from './curve.js';
import { html, type Markup } from './html.js';
import { dateText, durationText, numberText } from './number-text.js';
import { isRecord, type ReportedRun } from './run.js';
import { runName } from './run-name.js';

/** A column of the table; it is left out where no run has anything in it. */
interface Column {
  readonly title: string;
  readonly numeric?: true;
  readonly cell: (run: ReportedRun) => string | Markup | undefined;
}

const columns: readonly Column[] = [
  { title: 'State', cell: stateOf },
  { title: 'Method', cell: ({ config }) => textIn(config['method']) },
  { title: 'Network', cell: networkOf },
  {
    title: 'Parameters',
    numeric: true,
    cell: ({ parameters }) => (parameters === undefined ? undefined : numberText(parameters)),
  },
  {
    title: 'Pictures',
    numeric: true,
    cell: ({ config: { files } }) => (Array.isArray(files) ? numberText(files.length) : undefined),
  },
  { title: 'Steps', numeric: true, cell: stepsOf },
  {
    title: 'Time',
    numeric: true,
    cell: ({ seconds }) => (seconds > 0 ? durationText(seconds) : undefined),
  },
  { title: 'Steps/s', numeric: true, cell: speedOf },
  { title: 'Best PSNR, dB', numeric: true, cell: ({ curves }) => bestOf(curves.get('validationPsnr')) },
  { title: 'Last PSNR, dB', numeric: true, cell: ({ curves }) => lastOf(curves.get('validationPsnr')) },
  { title: 'Best SSIM', numeric: true, cell: ({ curves }) => bestOf(curves.get('validationSsim')) },
  { title: 'Last SSIM', numeric: true, cell: ({ curves }) => lastOf(curves.get('validationSsim')) },
  { title: 'Last loss, smoothed', numeric: true, cell: lastLossOf },
  { title: 'Device', cell: ({ config }) => textIn(config['device']) },
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
  return html`<span class="state">unfinished</span><br><small>last step ${dateText(changed)}</small>`;
}

function networkOf({ config: { architecture, config } }: ReportedRun): Markup | undefined {
  if (typeof architecture !== 'string') return undefined;
  const size = isRecord(config) ? Object.entries(config) : [];
  const words = size.map(([name, value]) => `${name} ${String(value)}`).join(', ');
  return html`${architecture}${words === '' ? '' : html`<br><small>${words}</small>`}`;
}

function stepsOf({ steps, config: { budget } }: ReportedRun): Markup {
  const most = isRecord(budget) ? budget['steps'] : undefined;
  const minutes = isRecord(budget) ? budget['minutes'] : undefined;
  const of =
    typeof most === 'number'
      ? `of ${numberText(most)}`
      : typeof minutes === 'number'
        ? `in ${durationText(minutes * 60)} at most`
        : '';
  return html`${numberText(steps)}${of === '' ? '' : html`<br><small>${of}</small>`}`;
}

/** Over the steps whose times are known, which after a resumption need not be all. */
function speedOf({ curves }: ReportedRun): string | undefined {
  const loss = curves.get('loss');
  if (loss === undefined) return undefined;
  const steps = loss.last.step - loss.first.step;
  const seconds = loss.last.seconds - loss.first.seconds;
  return steps > 0 && seconds > 0 ? numberText(Number((steps / seconds).toPrecision(3))) : undefined;
}

function bestOf(curve: Curve | undefined): Markup | undefined {
  if (curve === undefined) return undefined;
  const { step, value } = curve.highest;
  return html`<strong>${numberText(value)}</strong><br><small>step ${numberText(step)}</small>`;
}

function lastOf(curve: Curve | undefined): string | undefined {
  return curve === undefined ? undefined : numberText(curve.last.value);
}

/** The loss of one step says little, so it is the smoothed one. */
function lastLossOf({ curves }: ReportedRun): string | undefined {
  const last = smoothed(curves.get('loss')?.points ?? []).at(-1);
  return last === undefined ? undefined : numberText(last);
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
