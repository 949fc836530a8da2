import { type Against, drawChart } from './chart.js';
import type { Curve } from './curve.js';
import { html, type Markup } from './html.js';
import { curvesOf, type MetricDescription, metricsOf } from './metrics.js';
import { numberText } from './number-text.js';
import type { ReportedRun } from './run.js';
import { runName } from './run-name.js';

/** A chart for each metric, against steps and against time; two radio buttons say which of both is seen. */
export function curvesSection(runs: readonly ReportedRun[]): Markup {
  const metrics = metricsOf(runs);
  if (metrics.length === 0) return html``;
  const figures = metrics.map((metric) => figureOf(metric, runs));
  return html`<section aria-labelledby="curves"><h2 id="curves">Curves</h2>
<div class="legend">
<fieldset><legend>Against</legend>
<label><input type="radio" name="against" id="against-step" checked> steps</label>
<label><input type="radio" name="against" id="against-time"> time</label>
</fieldset>
<ul aria-label="Runs">${runs.map(({ label }, i) => html`<li>${runName(label, i)}</li>`)}</ul>
</div>
<div class="charts">
${figures}</div>
<p class="fine">Of the loss and the gradients, the thin line is the mean of the steps behind one point of the chart, the shade reaches from their least to their greatest value, and the thick line is smoothed.</p>
</section>`;
}

function figureOf(metric: MetricDescription, runs: readonly ReportedRun[]): Markup {
  const curves = curvesOf(runs, metric.name);
  const picture = (against: Against): Markup => {
    const svg = drawChart({ ...metric, curves }, against);
    const description = `${metric.title} against ${against === 'step' ? 'steps' : 'time'}`;
    return html`<div class="against-${against}" role="img" aria-label="${description}, a line for each run">${svg}</div>\n`;
  };
  const lines = [...curves].map(([index, curve]) => {
    const label = runs[index]?.label ?? '';
    return html`<tr><th scope="row">${runName(label, index)}</th>${rangeCells(curve)}</tr>\n`;
  });
  return html`<figure>
<figcaption>${metric.title}</figcaption>
${picture('step')}${picture('time')}<details><summary>Numbers</summary><div class="wide"><table>
<thead><tr><th scope="col">Run</th><th scope="col" class="number">First</th><th scope="col" class="number">Lowest</th><th scope="col" class="number">Highest</th><th scope="col" class="number">Last</th></tr></thead>
<tbody>
${lines}</tbody></table></div></details>
</figure>
`;
}

function rangeCells({ first, lowest, highest, last }: Curve): readonly Markup[] {
  return [first, lowest, highest, last].map(
    ({ value, step }) =>
      html`<td class="number">${numberText(value)} <small>at ${numberText(step)}</small></td>`,
  );
}
