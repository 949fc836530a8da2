import { desk, type Mix } from './desk/index.js';
import type { Item } from './queue.js';
import type { Format, Settings, Task } from './settings.js';
import type { Works } from './work.js';

/** A file that was made. */
export interface Made {
  readonly name: string;
  readonly blob: Blob;
}

/** Who hears of the saving of several pictures. */
export interface Saving {
  /** A picture is begun. */
  onPicture(number: number, count: number): void;
  /** A picture is left out, as no file could be made of its result. */
  onFailure(item: Item, error: unknown): void;
}

const endings: Readonly<Record<Format, string>> = { png: 'png', jpeg: 'jpg', webp: 'webp' };

const doings: Readonly<Record<Task, string>> = {
  denoise: 'denoised',
  upscale2: 'enlarged',
  upscale4: 'enlarged',
  score: 'map',
  compare: 'compared',
};

/** How a picture is mixed: at the strength that is natural for it, unless another was chosen. */
export function mixOf(item: Item, { strength, luma, chroma, detail, side, gain }: Settings): Mix {
  const difference = item.found?.kind === 'compare' && side === 'difference' ? gain : 0;
  const natural = item.found?.kind === 'denoise' ? item.found.facts.natural : 100;
  return { strength: strength ?? natural, luma, chroma, detail, difference };
}

/** The file of a picture's result. */
export async function fileOf(item: Item, settings: Settings): Promise<Made> {
  const { number, file } = item;
  const { task, format } = settings;
  const mix = mixOf(item, settings);
  const photograph = task !== 'score';
  const { file: blob } = await desk({ kind: 'encode', picture: number, file, mix, format, photograph });
  if (blob === undefined) throw new Error('there is no file');
  return { name: `${file.name.replace(/\.[^.]*$/, '')}-${doings[task]}.${endings[format]}`, blob };
}

/** Lets the browser download a file. */
export function download({ name, blob }: Made): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Some browsers begin to read only after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A name that none of those has: `a.png`, then `a-2.png`. */
function freeName(name: string, taken: (name: string) => boolean): string {
  const [, stem = name, ending = ''] = /^(.*?)(\.[^.]*)?$/s.exec(name) ?? [];
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${stem}-${number}${ending}`;
    if (!taken(free)) return free;
  }
}

/** The file of a picture once it is ready; `undefined` where the work failed, or the picture was taken out. */
async function wantedFile(item: Item, works: Works, settings: () => Settings): Promise<Made | undefined> {
  for (;;) {
    await works.want(item);
    if (item.state !== 'done') return undefined;
    try {
      return await fileOf(item, settings());
    } catch (error) {
      // Its result may have gone meanwhile, as it was taken out or something else is done with all.
      if (item.state === 'done') throw error;
    }
  }
}

/** The files of pictures, one after another as they are ready; what failed is left out. */
export async function* filesOf(
  items: readonly Item[],
  works: Works,
  settings: () => Settings,
  { onPicture, onFailure }: Saving,
): AsyncGenerator<Made> {
  const names = new Set<string>();
  for (const [index, item] of items.entries()) {
    onPicture(index + 1, items.length);
    const made = await wantedFile(item, works, settings).catch((error: unknown) => onFailure(item, error));
    if (made === undefined) continue;
    const { name, blob } = made;
    const free = freeName(name, (one) => names.has(one.toLowerCase()));
    names.add(free.toLowerCase());
    yield { name: free, blob };
  }
}

/** One file of them all. Pictures are packed already, so that they are only laid side by side. */
export async function zipOf(
  files: AsyncIterable<Made>,
): Promise<{ readonly blob: Blob; readonly count: number }> {
  const { downloadZip } = await import('client-zip');
  let count = 0;
  async function* entries() {
    for await (const { name, blob } of files) {
      count += 1;
      yield { name, input: blob, lastModified: new Date() };
    }
  }
  const blob = await downloadZip(entries()).blob();
  return { blob, count };
}

/** As much of a folder that somebody opened to the page as is needed here. */
export interface OpenFolder {
  getFileHandle(name: string, options?: { readonly create: boolean }): Promise<FileSystemFileHandle>;
  removeEntry(name: string): Promise<void>;
}

type ChooseFolder = (options: { readonly mode: 'readwrite' }) => Promise<OpenFolder>;

const isChooser = (value: unknown): value is ChooseFolder => typeof value === 'function';

/** Asks for a folder; `undefined` where the browser opens none to pages. */
export function folderChooser(): ChooseFolder | undefined {
  const chooser: unknown = Reflect.get(window, 'showDirectoryPicker');
  return isChooser(chooser) ? (options) => chooser.call(window, options) : undefined;
}

/** Writes files into a folder; what is there stays there, and a file is there only once it is whole. Returns how many were written. */
export async function writeInto(folder: OpenFolder, files: AsyncIterable<Made>): Promise<number> {
  let count = 0;
  for await (const { name, blob } of files) {
    const free = await unused(folder, name);
    const handle = await folder.getFileHandle(free, { create: true });
    await write(handle, blob).catch(async (error: unknown) => {
      // There it is, empty, since it was asked for.
      await folder.removeEntry(free).catch(() => undefined);
      throw error;
    });
    count += 1;
  }
  return count;
}

async function write(handle: FileSystemFileHandle, blob: Blob): Promise<void> {
  const stream = await handle.createWritable();
  try {
    await stream.write(blob);
    await stream.close();
  } catch (error) {
    await stream.abort().catch(() => undefined);
    throw error;
  }
}

async function unused(folder: OpenFolder, name: string): Promise<string> {
  const taken = new Set<string>();
  for (;;) {
    const free = freeName(name, (one) => taken.has(one));
    const there = await folder.getFileHandle(free).then(
      () => true,
      (error: unknown) => !(error instanceof DOMException && error.name === 'NotFoundError'),
    );
    if (!there) return free;
    taken.add(free);
  }
}
