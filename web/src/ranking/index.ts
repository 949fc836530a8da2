import { numberText, say } from '../language/index.js';
import { parts } from '../parts.js';
import type { Item, Queue } from '../queue.js';
import { download } from '../saving.js';
import type { Settings } from '../settings.js';
import { measureText } from '../words.js';
import { type Column, csvOf, type Ranked, type Ranking, rankingOf } from './ranked.js';

const names: Readonly<Record<Column, string>> = {
  revela: 'Revela ↑',
  niqe: 'NIQE ↓',
  psnr: 'PSNR ↑',
  'psnr-y': 'PSNR-Y ↑',
  ssim: 'SSIM ↑',
  'ssim-y': 'SSIM-Y ↑',
  'ssim-uniform': 'SSIM, 7×7 ↑',
  'ssim-reduced': 'SSIM, reduced ↑',
  'ms-ssim': 'MS-SSIM ↑',
  lpips: 'LPIPS ↓',
};

let drawn = '';
let choose: (item: Item) => void = () => {};

function valueText(column: Column, value: number | undefined): string {
  if (column === 'revela' || column === 'niqe')
    return value === undefined ? '–' : numberText(value, column === 'revela' ? 1 : 2);
  return measureText(column, value);
}

function made<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  words: string,
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.textContent = words;
  return element;
}

function heading(words: string): HTMLTableCellElement {
  const cell = made('th', words);
  cell.scope = 'col';
  return cell;
}

function rowOf({ item, rank, values, burst }: Ranked, columns: readonly Column[], bursts: boolean) {
  const row = document.createElement('tr');
  const name = document.createElement('th');
  name.scope = 'row';
  const button = made('button', item.file.name);
  button.type = 'button';
  button.title = item.file.name;
  button.className = 'link';
  button.addEventListener('click', () => choose(item));
  name.append(button);
  const cells = columns.map((column, i) => made('td', valueText(column, values[i])));
  row.append(made('td', numberText(rank)), name, ...cells);
  if (!bursts) return row;
  const place =
    burst === undefined
      ? ''
      : say().burstPlace(numberText(burst.burst), numberText(burst.place), numberText(burst.count));
  const cell = made('td', place);
  cell.classList.toggle('best', burst?.place === 1);
  row.append(cell);
  return row;
}

function draw({ columns, rows }: Ranking, shown: readonly Ranked[], bursts: boolean): void {
  const heads = [say().rank, say().picture, ...columns.map((column) => names[column])];
  parts.rankingHead.replaceChildren(...[...heads, ...(bursts ? [say().burst] : [])].map(heading));
  parts.rankingRows.replaceChildren(...shown.map((ranked) => rowOf(ranked, columns, bursts)));
  parts.rankingRows.dataset.rows = String(rows.length);
}

/** Shows the ranking of what was scored or compared, where it is more than one picture. */
export function showRanking(queue: Queue, { task, best }: Settings): void {
  const ranking = task === 'score' || task === 'compare' ? rankingOf(queue, task) : undefined;
  parts.ranking.hidden = ranking === undefined || ranking.rows.length < 2;
  if (ranking === undefined || parts.ranking.hidden) {
    drawn = '';
    return;
  }
  const { rows } = ranking;
  const bursts = rows.some(({ burst }) => burst !== undefined);
  parts.bestLabel.hidden = !bursts;
  parts.best.checked = best;
  const shown = best ? rows.filter(({ burst }) => (burst?.place ?? 1) === 1) : rows;
  const facts = shown.map(({ item, rank, values, burst }) => [item.number, rank, ...values, burst]);
  const state = JSON.stringify([document.documentElement.lang, task, best, facts]);
  if (state !== drawn) {
    // Who stands on a picture's name stays on it.
    const held = document.activeElement?.textContent;
    const inside = parts.rankingRows.contains(document.activeElement);
    draw(ranking, shown, bursts);
    if (inside)
      [...parts.rankingRows.querySelectorAll('button')]
        .find(({ textContent }) => textContent === held)
        ?.focus();
    drawn = state;
  }
  for (const [i, row] of [...parts.rankingRows.rows].entries())
    row.classList.toggle('shown', shown[i]?.item === queue.shown);
}

/** Lets people look at what is ranked, see the best alone, and save the list. */
export function openRanking(
  queue: Queue,
  settings: () => Settings,
  changed: (settings: Partial<Settings>) => void,
  chosen: (item: Item) => void,
): void {
  choose = chosen;
  parts.best.addEventListener('change', () => changed({ best: parts.best.checked }));
  parts.saveList.addEventListener('click', () => {
    const { task } = settings();
    if (task !== 'score' && task !== 'compare') return;
    const text = csvOf(rankingOf(queue, task));
    const name = task === 'score' ? 'scores.csv' : 'comparison.csv';
    download({ name, blob: new Blob([text], { type: 'text/csv' }) });
  });
}
