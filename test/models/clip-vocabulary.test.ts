import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { loadClipTokenizer } from '#src/api/index.js';
import { refusal, temporaryFolder } from '../weights/files.js';

const path = temporaryFolder();
const shipped = fileURLToPath(new URL('../../models/clip-bpe-merges.txt.gz', import.meta.url));
const lines = gunzipSync(await readFile(shipped))
  .toString('utf8')
  .split('\n')
  .slice(1, -1);

const sentence = 'A noisy photograph of a café';
const expected = [49406, 320, 33495, 8853, 539, 320, 15304, 49407];

/** Writes a file and gives the tokens that its vocabulary makes of a sentence. */
async function tokensWith(name: string, content: string | Uint8Array): Promise<number[]> {
  await writeFile(path(name), content);
  return (await loadClipTokenizer(path(name))).encode(sentence);
}

async function refused(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(path(name), content);
  const line = await refusal(() => loadClipTokenizer(path(name)));
  expect(line).toContain(path(name));
  return line;
}

describe('a vocabulary is read', () => {
  test('that comes with the package', async () => {
    expect(lines).toHaveLength(48_894);
    expect((await loadClipTokenizer()).encode(sentence)).toEqual(expected);
  });

  test('as OpenAI publishes it: packed, with more pairs than are used', async () => {
    const more = ['"bpe_simple_vocab_16e6.txt#version: 0.2', ...lines, 'never us', 'ed</w> pairs'].join('\n');
    expect(await tokensWith('bpe_simple_vocab_16e6.txt.gz', gzipSync(more))).toEqual(expected);
    expect(await tokensWith('bpe_simple_vocab_16e6.txt', `${more}\n`)).toEqual(expected);
  });

  test('as Hugging Face publishes it, of either age', async () => {
    expect(await tokensWith('merges.txt', `#version: 0.2\n${lines.join('\r\n')}\n`)).toEqual(expected);
    const older = { version: '1.0', model: { type: 'BPE', vocab: {}, merges: lines } };
    expect(await tokensWith('tokenizer.json', JSON.stringify(older))).toEqual(expected);
    const newer = { ...older, model: { ...older.model, merges: lines.map((line) => line.split(' ')) } };
    expect(await tokensWith('tokenizer.json', JSON.stringify(newer, undefined, 2))).toEqual(expected);
  });
});

describe('what is none is refused in one line', () => {
  test('a list of words', async () => {
    expect(await refused('vocab.txt', 'the\na\nphoto\n')).toMatch(
      /no vocabulary of byte pairs \(entry 1 is no pair\); give OpenAI's bpe_simple_vocab/,
    );
    expect(await refused('empty.txt', '')).toMatch(/no vocabulary of byte pairs; give/);
  });

  test('vocab.json, which does not say what is joined first', async () => {
    expect(await refused('vocab.json', '{"!": 0, "the</w>": 518}')).toMatch(/model\.merges.*merges\.txt/);
    expect(await refused('broken.json', '{"model":')).toMatch(/model\.merges/);
  });

  test('a part of the vocabulary, and one in another order', async () => {
    expect(await refused('part.txt', lines.slice(0, 1000).join('\n'))).toMatch(
      /has 1000 byte pairs, CLIP's vocabulary has 48894/,
    );
    expect(await refused('backwards.txt', [...lines].reverse().join('\n'))).toMatch(
      /\(pair 1\) before it has made/,
    );
  });

  test('an archive that is not whole', async () => {
    const packed = gzipSync(lines.join('\n'));
    expect(await refused('cut.txt.gz', packed.subarray(0, packed.length / 2))).toMatch(/no whole gzip file/);
  });

  test('a file that is not there', async () => {
    expect(await refusal(() => loadClipTokenizer(path('nowhere.txt')))).toMatch(
      /nowhere\.txt: it does not exist/,
    );
  });
});
