import { disposable } from '../belongings.js';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { finite, type InferOutput, number, object, pipe, string } from 'valibot';
import { type Claim, claimAlone } from '../claim.js';
import { RevelaError } from '../errors.js';
import { fileError, fileErrorCode } from '../file-errors.js';
import { ifRight, readJson } from '../options/index.js';

/** What the first line of a record says. */
const header = { format: 'revela-scores-1' } as const;

/** What a record knows of a picture's file as it is now. */
export interface RecordedPicture {
  /** The score that a measure gave it; undefined where there is none, or the file has changed since. */
  score(identity: string): number | undefined;
  /** Notes a score, which is on the disk when this returns. */
  add(identity: string, measure: string, score: number): void;
}

/** Scores that outlive the process: a file of lines of JSON, to which each score is added as it is known. */
export interface ScoreRecord extends AsyncDisposable {
  /** @throws RevelaError if the picture's file cannot be looked at */
  of(picture: string): Promise<RecordedPicture>;
  /** A file that was begun and holds no score goes away. */
  close(): void;
}

/** A score as it is noted. */
const entrySchema = object({
  /** The path, from the folder of the record. */
  picture: string(),
  /** Bytes of the file, and when it was changed last, in milliseconds. */
  size: number(),
  changed: number(),
  /** For people. */
  measure: ifRight(string()),
  /** Of the measure, its files and options. */
  identity: string(),
  score: pipe(number(), finite()),
});

type Entry = Readonly<InferOutput<typeof entrySchema>>;

const keyOf = (picture: string, identity: string): string => `${identity} ${picture}`;

/**
 * Opens a record of scores, or begins one. A picture's score is taken from it as long as the file has the size and the time
 * of its last change that it had, and the measure has the same identity. Of several, the last counts. A line that was cut
 * off, as by a process that was killed while it wrote, is taken away.
 *
 * @throws RevelaError for a file that is something else, which stays as it is, one that cannot be read or written, and one
 *   that another process writes
 *
 * @example
 * const record = await openScoreRecord('scores.jsonl');
 * const known = (await record.of('photo.jpg')).score(identity);
 */
export async function openScoreRecord(path: string): Promise<ScoreRecord> {
  const failed = (error: unknown): unknown => fileError(`cannot write the record ${path}`, error);
  readEntries(path); // what is no record is nothing to be claimed
  const claim = await claimAlone({
    folder: dirname(path),
    name: basename(path),
    what: `the record ${path}`,
  }).catch((error: unknown) => {
    throw failed(error);
  });
  try {
    return recordAt(path, claim, failed);
  } catch (error) {
    claim.release();
    throw error;
  }
}

/** The record, which nobody else writes. */
function recordAt(path: string, claim: Claim, failed: (error: unknown) => unknown): ScoreRecord {
  const { entries, whole } = readEntries(path);
  const begun = !existsSync(path);
  let descriptor: number | undefined;
  let notes = 0;
  // A file that would say nothing is not left behind, such as where the measure cannot be opened.
  const close = (): void => {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
    if (begun && notes === 0) rmSync(path, { force: true });
    claim.release();
  };
  const append = (line: object): void => {
    if (descriptor !== undefined) writeFileSync(descriptor, `${JSON.stringify(line)}\n`);
  };
  try {
    descriptor = openSync(path, 'a');
    // What was cut off goes away, so that what is added does not follow a fragment.
    ftruncateSync(descriptor, whole);
    if (whole === 0) append(header);
  } catch (error) {
    close();
    throw failed(error);
  }
  const folder = dirname(resolve(path));
  return disposable({
    async of(picture: string) {
      const facts = await stat(picture).catch((error: unknown) => {
        throw fileError(`cannot read ${picture}`, error);
      });
      const name = relative(folder, resolve(picture)).replaceAll(sep, '/');
      const [size, changed] = [facts.size, facts.mtimeMs];
      return {
        score(identity: string) {
          const entry = entries.get(keyOf(name, identity));
          return entry?.size === size && entry.changed === changed ? entry.score : undefined;
        },
        add(identity: string, measure: string, score: number) {
          const entry: Entry = { picture: name, size, changed, measure, identity, score };
          try {
            claim.check();
            append(entry);
            notes += 1;
          } catch (error) {
            throw failed(error);
          }
        },
      };
    },
    close,
  });
}

/** The entries of a record, and how many bytes of it are whole lines. */
function readEntries(path: string): { readonly entries: Map<string, Entry>; readonly whole: number } {
  const entries = new Map<string, Entry>();
  let text: Buffer;
  try {
    // Devices and pipes may have no end.
    if (!statSync(path).isFile())
      throw new RevelaError(`the record ${path} is not a file; give \`record\` another name`);
    text = readFileSync(path);
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return { entries, whole: 0 };
    throw fileError(`cannot read the record ${path}`, error);
  }
  const whole = text.lastIndexOf('\n') + 1;
  const [first = '', ...lines] = text.subarray(0, whole).toString('utf8').split('\n');
  const isRecord = whole === 0 ? text.length === 0 : first === JSON.stringify(header);
  if (!isRecord)
    throw new RevelaError(
      `${path} is no record of scores; give \`record\` a new name, or one of an earlier run`,
    );
  for (const line of lines) {
    const entry = readJson(entrySchema, line);
    // The picture of a line that is damaged is scored again.
    if (entry !== undefined) entries.set(keyOf(entry.picture, entry.identity), entry);
  }
  return { entries, whole };
}
