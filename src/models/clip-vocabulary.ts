import { gunzipSync } from 'node:zlib';
import { array, object, unknown } from 'valibot';
import { RevelaError } from '../errors.js';
import { inThread } from '../in-thread.js';
import { type BytePairMerges, type ClipTokenizer, createClipTokenizer } from '../networks/index.js';
import { readJson } from '../options/index.js';
import { readRegular } from '../regular-file.js';
import { shippedClipVocabularyPath } from './shipped-weights.js';

/** Pairs that CLIP uses; OpenAI's file lists five times as many. */
const CLIP_MERGES = 49152 - 256 - 2;

/** What an unpacked vocabulary may take; OpenAI's is 3 MB. */
const LARGEST = 64 * 2 ** 20;

const FILES =
  "OpenAI's bpe_simple_vocab_16e6.txt.gz, or merges.txt or tokenizer.json of a CLIP on Hugging Face";

function unpacked(bytes: Uint8Array, path: string): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return new TextDecoder().decode(bytes);
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST }).toString('utf8');
  } catch {
    throw new RevelaError(`${path} is no whole gzip file; copy or download it again`);
  }
}

/** A pair as files write it: `"a b"`, or in newer JSON `["a", "b"]`. */
function pairOf(entry: unknown): readonly [string, string] | undefined {
  const [first, second, ...rest]: unknown[] =
    typeof entry === 'string' ? entry.split(' ') : Array.isArray(entry) ? entry : [];
  if (typeof first !== 'string' || typeof second !== 'string' || rest.length > 0) return undefined;
  return first === '' || second === '' ? undefined : [first, second];
}

const tokenizer = object({ model: object({ merges: array(unknown()) }) });

/** The list at `model.merges` of a `tokenizer.json`. */
function listOf(text: string, path: string): readonly unknown[] {
  const merges = readJson(tokenizer, text)?.model.merges;
  if (merges !== undefined) return merges;
  throw new RevelaError(`${path} holds no list of pairs (model.merges); give ${FILES}`);
}

/** The lines of a list of pairs, without its heading and what is after its end. */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  return lines[0]?.includes('#version') ? lines.slice(1) : lines;
}

async function readMerges(path: string): Promise<BytePairMerges> {
  const bytes = await readRegular(path, LARGEST);
  const text = unpacked(bytes, path);
  const entries = /^\s*\{/.test(text) ? listOf(text, path) : linesOf(text);
  const merges = entries.slice(0, CLIP_MERGES).map(pairOf);
  const wrong = merges.indexOf(undefined);
  if (merges.length === 0 || wrong >= 0)
    throw new RevelaError(
      `${path} is no vocabulary of byte pairs${wrong < 0 ? '' : ` (entry ${wrong + 1} is no pair)`}; give ${FILES}`,
    );
  return merges.flatMap((pair) => (pair === undefined ? [] : [pair]));
}

/**
 * CLIP's tokenizer with the vocabulary that the package ships, or that of a file: OpenAI's `bpe_simple_vocab_16e6.txt.gz` (packed or not), or from Hugging
 * Face `merges.txt` or `tokenizer.json`.
 *
 * @throws RevelaError, one line, if the file cannot be read or is no vocabulary of CLIP
 *
 * @example
 * const tokenizer = await loadClipTokenizer();
 * tokenizer.encode('Good photo.'); // [49406, 886, 1125, 269, 49407]
 */
export async function loadClipTokenizer(
  path = shippedClipVocabularyPath(),
  contextLength = 77,
): Promise<ClipTokenizer> {
  const merges = await readMerges(path);
  if (merges.length !== CLIP_MERGES)
    throw new RevelaError(
      `${path} has ${merges.length} byte pairs, CLIP's vocabulary has ${CLIP_MERGES}; give ${FILES}`,
    );
  try {
    return await createClipTokenizer(merges, contextLength);
  } catch (error) {
    throw error instanceof RevelaError ? new RevelaError(`${path}: ${error.message}`) : error;
  }
}

/** The tokens of texts by the vocabulary that the package ships; its tables are made for them, which takes a fifth of a second. */
export async function clipTokens(
  texts: readonly string[],
  contextLength: number,
): Promise<readonly (readonly number[])[]> {
  const tokenizer = await loadClipTokenizer(undefined, contextLength);
  return texts.map((text) => tokenizer.encode(text));
}

/** {@link clipTokens}, in another thread. */
export const clipTokensAside = inThread(new URL('./clip-vocabulary.js', import.meta.url), clipTokens);
