import { html, type Markup } from './html.js';
import type { ReportedRun } from './run.js';
import { runName } from './run-name.js';

/** Lists of so many entries are shown as they are; longer ones open on demand. */
const shortList = 6;
/** Of a long list, so many entries are shown at most. */
const mostEntries = 200;

/** What each run was started with; lines in which the runs differ are marked. */
export function settingsSection(runs: readonly ReportedRun[]): Markup {
  const settings = runs.map(({ settings }) => flattened(settings));
  const names = [...new Set(settings.flatMap((values) => [...values.keys()]))];
  const rows = names.map((name) => {
    const values = settings.map((all) => all.get(name));
    const differs = new Set(values.map((value) => JSON.stringify(value))).size > 1;
    const cells = values.map((value) => html`<td>${valueMarkup(value)}</td>`);
    const mark = differs ? html` <span class="differs">differs</span>` : '';
    return html`<tr${differs ? html` class="different"` : ''}><th scope="row">${name}${mark}</th>${cells}</tr>\n`;
  });
  return html`<section aria-labelledby="settings"><h2 id="settings">Settings</h2>
<div class="wide" tabindex="0" role="region" aria-labelledby="settings"><table class="settings">
<thead><tr><th scope="col">Setting</th>${runs.map(({ label }, i) => html`<th scope="col">${runName(label, i)}</th>`)}</tr></thead>
<tbody>
${rows}</tbody></table></div></section>`;
}

/** `{ budget: { steps: 3 } }` as `budget.steps` → 3; lists stay whole. */
function flattened(config: object, prefix = ''): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries<unknown>({ ...config }).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? [...flattened(value, `${prefix}${name}.`)]
        : [[`${prefix}${name}`, value] as const],
    ),
  );
}

function valueMarkup(value: unknown): Markup {
  if (value === undefined || value === null) return html`<span class="none">none</span>`;
  if (!Array.isArray(value)) return html`${String(value)}`;
  const entries = value.map((entry) => (typeof entry === 'object' ? JSON.stringify(entry) : String(entry)));
  if (entries.length <= shortList && entries.join(', ').length < 80) return html`${entries.join(', ')}`;
  const rest = entries.length - mostEntries;
  return html`<details><summary>${entries.length} entries</summary><ul>${entries
    .slice(0, mostEntries)
    .map((entry) => html`<li>${entry}</li>`)}</ul>${rest > 0 ? html`<p>and ${rest} more</p>` : ''}</details>`;
}
