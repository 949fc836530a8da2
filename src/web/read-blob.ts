import { RevelaError } from '../errors.js';

/**
 * Bytes of a file.
 *
 * @param from where they begin
 * @param length how many, or as many as there are
 * @throws RevelaError (`ERR_FILE`) where the file was moved or changed after it was chosen
 */
export async function readBlob(file: Blob, from: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const buffer = await file
    .slice(from, from + length)
    .arrayBuffer()
    .catch((error: unknown) => {
      const name = file instanceof File ? file.name : 'this file';
      throw new RevelaError(
        `the browser cannot read ${name}: it may have been moved or changed after it was chosen (${String(error)})`,
        { code: 'ERR_FILE' },
      );
    });
  return new Uint8Array(buffer);
}
