import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes a regression of BRISQUE's form with one support vector, as the release's two files `allmodel` and `allrange`. */
export async function writeBrisque(folder: string): Promise<void> {
  const vector = Array.from({ length: 36 }, (_, i) => `${i + 1}:0.1`).join(' ');
  await writeFile(
    join(folder, 'allmodel'),
    `svm_type epsilon_svr\nkernel_type rbf\ngamma 0.05\nnr_class 2\ntotal_sv 1\nrho -30\nSV\n10 ${vector}\n`,
  );
  const ranges = Array.from({ length: 36 }, (_, i) => `${i + 1} -2 5`);
  await writeFile(join(folder, 'allrange'), ['x', '-1 1', ...ranges, ''].join('\n'));
}
