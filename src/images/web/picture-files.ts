import { RevelaError } from '../../errors.js';
import type { Raster } from '../../pixels/index.js';

/** Pictures of files: a page has none. */
export interface StoredRasters {
  readonly areas: readonly number[];
  get(index: number): Promise<Raster>;
}

const noFiles = (file: string): RevelaError =>
  new RevelaError(`${file} cannot be opened: a page has no folders; give the picture itself`);

/** @throws RevelaError where any file is named */
export async function storedRasters(files: readonly string[], _maxBytes: number): Promise<StoredRasters> {
  const get = async (index: number): Promise<Raster> => {
    throw noFiles(files[index] ?? 'a picture');
  };
  if (files[0] !== undefined) throw noFiles(files[0]);
  return { areas: [], get };
}

/** @throws RevelaError always */
export async function pictureSize(
  file: string,
): Promise<{ readonly width: number; readonly height: number }> {
  throw noFiles(file);
}
