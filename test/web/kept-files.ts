import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

/** What a page keeps of pictures and learnings in the browser's own storage: the ends of names, and hashes. */
export const keptFiles = (page: Page): Promise<string[]> =>
  page.evaluate(`(async () => {
    const names = [];
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('revela').catch(() => undefined);
    for (const name of ['run', 'learning'])
      for await (const file of (await root?.getDirectoryHandle(name).catch(() => undefined))?.keys() ?? [])
        names.push(file.replace(/.*\\./, '.'));
    return names.sort();
  })()`);

/** When where a learning stands was kept, in milliseconds; 0 where it was not. */
export const keptAt = (page: Page): Promise<number> =>
  page.evaluate(`(async () => {
    let time = 0;
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('revela').catch(() => undefined);
    for await (const [name, handle] of (await root?.getDirectoryHandle('learning').catch(() => undefined)) ?? [])
      if (name.endsWith('.learning')) time = Math.max(time, (await handle.getFile()).lastModified);
    return time;
  })()`);

/** Leaves behind what a learning from a picture does whose tab was closed. */
export async function leaveInterrupted(page: Page, file: string): Promise<void> {
  const bytes = await readFile(file);
  const hash = createHash('sha256').update(bytes).digest('hex');
  const list = JSON.stringify([{ name: 'left.png', type: 'image/png', hash }]);
  await page.evaluate(`(async () => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('revela', { create: true });
    const write = async (folder, name, content) => {
      const inside = await root.getDirectoryHandle(folder, { create: true });
      const stream = await (await inside.getFileHandle(name, { create: true })).createWritable();
      await stream.write(content);
      await stream.close();
    };
    await write('run', '${hash}', Uint8Array.from(atob('${bytes.toString('base64')}'), (letter) => letter.charCodeAt(0)));
    await write('run', 'pictures.json', ${JSON.stringify(list)});
    await write('learning', 'some.learning', 'where it stands');
  })()`);
}

/** Waits until a page has looked for a learning that was interrupted. */
export const looked = (page: Page): Promise<void> =>
  page.locator('#interrupted[aria-busy="false"]').waitFor({ state: 'attached' });

/** Waits until a page offers to go on with learning from one picture. */
export const offered = (page: Page): Promise<void> =>
  page.getByText('Learning was interrupted, pictures learnt from: 1.').waitFor();
