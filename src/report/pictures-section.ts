import { createHash } from 'node:crypto';
import { RevelaError } from '../errors.js';
import { readPicture } from '../images/index.js';
import { psnr } from '../quality/index.js';
import { readRegular } from '../regular-file.js';
import { embedPicture } from './embed-picture.js';
import { html, type Markup } from './html.js';
import { numberText } from './number-text.js';
import type { ReportedRun } from './run.js';
import { runName } from './run-name.js';
import type { SampledPicture } from './sample-files.js';

/** Pictures that are shown of each run, of the strip below one, and the longest sides of both, in pixels. */
const mostPictures = 6;
const mostInStrip = 8;
const largeSide = 720;
const smallSide = 160;

/** A picture of one run. */
interface Shown {
  readonly run: ReportedRun;
  readonly index: number;
  readonly picture: SampledPicture;
}

/**
 * The sample pictures: what was given, what each run made of it at its last step, and what it should be where that is known.
 * Below, how it came about. Pictures of one name in several runs stand together.
 */
export async function picturesSection(runs: readonly ReportedRun[]): Promise<Markup> {
  const groups = await samePictures(runs);
  if (groups.length === 0) return html``;
  const figures: Markup[] = [];
  for (const group of groups.slice(0, mostPictures)) figures.push(await pictureFigures(group));
  const rest = groups.slice(mostPictures).map(([{ picture }]) => picture.name);
  const more = rest.length === 0 ? '' : html`<p class="fine">Not shown: ${rest.join(', ')}</p>`;
  return html`<section aria-labelledby="pictures"><h2 id="pictures">Pictures</h2>
${figures}${more}</section>`;
}

/** The same picture in one or more runs. */
type Group = readonly [Shown, ...Shown[]];

/** Two runs may have different pictures of one name: they are the same only if the files before are. */
async function samePictures(runs: readonly ReportedRun[]): Promise<readonly Group[]> {
  const groups = new Map<string, [Shown, ...Shown[]]>();
  for (const [index, run] of runs.entries()) {
    for (const picture of run.samples) {
      const { name, before } = picture;
      const bytes = before === undefined ? '' : await readRegular(before).catch(() => '');
      const key = JSON.stringify([name, createHash('sha256').update(bytes).digest('hex')]);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [{ run, index, picture }]);
      else group.push({ run, index, picture });
    }
  }
  return [...groups.values()];
}

async function pictureFigures(shown: Group): Promise<Markup> {
  const { name, words } = shown[0].picture;
  const before = shown.find(({ picture }) => picture.before !== undefined)?.picture.before;
  const known = shown.find(({ picture }) => picture.truth !== undefined)?.picture.truth;
  const tiles = [
    await tile(`${name}, ${words.before}`, html`${words.before}`, before, known),
    ...(await Promise.all(
      shown.map(({ run, index, picture }) => {
        const last = picture.after.at(-1);
        const step = numberText(last?.step ?? 0);
        const caption = html`${runName(run.label, index)}, step ${step}`;
        const truth = picture.truth ?? known;
        return tile(`${name}, ${words.after} by ${run.label} at step ${step}`, caption, last?.file, truth);
      }),
    )),
    await tile(`${name}, ${words.truth}`, html`${words.truth}`, known, undefined),
  ];
  return html`<h3>${name}</h3>
<div class="pictures">${tiles}</div>
${await Promise.all(shown.map(strip))}`;
}

/** One picture with what it is and how near it comes to the truth. */
async function tile(
  description: string,
  caption: Markup,
  file: string | undefined,
  truth: string | undefined,
): Promise<Markup> {
  const picture = file === undefined ? undefined : await embedPicture(file, largeSide);
  if (file === undefined || picture === undefined) return html``;
  const { source, width, height } = picture;
  const decibels = truth === undefined ? undefined : await psnrOf(file, truth);
  const score = decibels === undefined ? '' : html` <span class="score">${decibels.toFixed(2)} dB</span>`;
  return html`<figure><img src="${source}" width="${width}" height="${height}" alt="${description}"><figcaption><span>${caption}</span>${score}</figcaption></figure>\n`;
}

/** `undefined` where both cannot be compared, as when one of them is just being written. */
async function psnrOf(file: string, truth: string): Promise<number | undefined> {
  try {
    return psnr(await readPicture(file), await readPicture(truth));
  } catch (error) {
    if (error instanceof RevelaError) return undefined;
    throw error;
  }
}

/** What one run made of a picture at some steps before its last. */
async function strip({ run, index, picture }: Shown): Promise<Markup> {
  const earlier = picture.after.slice(0, -1);
  if (earlier.length === 0) return html``;
  const tiles = await Promise.all(
    spread(earlier, mostInStrip).map(async ({ step, file }) => {
      const embedded = await embedPicture(file, smallSide);
      if (embedded === undefined) return html``;
      const { source, width, height } = embedded;
      const alt = `${picture.name}, ${picture.words.after} by ${run.label} at step ${numberText(step)}`;
      return html`<li><img src="${source}" width="${width}" height="${height}" alt="${alt}"><span>${numberText(step)}</span></li>\n`;
    }),
  );
  return html`<div class="strip"><p>${runName(run.label, index)} on its way, after so many steps</p><ol>${tiles}</ol></div>\n`;
}

/** Some of a list, evenly spread, the first and the last among them. */
function spread<T>(list: readonly T[], most: number): readonly T[] {
  if (list.length <= most) return list;
  return Array.from(
    { length: most },
    (_, i) => list[Math.round((i * (list.length - 1)) / (most - 1))],
  ).flatMap((entry) => (entry === undefined ? [] : [entry]));
}
