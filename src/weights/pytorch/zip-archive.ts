import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { RevelaError } from '../../errors.js';
import type { OpenFile } from '../open-file.js';
import { shown } from '../../printable.js';

const inflate = promisify(inflateRaw);
const mostEntries = 200_000;
const [stored, deflated] = [0, 8];

/** A ZIP archive whose entries are read one by one, wherever they lie. */
export interface ZipArchive {
  /** Names of the entries, in the order of the archive, and their lengths unpacked, as the archive says. */
  readonly lengths: ReadonlyMap<string, number>;
  /**
   * Reads one entry and checks its sum.
   *
   * @param length how long it must be, so that nothing is unpacked beyond it
   * @throws RevelaError if there is none of that name, it is damaged or has another length
   */
  read(name: string, length: number): Promise<ArrayBuffer>;
}

/**
 * Reads the directory of a ZIP archive (ZIP64 too).
 *
 * @throws RevelaError if it is damaged or truncated
 */
export async function openZip(file: OpenFile): Promise<ZipArchive> {
  const damaged = (why: string): RevelaError =>
    new RevelaError(`${file.name} is a damaged ZIP archive: ${shown(why)}; copy or download it again`);
  const entries = new Map<string, Entry>();
  const zip = await readDirectory(file, entries, damaged);
  return {
    lengths: new Map([...entries].map(([name, entry]) => [name, entry.uncompressedSize])),
    async read(name, length) {
      const entry = entries.get(name);
      if (entry === undefined) throw damaged(`it has no entry ${shown(name)}`);
      const wrongLength = (actual: number): RevelaError =>
        damaged(`entry ${name} has ${actual} bytes, and should have ${length}`);
      if (entry.uncompressedSize !== length) throw wrongLength(entry.uncompressedSize);
      const bytes = await readEntry(file, zip, entry, damaged);
      if (bytes.byteLength !== length) throw wrongLength(bytes.byteLength);
      if (crc32(new Uint8Array(bytes)) !== entry.crc32)
        throw damaged(`the check sum of entry ${name} is wrong`);
      return bytes;
    },
  };
}

type Damaged = (why: string) => RevelaError;

async function readDirectory(
  file: OpenFile,
  entries: Map<string, Entry>,
  damaged: Damaged,
): Promise<ZipFile> {
  try {
    const zip = await fromRandomAccessReaderPromise(new FileReader(file), file.size, { autoClose: false });
    if (zip.entryCount > mostEntries) throw damaged(`it claims to have ${zip.entryCount} entries`);
    let packed = 0;
    for await (const entry of zip.eachEntry()) {
      // Entries that share their bytes make a file unpack to many times of what it could hold.
      packed += entry.compressedSize;
      if (packed > file.size) throw damaged('its entries overlap');
      if (entries.has(entry.fileName)) throw damaged(`it has two entries ${entry.fileName}`);
      entries.set(entry.fileName, entry);
    }
    return zip;
  } catch (error) {
    throw asDamage(error, damaged);
  }
}

async function readEntry(file: OpenFile, zip: ZipFile, entry: Entry, damaged: Damaged): Promise<ArrayBuffer> {
  if (entry.isEncrypted()) throw damaged(`entry ${entry.fileName} is encrypted`);
  try {
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    const packed = await file.read(fileDataStart, entry.compressedSize);
    if (entry.compressionMethod === stored) return packed;
    if (entry.compressionMethod !== deflated)
      throw damaged(
        `entry ${entry.fileName} is packed by method ${entry.compressionMethod}, which is not known`,
      );
    const bytes = await inflate(new Uint8Array(packed), {
      maxOutputLength: Math.max(1, entry.uncompressedSize),
    });
    return new Uint8Array(bytes).buffer;
  } catch (error) {
    throw asDamage(error, damaged);
  }
}

/** What yauzl and zlib find wrong, as damage; file errors and our own stay what they are. */
function asDamage(error: unknown, damaged: Damaged): unknown {
  if (error instanceof RevelaError || !(error instanceof Error)) return error;
  if ('syscall' in error) return error;
  if ('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
    return damaged('an entry unpacks to more than it says');
  if (error.message.startsWith('End of central directory'))
    return damaged('it has no directory at its end, so that it is truncated');
  return damaged(error.message);
}

/** Gives yauzl the bytes of a file; places that it has out of a damaged directory lie anywhere. */
class FileReader extends RandomAccessReader {
  readonly #file: OpenFile;

  constructor(file: OpenFile) {
    super();
    this.#file = file;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#file.read(position, length).then(
      (bytes) => {
        buffer.set(new Uint8Array(bytes), offset);
        callback(null);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** Entries are read by {@link readEntry}, not as streams. */
  override _readStreamForRange(): Readable {
    return Readable.from([]);
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null);
  }
}
