import { mkdir, writeFile } from 'node:fs/promises';
import { beforeAll } from 'vitest';
import { onCpu, photograph, revela, temporaryFolder } from './command.js';

export const path = temporaryFolder();

/** Of each picture: how much it was blurred, and what somebody said of it. */
export const blurs = [0, 0.6, 1.2, 2, 3, 5] as const;

export const said = [4.5, 4.7, 3.2, 2.9, 2.0, 1.1] as const;

export const names = blurs.map((_, i) => `p${i + 1}.png`);

export const evaluate = (...options: readonly (string | number)[]): ReturnType<typeof revela> =>
  revela(['evaluate', 'quality', ...onCpu, ...options], { cwd: path() });

export const photos = ['--scores', 'mos.csv', '--images', 'photos'] as const;

/** A table of opinions, from its lines. */
export const table = (name: string, ...lines: readonly string[]): Promise<void> =>
  writeFile(path(name), `${lines.join('\n')}\n`);

beforeAll(async () => {
  await mkdir(path('photos', 'in'), { recursive: true });
  for (const [i, blur] of blurs.entries()) {
    const picture = photograph(220, 200);
    await (blur === 0 ? picture : picture.blur(blur))
      .png()
      .toFile(path('photos', i < 3 ? '' : 'in', `p${i + 1}.png`));
  }
  await table('mos.csv', 'image,mos', ...names.map((name, i) => `${i < 2 ? 'set/' : ''}${name},${said[i]}`));
});
