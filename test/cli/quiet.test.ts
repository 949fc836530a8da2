import { beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal, photograph, revela, temporaryFolder } from './command.js';

const path = temporaryFolder();
const degrade = (...args: readonly string[]) => revela(['degrade', ...args], { cwd: path() });

beforeAll(async () => {
  await photograph(64, 48).png().toFile(path('photo.png'));
});

describe('--quiet and --verbose, before or after the command', () => {
  it('shows errors only', async () => {
    expect(await degrade('photo.png', '-qo', 'small.png')).toEqual({
      code: 0,
      stdout: 'small.png\n',
      stderr: '',
    });
    await expectRefusal(
      revela(['-q', 'degrade', 'photo.png', '-o', 'small.png'], { cwd: path() }),
      1,
      'small.png exists already',
    );
  });

  it('still names the pictures that failed', async () => {
    const { code, stderr } = await degrade('photo.png', 'gone.png', '--quiet', '-o', 'out/');
    expect([code, stderr.split('\n')]).toEqual([1, [expect.stringContaining('gone.png'), '']]);
  });

  it('shows where an error comes from', async () => {
    const { stderr } = await degrade('gone.png', '-v');
    expect(stderr).toMatch(/^revela: gone\.png does not exist/);
    expect(stderr).toMatch(/^ +at /m);
  });
});
