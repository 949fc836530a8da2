import { numberText, say } from './language/index.js';
import { parts } from './parts.js';
import type { Queue, Trouble } from './queue.js';
import { download, filesOf, folderChooser, type Saving, writeInto, zipOf } from './saving.js';
import type { Settings } from './settings.js';
import { troubleOf } from './troubles.js';
import type { Works } from './work.js';

let under = false;
let told: Trouble = () => '';

/**
 * Shows what can be done with all pictures, where there are several.
 *
 * @param saved whether what was made of them are pictures
 */
export function showBatch({ items }: Queue, saved: boolean): void {
  const several = items.length > 1;
  parts.saveAll.hidden = !several || !saved;
  parts.saveFolder.hidden = !several || !saved || folderChooser() === undefined;
  parts.clear.hidden = !several;
  parts.saveAll.disabled = under;
  parts.saveFolder.disabled = under;
  const words = told();
  if (parts.batch.textContent !== words) parts.batch.textContent = words;
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** Saves all pictures of a queue: as one file, or into a folder where the browser opens one. */
export function openBatch(
  queue: Queue,
  works: Works,
  settings: () => Settings,
  tell: (trouble: Trouble) => void,
): void {
  const all = async (write: (files: ReturnType<typeof filesOf>) => Promise<number>): Promise<void> => {
    under = true;
    works.paused = false;
    const items = [...queue.items];
    let failed = 0;
    const saying: Saving = {
      onPicture(number, count) {
        told = () => say().saving(numberText(number), numberText(count));
        queue.changed();
      },
      onFailure(item, error) {
        failed += 1;
        tell(troubleOf(error, item.file.name));
      },
    };
    try {
      const count = await write(filesOf(items, works, settings, saying));
      // Those that were taken out meanwhile are nobody's loss.
      failed += items.filter(({ state }) => state === 'failed').length;
      told = () =>
        failed === 0
          ? say().saved(numberText(count))
          : say().savedSome(numberText(count), numberText(failed));
    } catch (error) {
      told = () => '';
      if (!isAbort(error)) tell(troubleOf(error, ''));
    } finally {
      under = false;
      queue.changed();
    }
  };
  parts.saveAll.addEventListener('click', () => {
    void all(async (files) => {
      const { blob, count } = await zipOf(files);
      if (count > 0) download({ name: 'revela.zip', blob });
      return count;
    });
  });
  parts.saveFolder.addEventListener('click', () => {
    const choose = folderChooser();
    if (choose === undefined) return;
    choose({ mode: 'readwrite' }).then(
      (folder) => void all((files) => writeInto(folder, files)),
      (error: unknown) => {
        if (!isAbort(error)) tell(() => say().folderRefused);
      },
    );
  });
}
