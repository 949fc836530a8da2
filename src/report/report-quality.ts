import { agreementDefinitions, directionText, type QualityEvaluation } from '../api/index.js';
import type { Agreement, Estimate } from '../quality/index.js';
import { disagreementSection } from './disagreement-section.js';
import { html, type Markup } from './html.js';
import { dateText } from './number-text.js';
import { pageOf } from './page.js';
import { drawScatter } from './scatter.js';

/** Options of {@link reportQuality}. */
export interface QualityReportOptions {
  /** The table of opinions, for people. */
  readonly source: string;
  /** Share of the draws inside of the confidence intervals; default 0.95. */
  readonly confidence?: number;
  /** What the page says about when it was made; default: now. */
  readonly date?: Date;
}

/**
 * A page that shows how measures of quality agree with people: correlations, the scores of all pictures, and the pictures on
 * which a measure and people disagree most. It is whole in itself: pictures and charts stand in it, it has no scripts and
 * asks nothing of the network.
 *
 * @returns an HTML document
 *
 * @example
 * const evaluation = await evaluateQuality({ scores: 'mos.csv', images: 'photos' });
 * await writeFile('quality.html', await reportQuality(evaluation, { source: 'mos.csv' }));
 */
export async function reportQuality(
  evaluation: QualityEvaluation,
  { source, confidence = 0.95, date = new Date() }: QualityReportOptions,
): Promise<string> {
  const count = evaluation.pictures.length;
  const page = pageOf({
    title: 'Measures of quality and people',
    kind: 'quality report',
    introduction: html`${count} pictures of ${source}, ${dateText(date)}. ${directionText(evaluation)}.`,
    main: html`${agreementSection(evaluation, confidence)}
${scatterSection(evaluation)}
${await disagreementSection(evaluation)}
${leftOutSection(evaluation)}`,
    footer: haveIntervals(evaluation.measures)
      ? `${agreementDefinitions}. Intervals: ${percent(confidence)} of bootstrap draws of pictures.`
      : `${agreementDefinitions}.`,
  });
  return page.markup;
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(4))} %`;

/** Without draws both ends of an interval are the number itself. */
const haveIntervals = (measures: QualityEvaluation['measures']): boolean =>
  measures.some(({ agreement }) => agreement !== undefined && agreement.srcc.low !== agreement.srcc.high);

/** The measures beside each other, the one that agrees best marked. */
function agreementSection({ measures }: QualityEvaluation, confidence: number): Markup {
  const best = Math.max(
    ...measures.map(({ agreement }) => agreement?.srcc.value ?? Number.NEGATIVE_INFINITY),
  );
  const intervals = haveIntervals(measures)
    ? html`<p class="fine">In small: the interval that holds ${percent(confidence)} of bootstrap draws.</p>`
    : '';
  const rows = measures.map(({ measure, agreement, refusal }) => {
    const cells =
      agreement === undefined
        ? html`<td colspan="3">${refusal}</td>`
        : coefficients.map((name) => estimateCell(agreement[name], agreement.srcc.value === best));
    return html`<tr><th scope="row">${measure.title}</th><td>${measure.better} is better</td>${cells}</tr>\n`;
  });
  return html`<section aria-labelledby="agreement"><h2 id="agreement">Agreement</h2>
<div class="wide" tabindex="0" role="region" aria-labelledby="agreement"><table>
<thead><tr><th scope="col">Measure</th><th scope="col">Scores</th><th scope="col" class="number">SRCC</th><th scope="col" class="number">PLCC</th><th scope="col" class="number">KRCC</th></tr></thead>
<tbody>
${rows}</tbody></table></div>
${intervals}</section>`;
}

const coefficients: readonly (keyof Pick<Agreement, 'srcc' | 'plcc' | 'krcc'>)[] = ['srcc', 'plcc', 'krcc'];

function estimateCell({ value, low, high }: Estimate, best: boolean): Markup {
  const number = value.toFixed(3);
  const interval = low === high ? '' : html`<br><small>${low.toFixed(3)} to ${high.toFixed(3)}</small>`;
  return html`<td class="number">${best ? html`<strong>${number}</strong>` : number}${interval}</td>`;
}

function scatterSection({ measures, pictures, better }: QualityEvaluation): Markup {
  const figures: Markup[] = [];
  for (const { measure, agreement } of measures) {
    if (agreement === undefined) continue;
    const points = pictures.map(({ scores, opinion }) => ({ score: scores[measure.name] ?? 0, opinion }));
    const svg = drawScatter({ measure, better, points, fit: agreement.fit });
    const description = `Opinions against ${measure.title}, a dot for each picture, and the logistic that was fitted`;
    figures.push(html`<figure>
<figcaption>${measure.title}: SRCC ${agreement.srcc.value.toFixed(3)}</figcaption>
<div role="img" aria-label="${description}">${svg}</div>
</figure>
`);
  }
  if (figures.length === 0) return html``;
  return html`<section aria-labelledby="scores"><h2 id="scores">Scores</h2>
<div class="charts scatters">
${figures}</div>
<p class="fine">A dot for each picture. The line is the logistic of four parameters that PLCC is taken after.</p></section>`;
}

function leftOutSection({ failures, missing }: QualityEvaluation): Markup {
  if (failures.length + missing.length === 0) return html``;
  const absent =
    missing.length === 0
      ? ''
      : html`<p>Names of the table without a picture, left out: ${missing.length}.</p>`;
  const lines = failures.map(({ message }) => html`<li>${message}</li>\n`);
  return html`<section aria-labelledby="left-out"><h2 id="left-out">Left out</h2>
${absent}${failures.length === 0 ? '' : html`<ul>${lines}</ul>`}</section>`;
}
