import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RevelaError } from '#src/errors.js';
import { createRandom, type Random } from '#src/random.js';
import { mutateBytes } from './mutate.js';

/** One reader of files that other people made. */
export interface Reader {
  readonly name: string;
  /** Whole files that it reads. */
  readonly seeds: () => Promise<readonly Uint8Array[]> | readonly Uint8Array[];
  /** Reads an input; `file` is a path in a folder of its own where it may be written. */
  readonly read: (bytes: Uint8Array, file: string) => unknown;
  /** Whether the seeds are only the beginnings of what it reads, because a whole one is large. */
  readonly incomplete?: boolean;
  /** Changes a seed; default: its bytes. */
  readonly mutate?: (bytes: Uint8Array, random: Random) => Uint8Array;
}

const inputs = 2000;
/** From `npm run fuzz -- --minutes N --seed S`. */
const [minutes, seed] = [
  Number(process.env['REVELA_FUZZ_MINUTES'] ?? 0),
  Number(process.env['REVELA_FUZZ_SEED'] ?? 0),
];
const found = join('build', 'fuzz');

/**
 * Hands changed files to readers: each must be read or end in a RevelaError of one printable line, and nothing else. An
 * input that ends otherwise is kept in `build/fuzz`.
 */
export function drive(readers: readonly Reader[]): void {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'revela-fuzz-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  test.each(readers.map((reader) => [reader.name, reader] as const))(
    '%s',
    async (name, { seeds, read, incomplete = false, mutate = mutateBytes }) => {
      const originals = await seeds();
      const file = join(folder, 'input');
      // A seed that is refused finds nothing.
      for (const original of incomplete ? [] : originals) await read(original, file);
      const end = Date.now() + 60_000 * minutes;
      for (let round = 0; minutes > 0 ? Date.now() < end : round < inputs; round++) {
        const random = createRandom(seed, round, name.length);
        let bytes = originals[round % originals.length] ?? new Uint8Array();
        for (let changes = 1 + random.integer(3); changes > 0; changes--) bytes = mutate(bytes, random);
        const problem = await problemOf(() => read(bytes, file));
        if (problem === undefined) continue;
        await mkdir(found, { recursive: true });
        const kept = join(found, `${name.replace(/\W+/g, '-')}-${seed}-${round}`);
        await writeFile(kept, bytes);
        expect.fail(`${kept}: ${problem}`);
      }
    },
    60_000 * (5 + minutes),
  );
}

/** How reading ends otherwise than in a result or in one printable line; `undefined` if it does not. */
async function problemOf(read: () => unknown): Promise<string | undefined> {
  try {
    await read();
    return undefined;
  } catch (error) {
    if (!(error instanceof RevelaError)) return error instanceof Error ? error.stack : String(error);
    const { message } = error;
    if (message.length > 2001) return `the line has ${message.length} letters`;
    if (/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(message))
      return `${JSON.stringify(message)} is not printable`;
    return undefined;
  }
}
