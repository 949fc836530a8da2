import { say } from './language/index.js';
import { parts, sides } from './parts.js';
import type { Item, Queue } from './queue.js';
import { isSide, type Settings } from './settings.js';

let listed = '';

/** The pictures to compare with, by their names. */
function listPictures({ items, comparedWith }: Queue): void {
  const names = items.map(({ number, file }) => `${number} ${file.name}`).join('\n');
  if (names !== listed) {
    listed = names;
    parts.reference.replaceChildren(
      ...items.map(({ number, file }) => new Option(file.name, String(number))),
    );
  }
  parts.reference.value = String(comparedWith?.number ?? '');
}

/** Shows what a picture is compared with, and how. */
export function showComparing(queue: Queue, { task, side, gain }: Settings): void {
  parts.comparison.hidden = task !== 'compare';
  if (task !== 'compare') return;
  listPictures(queue);
  parts.reference.disabled = queue.items.length < 2;
  for (const choice of sides) choice.checked = choice.value === side;
  parts.gain.value = String(gain);
  parts.gainLabel.hidden = side !== 'difference';
  const output = parts.gainLabel.querySelector('output');
  if (output !== null) output.textContent = `×${gain}`;
}

/** Names what stands on the left and on the right of the line. */
export function nameSides({ task, side }: Settings, found: boolean): void {
  const words = say();
  const [left, right] =
    task === 'score'
      ? [words.photograph, words.map]
      : task === 'compare'
        ? [words.reference, side === 'difference' ? words.difference : words.thisPicture]
        : [words.before, words.after];
  parts.left.textContent = left;
  parts.right.textContent = right;
  parts.right.hidden = !found;
}

/** Lets people choose what pictures are compared with, and what is shown of it. */
export function openComparing(
  queue: Queue,
  changed: (settings: Partial<Settings>) => void,
  chosen: (reference: Item) => void,
): void {
  parts.reference.addEventListener('change', () => {
    const item = queue.items.find(({ number }) => String(number) === parts.reference.value);
    if (item !== undefined) chosen(item);
  });
  for (const choice of sides)
    choice.addEventListener('change', () => {
      if (isSide(choice.value)) changed({ side: choice.value });
    });
  parts.gain.addEventListener('input', () => changed({ gain: Number(parts.gain.value) }));
}
