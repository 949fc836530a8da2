import { parts } from './parts.js';
import type { Item, Queue, Trouble } from './queue.js';
import { download, fileOf } from './saving.js';
import type { Settings } from './settings.js';
import { troubleOf } from './troubles.js';

let saving = false;

/** Whether the picture that is shown can be saved. */
export function showSaving(item: Item): void {
  parts.save.disabled = item.state !== 'done' || saving;
}

/** Opens the button that saves the picture that is shown. */
export function openSaving(queue: Queue, settings: () => Settings, tell: (trouble: Trouble) => void): void {
  async function save(): Promise<void> {
    const { shown } = queue;
    if (shown === undefined) return;
    saving = true;
    queue.changed();
    try {
      download(await fileOf(shown, settings()));
    } catch (error) {
      tell(troubleOf(error, shown.file.name));
    } finally {
      saving = false;
      queue.changed();
    }
  }
  parts.save.addEventListener('click', () => void save());
}
