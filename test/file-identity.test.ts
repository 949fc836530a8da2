import { execFile } from 'node:child_process';
import { link, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test, type TestContext } from 'vitest';
import { checkReplacesNone, fileIdentity } from '#src/file-identity.js';
import { refusal, temporaryFolder } from './weights/files.js';

const path = temporaryFolder();
const run = promisify(execFile);

/** Mounts something for as long as the work takes; skips the test where that is not allowed. */
async function mounted(
  context: TestContext,
  options: readonly string[],
  at: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await run('mount', [...options, at]);
  } catch {
    return context.skip(`this machine does not let the tests mount ${options.join(' ')}`);
  }
  try {
    await work();
  } finally {
    await run('umount', [at]);
  }
}

const refused = (output: string, input: string): Promise<string> =>
  refusal(() => checkReplacesNone([output], [input], 'picture'));

test('a hard link is the file', async () => {
  await mkdir(path('hard'));
  const [one, other] = [path('hard', 'a.png'), path('hard', 'b.png')];
  await writeFile(one, 'a');
  await link(one, other);
  expect(await fileIdentity(other)).toBe(await fileIdentity(one));
  expect(await refused(other, one)).toMatch(
    /would replace the picture .*a\.png, which it is by another name/,
  );
});

test('a link to a file, and a name through a link to its folder, are the file', async () => {
  await mkdir(path('soft'));
  await writeFile(path('soft', 'a.png'), 'a');
  await symlink('a.png', path('soft', 'b.png'));
  await symlink('soft', path('way'));
  for (const name of [path('soft', 'b.png'), path('way', 'a.png'), path('way', 'b.png')])
    expect(await refused(name, path('soft', 'a.png')), name).toMatch(/by another name/);
  // What is not there yet is known by its folder.
  expect(await fileIdentity(path('way', 'new.png'))).toBe(await fileIdentity(path('soft', 'new.png')));
});

test('a file in a bind mount is the file', async (context) => {
  await mkdir(path('original'));
  await mkdir(path('mount'));
  await writeFile(path('original', 'a.png'), 'a');
  await mounted(context, ['--bind', path('original')], path('mount'), async () => {
    expect(await refused(path('mount', 'a.png'), path('original', 'a.png'))).toMatch(/by another name/);
    const [one, other] = [path('mount', 'new.png'), path('original', 'new.png')];
    expect(await fileIdentity(one)).toBe(await fileIdentity(other));
  });
});

test('letters of another case are the same where the file system takes them so', async (context) => {
  const check = async (folder: string): Promise<void> => {
    await writeFile(`${folder}/a.png`, 'a');
    expect(await refused(`${folder}/A.PNG`, `${folder}/a.png`)).toMatch(/by another name/);
    expect(await fileIdentity(`${folder}/New.png`)).toBe(await fileIdentity(`${folder}/nEW.png`));
  };
  await mkdir(path('Case'));
  const here = await stat(path('cASE')).catch(() => undefined);
  if (here !== undefined) return check(path('Case')); // as on macOS and Windows
  expect(await fileIdentity(path('Case', 'new'))).not.toBe(await fileIdentity(path('Case', 'New')));
  const option = ['-t', 'tmpfs', '-o', 'casefold', 'tmpfs'];
  await mounted(context, option, path('Case'), async () => {
    await mkdir(path('Case', 'f'));
    await run('chattr', ['+F', path('Case', 'f')]);
    await check(path('Case', 'f'));
  });
});
