import type { JudgedPicture, MeasureAgreement, QualityEvaluation } from '../api/index.js';
import { ranksOf } from '../quality/index.js';
import { embedPicture } from './embed-picture.js';
import { html, type Markup } from './html.js';
import { numberText } from './number-text.js';

/** Pictures that are shown of each measure in each direction, and their longest side in pixels. */
const mostPictures = 6;
const thumbnailSide = 320;

/** A picture with its places among all, 1 the best; equal ones share the mean of theirs. */
interface PlacedPicture {
  readonly picture: JudgedPicture;
  readonly score: number;
  readonly byPeople: number;
  readonly byMeasure: number;
}

/** Of each measure, the pictures that it puts far above or far below where people put them. */
export async function disagreementSection(evaluation: QualityEvaluation): Promise<Markup> {
  const { measures, pictures } = evaluation;
  const parts: Markup[] = [];
  for (const { measure, agreement } of measures) {
    if (agreement === undefined) continue;
    const placed = placesOf(measure, evaluation);
    const { title } = measure;
    parts.push(
      html`<h3>${title}</h3>\n`,
      await row(`People like these more than ${title} does`, placed, -1, pictures.length, title),
      await row(`${title} likes these more than people do`, placed, 1, pictures.length, title),
    );
  }
  if (parts.length === 0) return html``;
  return html`<section aria-labelledby="disagreement"><h2 id="disagreement">Greatest disagreement</h2>
${parts}<p class="fine">By the difference of places among the ${pictures.length} pictures, 1 the best.</p></section>`;
}

/** @returns in no order */
function placesOf(
  measure: MeasureAgreement['measure'],
  { pictures, better }: QualityEvaluation,
): readonly PlacedPicture[] {
  const from = (direction: 'higher' | 'lower', values: readonly number[]): Float64Array =>
    ranksOf(values.map((value) => (direction === 'higher' ? -value : value)));
  const scores = pictures.map((picture) => picture.scores[measure.name] ?? Number.NaN);
  const byMeasure = from(measure.better, scores);
  const byPeople = from(
    better,
    pictures.map(({ opinion }) => opinion),
  );
  return pictures.map((picture, i) => ({
    picture,
    score: scores[i] ?? Number.NaN,
    byPeople: byPeople[i] ?? 0,
    byMeasure: byMeasure[i] ?? 0,
  }));
}

/**
 * The pictures of one direction, the greatest difference first.
 *
 * @param direction 1: the measure puts them nearer to the best than people do; -1: further away
 */
async function row(
  caption: string,
  placed: readonly PlacedPicture[],
  direction: 1 | -1,
  count: number,
  title: string,
): Promise<Markup> {
  const gap = ({ byPeople, byMeasure }: PlacedPicture): number => direction * (byPeople - byMeasure);
  const shown = placed
    .filter((picture) => gap(picture) > 0)
    .sort((a, b) => gap(b) - gap(a))
    .slice(0, Math.min(mostPictures, Math.floor(count / 2)));
  if (shown.length === 0) return html``;
  const tiles: Markup[] = [];
  for (const picture of shown) tiles.push(await tile(picture, title));
  return html`<p>${caption}:</p>
<div class="pictures thumbnails">
${tiles}</div>
`;
}

async function tile({ picture, score, byPeople, byMeasure }: PlacedPicture, title: string): Promise<Markup> {
  const { name, file, opinion } = picture;
  const embedded = await embedPicture(file, thumbnailSide);
  const image =
    embedded === undefined
      ? ''
      : html`<img src="${embedded.source}" width="${embedded.width}" height="${embedded.height}" alt="${name}">`;
  return html`<figure>${image}<figcaption><span>${name}</span> <span class="score">people ${numberText(opinion)}, place ${numberText(byPeople)}</span> <span class="score">${title} ${numberText(score)}, place ${numberText(byMeasure)}</span></figcaption></figure>
`;
}
