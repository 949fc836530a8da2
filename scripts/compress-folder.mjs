// Compresses the files of a folder, for servers that send what is compressed already.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip as gzipCompress } from 'node:zlib';

/** What is compressed already. */
const left = /\.(?:png|br|gz)$/;

/**
 * Lays `NAME.br` beside every file that wins by it, and `NAME.gz` if that is asked for.
 *
 * @param folder a folder
 * @param quality of brotli, up to 11, which is slow
 * @param gzip for servers and readers without brotli
 * @param alone whether the files themselves go
 */
export async function compressFolder(folder, { quality, gzip = false, alone = false }) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || left.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes, { params }));
    if (gzip) await writeFile(`${file}.gz`, await promisify(gzipCompress)(bytes, { level: 9 }));
    if (alone) await rm(file);
  }
}
