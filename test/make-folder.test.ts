import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { fileError } from '#src/file-errors.js';
import { checkTakesFolders, makeFolder } from '#src/make-folder.js';
import { refusal, temporaryFolder, withoutPrivileges } from './weights/files.js';

const path = temporaryFolder();

const made = (folder: string) =>
  makeFolder(folder).catch((error: unknown) => {
    throw fileError('cannot make it', error);
  });

test('makes what is missing, and minds nothing that is there', async () => {
  await made(path('a', 'b', 'c'));
  await made(path('a', 'b', 'c'));
  await Promise.all([made(path('d', 'e')), made(path('d', 'e')), made(path('d', 'f'))]);
  await mkdir(path('real'));
  await symlink(path('real'), path('link'));
  await made(path('link', 'below'));
  expect((await stat(path('real', 'below'))).isDirectory()).toBe(true);
  await made('.');
});

test('several may make the same folders at once', async () => {
  for (let round = 0; round < 100; round++) {
    const all = Array.from({ length: 6 }, (_, i) => made(path('many', `${round}`, 'a', `${i % 3}`)));
    await expect(Promise.all(all)).resolves.toHaveLength(6);
  }
});

test('a file in the way, a link to nowhere and a folder that is not one’s own are different lines', async () => {
  await writeFile(path('file'), '');
  await symlink(path('nowhere'), path('dangling'));
  await mkdir(path('locked'));
  await chmod(path(), 0o755);
  await chmod(path('locked'), 0o555);
  expect(await refusal(() => made(path('file')))).toMatch(/a file of that name is in the way/);
  expect(await refusal(() => made(path('file', 'below', 'it')))).toMatch(/a part of its path is a file/);
  expect(await refusal(() => made(path('dangling', 'x')))).toMatch(/a file of that name is in the way/);
  expect(await refusal(() => withoutPrivileges(() => made(path('locked', 'x', 'y'))))).toMatch(
    /access is not allowed; check the permissions/,
  );
});

test.runIf(existsSync('/proc/self'))('where the system takes no folders, that is said at once', async () => {
  expect(await refusal(() => made('/proc/none/below'))).toBe(
    'the system lets no folder be made in /proc; choose another folder',
  );
});

test.runIf(existsSync('/sys/kernel'))('what cannot be written to is not said to be missing', async () => {
  // /sys is mounted read-only in containers, and elsewhere takes no folders of users.
  expect(await refusal(() => made('/sys/kernel/none/below'))).not.toMatch(/does not exist/);
});

test.runIf(existsSync('/proc/self'))(
  'a place that takes no folders is found before any work is done',
  async () => {
    await checkTakesFolders(path());
    expect((await readdir(path())).filter((name) => name.startsWith('.revela'))).toEqual([]);
    expect(await refusal(() => checkTakesFolders('/proc'))).toMatch(/lets no folder be made in \/proc/);
  },
);
