import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RevelaError } from '../../errors.js';
import { type NamedArray, readArrays } from '../../weights/index.js';
import { liveNames, type OpinionDirection } from './opinion-databases.js';
import type { Opinion } from './opinion-table.js';

/**
 * Reads what people said from the MATLAB files of LIVE (`dmos.mat`, `dmos_realigned.mat`: its 779 distorted pictures) and
 * of LIVE in the Wild (`AllMOS_release.mat`, with `AllImages_release.mat` beside it).
 *
 * @throws RevelaError, one line, if it holds other arrays, or cannot be read
 */
export async function readOpinionArrays(
  path: string,
): Promise<OpinionDirection & { readonly opinions: readonly Opinion[] }> {
  const arrays = await readArrays(path);
  const dmos = arrays.get('dmos_new') ?? arrays.get('dmos');
  if (dmos?.data.length === liveNames.length) {
    // References stand among the pictures, with a difference of 0 from themselves.
    const isReference = arrays.get('orgs')?.data;
    const opinions = liveNames.flatMap((name, i) =>
      isReference?.[i] === 1 ? [] : [{ name, opinion: dmos.data[i] ?? Number.NaN, line: i + 1 }],
    );
    return { opinions, better: 'lower', why: 'as LIVE has it' };
  }
  const mos = arrays.get('AllMOS_release')?.data;
  const names = arrays.size === 0 ? [] : await wildNames(path, arrays);
  if (mos !== undefined && names.length === mos.length)
    return {
      opinions: names.map((name, i) => ({ name, opinion: mos[i] ?? Number.NaN, line: i + 1 })),
      better: 'higher',
      why: 'as LIVE in the Wild has it',
    };
  throw new RevelaError(
    `${path} holds no opinions that are known: expected LIVE's dmos of ${liveNames.length} pictures, or AllMOS_release with AllImages_release.mat beside it; write a table of comma-separated values with a name and a score a line`,
  );
}

async function wildNames(path: string, arrays: ReadonlyMap<string, NamedArray>): Promise<readonly string[]> {
  const beside = join(dirname(path), 'AllImages_release.mat');
  const isThere = await stat(beside).then(
    () => true,
    () => false,
  );
  const all = isThere ? new Map([...arrays, ...(await readArrays(beside))]) : arrays;
  return [...all]
    .filter(([name]) => name.startsWith('AllImages_release{'))
    .map(([, { data }]) => String.fromCodePoint(...data));
}
