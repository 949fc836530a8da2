import { mkdir, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { beforeAll } from 'vitest';
import { writeBrisque } from '../quality/made-brisque.js';
import { jsonLines, onCpu, photograph, revela, temporaryFolder } from './command.js';

export const path = temporaryFolder();

/** Scores on one thread; paths begin in the folder of these tests. */
export const scoring = (...args: readonly string[]) =>
  revela(['score', ...args, ...onCpu], {
    cwd: path(),
    environment: { REVELA_MODELS: path('models') },
  });

/** The scores that lines of JSON tell, by the file's name. */
export function scoresIn(stdout: string): Readonly<Record<string, unknown>> {
  const pictures = jsonLines(stdout).filter(({ kind }) => kind === 'picture');
  return Object.fromEntries(pictures.map(({ picture, scores }) => [String(picture), scores]));
}

/** What scores by the files of BRISQUE that lie there. */
export const brisque = (): readonly string[] => [
  ...['--brisque-model', path('allmodel'), '--brisque-range', path('allrange')],
];

beforeAll(async () => {
  await writeBrisque(path());
  await mkdir(path('burst'));
  const drawn = await photograph(256, 208).png().toBuffer();
  await writeFile(path('burst', 'sharp.png'), drawn);
  for (const [name, sigma] of [
    ['soft', 1.2],
    ['softer', 3],
  ] as const)
    await sharp(drawn)
      .blur(sigma)
      .png()
      .toFile(path('burst', `${name}.png`));
});
