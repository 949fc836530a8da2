import { parts } from './parts.js';

/** Names of files that are worth a try; a file without an ending may be anything. */
const looksLikePicture = (file: File): boolean =>
  file.type.startsWith('image/') ||
  /\.(?:jpe?g|png|webp|tiff?|avif|hei[cf]|jxl)$/i.test(file.name) ||
  !file.name.includes('.');

/** Where files come from: what somebody chose by name is tried whatever it is called, and told if it is no picture. */
export interface Intake {
  take(files: readonly File[], leftOut: number): void;
  nothing(how: 'pasted' | 'dropped' | 'inside'): void;
}

const files = (entry: FileSystemFileEntry): Promise<File[]> =>
  new Promise((resolve) =>
    entry.file(
      (file) => resolve([file]),
      () => resolve([]),
    ),
  );

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** All files of a folder and those in it, by their names. */
async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (isFile(entry)) return files(entry);
  if (!isFolder(entry)) return [];
  const reader = entry.createReader();
  const entries: FileSystemEntry[] = [];
  // A reader gives some of them at a time.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) =>
      reader.readEntries(resolve, () => resolve([])),
    );
    if (some.length === 0) break;
    entries.push(...some);
  }
  entries.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  const found: File[] = [];
  for (const inside of entries) if (!inside.name.startsWith('.')) found.push(...(await filesOf(inside)));
  return found;
}

function takeOfFolder(found: readonly File[], { take, nothing }: Intake): void {
  const pictures = found.filter(looksLikePicture);
  if (pictures.length === 0) nothing('inside');
  else take(pictures, found.length - pictures.length);
}

async function takeDropped({ items, files: plain }: DataTransfer, intake: Intake): Promise<void> {
  // Entries are gone once this turn has ended.
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const loose = [...plain];
  if (!entries.some(isFolder)) {
    if (loose.length === 0) intake.nothing('dropped');
    else intake.take(loose, 0);
    return;
  }
  const found = await Promise.all(entries.map(filesOf));
  takeOfFolder(found.flat(), intake);
}

/** Takes files in all ways that a page can be given some. */
export function openIntake(intake: Intake): void {
  const { file, folder, start, openFolder, add } = parts;
  file.addEventListener('change', () => {
    const chosen = [...(file.files ?? [])];
    file.value = ''; // so that choosing the same file again is a change
    if (chosen.length > 0) intake.take(chosen, 0);
  });
  folder.addEventListener('change', () => {
    const chosen = [...(folder.files ?? [])];
    folder.value = '';
    takeOfFolder(chosen, intake);
  });
  openFolder.addEventListener('click', (event) => {
    event.stopPropagation();
    folder.click();
  });
  start.addEventListener('click', ({ target }) => {
    if (target !== file && target !== folder && !(target instanceof HTMLLabelElement)) file.click();
  });
  add.addEventListener('click', () => file.click());
  document.addEventListener('paste', ({ clipboardData }) => {
    const pasted = [...(clipboardData?.files ?? [])];
    if (pasted.length > 0) intake.take(pasted, 0);
    else intake.nothing('pasted');
  });
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    document.body.classList.add('over');
  });
  document.addEventListener('dragleave', ({ relatedTarget }) => {
    // Elements of the page are entered and left as well.
    if (relatedTarget === null) document.body.classList.remove('over');
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    document.body.classList.remove('over');
    if (event.dataTransfer === null) intake.nothing('dropped');
    else void takeDropped(event.dataTransfer, intake);
  });
}
