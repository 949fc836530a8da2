import { mkdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectSuccess, onCpu, photograph, revela, temporaryFolder } from './command.js';

const path = temporaryFolder();

beforeAll(async () => {
  await mkdir(path('photos'));
  for (const name of ['a', 'b'])
    await photograph(96, 80)
      .png()
      .toFile(path('photos', `${name}.png`));
});

const train = (run: string, ...options: readonly (string | number)[]) =>
  revela(['train', 'scorer', 'photos', '--output', run, '--patch', 64, '--batch', 1, ...onCpu, ...options], {
    cwd: path(),
  });

describe('revela train scorer', () => {
  it('trains, and says what it measured', async () => {
    const { stdout, stderr } = await expectSuccess(train('run', '--steps', 3, '--base-channels', 4));
    expect(stdout.trim()).toBe('run/weights.safetensors');
    expect(stderr).toContain('% of pairs in the right order');
    const described = await expectSuccess(revela(['info', 'run'], { cwd: path() }));
    expect(described.stdout).toContain('the order of damaged versions of the pictures learnt from');
    const weights = await expectSuccess(revela(['info', 'run/weights.safetensors'], { cwd: path() }));
    expect(weights.stdout).toContain('a compact scorer of quality');
  });

  it('has no way to take opinions', async () => {
    const { code, stderr } = await train('other', '--scores', 'mos.csv');
    expect(code).toBe(2);
    expect(stderr).toContain("unknown option '--scores'");
  });
});
