import type { PageRevela } from 'revela/web';
import { revela } from './engine.js';
import { say } from './language/index.js';
import { parts } from './parts.js';
import type { Trouble } from './queue.js';
import { troubleOf } from './troubles.js';

/** LPIPS's heads and the weights of its network, which do not come with the page. */
let files: readonly [File, File] | undefined;
/** Who has been given them. */
const taken = new WeakSet<PageRevela>();

async function give(engine: PageRevela, [one, other]: readonly [File, File]): Promise<void> {
  if (taken.has(engine)) return;
  await engine.loadLpips(one, other);
  taken.add(engine);
}

/** Whether pictures are compared by LPIPS, too; then the engine has its files. */
export async function hasLpips(engine: PageRevela): Promise<boolean> {
  if (files !== undefined) await give(engine, files);
  return files !== undefined;
}

/**
 * Lets people give the files of LPIPS.
 *
 * @param renew compares again
 */
export function openLpipsFiles(tell: (trouble: Trouble | undefined) => void, renew: () => void): void {
  const { loadLpips, lpipsFiles } = parts;
  loadLpips.addEventListener('click', () => lpipsFiles.click());
  const load = async (chosen: readonly File[]): Promise<void> => {
    const [one, other, ...more] = chosen;
    if (one === undefined || other === undefined || more.length > 0) {
      tell(() => say().lpipsTwo);
      return;
    }
    loadLpips.disabled = true;
    try {
      await give(await revela(), [one, other]);
      files = [one, other];
      tell(undefined);
      loadLpips.hidden = true;
      renew();
    } catch (error) {
      tell(troubleOf(error, one.name));
    } finally {
      loadLpips.disabled = false;
    }
  };
  lpipsFiles.addEventListener('change', () => {
    const chosen = [...(lpipsFiles.files ?? [])];
    lpipsFiles.value = ''; // so that choosing the same files again is a change
    if (chosen.length > 0) void load(chosen);
  });
}
