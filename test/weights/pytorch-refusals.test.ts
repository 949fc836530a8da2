import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readWeightsFile, readWeightsHeader } from '#src/weights/index.js';
import {
  floats,
  legacyCheckpoint,
  make,
  type Packing,
  type Piece,
  pickle,
  storage,
  tensor,
  zipCheckpoint,
  zipOf,
} from './checkpoint-files.js';
import { refusal, temporaryFolder } from './files.js';

const path = temporaryFolder();
const six = floats(0, 1, 2, 3, 4, 5);
const weight = tensor({ storage: '0', length: 6, shape: [2, 3] });
const dict = make.dict({ weight });

/** The line that refuses a file of these bytes; it names the file. */
async function refused(bytes: Uint8Array): Promise<string> {
  await writeFile(path('given.pth'), bytes);
  const line = await refusal(() => readWeightsFile(path('given.pth')));
  expect(line).toContain(path('given.pth'));
  return line;
}
const refusedDict = (value: Piece, packing: Packing = {}): Promise<string> =>
  refused(zipCheckpoint(value, { 0: six }, packing));

describe('pickles that want more than tensors are refused by the name of what they want', () => {
  const raw = (text: string, ...more: readonly number[]): Buffer =>
    Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from(more)]);

  test.each([
    ['os.system', make.call('os', 'system', make.text('touch owned'))],
    ['posix.system', make.name('posix', 'system')],
    ['builtins.eval', make.call('builtins', 'eval', make.text('1'))],
    ['builtins.getattr', make.call('builtins', 'getattr', make.text('a'), make.text('b'))],
    ['models.unet.UNet', make.name('models.unet', 'UNet')],
    ['torch.load', make.name('torch', 'load')],
    ['torch._utils._rebuild_sparse_tensor', make.name('torch._utils', '_rebuild_sparse_tensor')],
    ['__torch__.torch.classes.x.Y', make.name('__torch__.torch.classes.x', 'Y')],
    // STACK_GLOBAL, INST and OBJ are other ways to a name.
    ['subprocess.Popen', raw('\x8c\x0asubprocess\x8c\x05Popen\x93')],
    ['nt.system', raw('(int\nsystem\n')],
    ['an extension of copyreg', raw('', 0x82, 1)],
    ['a buffer outside of the pickle', raw('', 0x97)],
    ['a call of builtins.dict', make.call('builtins', 'dict')],
  ])('%s', async (name, piece) => {
    expect(await refusedDict(make.dict({ weight, more: piece }))).toContain(`: refuses to unpickle ${name}`);
    const legacy = legacyCheckpoint(make.dict({ more: piece }));
    expect(await refused(legacy)).toContain(`refuses to unpickle ${name}`);
  });

  test('a name with line breaks stays in one line, and is not shown without end', async () => {
    const name = Buffer.concat([make.text(`a\nb${'c'.repeat(5000)}`), make.text('d'), Buffer.of(0x93)]);
    const line = await refusedDict(name);
    expect(line.length).toBeLessThan(600);
  });
});

describe('damaged pickles', () => {
  const view = (change: Partial<Parameters<typeof tensor>[0]>): Piece =>
    make.dict({ t: tensor({ storage: '0', length: 6, shape: [2, 3], ...change }) });
  test.each([
    ['a tensor beyond its storage', view({ offset: 1 }), /reaches beyond its storage of 24 bytes/],
    ['by its strides', view({ strides: [5, 1] }), /\[2, 3\] reaches beyond/],
    ['a size beyond all numbers', view({ shape: [2 ** 40, 2 ** 40], strides: [0, 0] }), /reaches beyond/],
    ['strides that do not fit', view({ strides: [1] }), /no offset, shape or strides/],
    ['a storage of impossible length', view({ length: 2 ** 52 }), /impossible length/],
    ['a storage of another length', view({ length: 7 }), /data\/0 has 24 bytes, and should have 28/],
    ['a storage that is missing', view({ storage: '1' }), /no entry archive\/data\/1/],
    [
      'a storage of two types',
      make.list(storage({ storage: '0', length: 1 }), storage({ storage: '0', length: 2 })),
      /two kinds or lengths/,
    ],
    ['no stack', Buffer.from('0'), /empty stack/],
    ['no mark', Buffer.from('t'), /no mark/],
    ['an unknown instruction', Buffer.from([0xff]), /byte 2 of a pickle, 255, is no instruction/],
    ['a memory that was never filled', Buffer.from('h\x07'), /recalls value 7/],
    ['marks without end', Buffer.from('('.repeat(5000)), /nested deeper than 1000/],
    ['a number of megabytes', Buffer.from([0x8b, 0, 0, 16, 0]), /number of 1048576 bytes/],
    ['a call of a text', Buffer.from('X\x00\x00\x00\x00)R', 'latin1'), /called that is no function/],
  ])('%s', async (_, piece, words) => {
    expect(await refusedDict(piece)).toMatch(words);
  });

  test('one that ends too early', async () => {
    const archive = zipOf({ 'archive/data.pkl': pickle(dict).subarray(0, -1) });
    expect(await refused(archive)).toMatch(/ends too early/);
  });

  test('more containers than any checkpoint has', async () => {
    expect(await refusedDict(Buffer.alloc(1_300_000, '}'))).toMatch(
      /reading it takes more than 10,000,000 steps/,
    );
  });

  test('work without end out of few bytes', async () => {
    // A list of 100 000 pairs in the memo, made an OrderedDict of again and again.
    const pair = make.tuple(make.none, make.none);
    const pairs = Buffer.concat([
      Buffer.from(']('),
      pair,
      Buffer.from('q\x01'),
      Buffer.from('h\x01'.repeat(100_000)),
      Buffer.from('eq\x02'),
    ]);
    const again = Buffer.concat([
      make.name('collections', 'OrderedDict'),
      Buffer.from('h\x02\x85R0', 'latin1'),
    ]);
    const line = await refusedDict(Buffer.concat([pairs, ...Array.from({ length: 200 }, () => again)]));
    expect(line).toMatch(/reading it takes more than 10,000,000 steps/);
  });
});

describe('what is no state dict', () => {
  test('dicts that hold one large dict again and again', async () => {
    const entries = (count: number, value: Piece): Buffer =>
      Buffer.concat([
        Buffer.from('}('),
        ...Array.from({ length: count }, (_, at) => Buffer.concat([make.text(String(at)), value])),
        Buffer.from('u'),
      ]);
    const large = Buffer.concat([entries(20_000, make.none), Buffer.from('q\x000')]);
    const line = await refusedDict(Buffer.concat([large, entries(20_000, Buffer.from('h\x00'))]));
    expect(line).toMatch(/holds no state dict/);
  });

  test.each([
    ['a single tensor', weight, /no state dict.*a single tensor/],
    ['an empty dict', make.dict({}), /no state dict.*a dict of nothing/],
    ['numbers', make.dict({ a: make.number(1), b: make.number(2) }), /got a dict of a, b/],
    [
      'two networks',
      make.dict({ generatorA: dict, generatorB: dict }),
      /several state dicts \(generatorA, generatorB\)/,
    ],
    ['a module without tensors', make.module('Net', {}), /module without tensors/],
  ])('%s', async (_, value, words) => {
    expect(await refusedDict(value)).toMatch(words);
  });

  test('containers that hold themselves', async () => {
    // d = {}; d['state_dict'] = d
    const cyclic = Buffer.concat([Buffer.from('}q\x00'), make.text('state_dict'), Buffer.from('h\x00s')]);
    expect(await refusedDict(cyclic)).toMatch(/no state dict/);
    // A module that is an attribute of itself.
    const module = Buffer.concat([
      make.name('__torch__.M', 'M'),
      Buffer.from(')\x81q\x00}', 'latin1'),
      make.text('m'),
      Buffer.from('h\x00sb'),
    ]);
    expect(await refusedDict(module)).toMatch(/damaged: its modules/);
  });

  test('modules that hold each other twice, and so have more paths than any memory', async () => {
    let piece = make.module('M', { w: weight });
    for (let level = 0; level < 30; level++) {
      const memo = String.fromCharCode(level);
      piece = Buffer.concat([
        piece,
        Buffer.from(`q${memo}0`, 'latin1'),
        make.name('__torch__.M', 'M'),
        Buffer.from(')\x81}', 'latin1'),
        make.text('a'),
        Buffer.from(`h${memo}s`, 'latin1'),
        make.text('b'),
        Buffer.from(`h${memo}sb`, 'latin1'),
      ]);
    }
    expect(piece.length).toBeLessThan(5000);
    expect(await refusedDict(piece)).toMatch(/damaged: its modules/);
  });
});

describe('archives and streams', () => {
  const whole = zipCheckpoint(dict, { 0: six });
  const stream = legacyCheckpoint(
    make.dict({ weight: tensor({ storage: '0', length: 6, shape: [6], legacy: true }) }),
    {
      0: { length: 6, content: six },
    },
  );

  test('that are empty, or something else', async () => {
    expect(await refused(new Uint8Array(0))).toMatch(/is empty \(0 bytes\)/);
    expect(await refused(Buffer.from('hello, world'))).toMatch(/holds no weights/);
    expect(await refused(zipOf({ 'a.txt': six }))).toMatch(/ZIP archive without data\.pkl/);
    expect(await refused(pickle(dict))).toMatch(/is a pickle, but not one of PyTorch/);
    const tar = Buffer.alloc(512);
    tar.write('ustar', 257);
    expect(await refused(tar)).toMatch(/TAR archive.*0\.1\.10/);
  });

  test('that are truncated', async () => {
    expect(await refused(whole.subarray(0, -30))).toMatch(
      /damaged ZIP archive: it has no directory at its end, so that it is truncated; copy/,
    );
    expect(await refused(stream.subarray(0, -1))).toMatch(/truncated: it should have \d+ bytes and has \d+/);
    expect(await refused(stream.subarray(0, 60))).toMatch(/pickles end too early/);
    await writeFile(path('short.pth'), stream.subarray(0, -1));
    expect(await refusal(() => readWeightsHeader(path('short.pth')))).toMatch(/truncated/);
  });

  test('with a changed number', async () => {
    const changed = Buffer.from(whole);
    const at = changed.indexOf(six);
    changed[at + 5] = 1;
    expect(await refused(changed)).toMatch(/check sum of entry archive\/data\/0 is wrong/);
  });

  test('with two entries of one name', async () => {
    const twice = Buffer.from(
      zipOf({ 'archive/data.pkl': pickle(dict), 'archive/data.pk1': six })
        .toString('latin1')
        .replaceAll('data.pk1', 'data.pkl'),
      'latin1',
    );
    expect(await refused(twice)).toMatch(/two entries archive\/data\.pkl/);
  });

  test('with big-endian numbers', async () => {
    const big = zipOf({ 'a/byteorder': Buffer.from('big'), 'a/data.pkl': pickle(dict), 'a/data/0': six });
    expect(await refused(big)).toMatch(/big-endian/);
  });

  test('with storages of another length than the pickle says', async () => {
    const lying = legacyCheckpoint(
      make.dict({ w: tensor({ storage: '0', length: 6, shape: [6], legacy: true }) }),
      {
        0: { length: 5, content: six },
      },
    );
    expect(await refused(lying)).toMatch(/another length/);
  });

  test('that unpack to far more than their size', async () => {
    const zeros = Buffer.alloc(100 * 2 ** 20);
    const t = make.dict({ t: tensor({ storage: '0', length: zeros.length / 4, shape: [zeros.length / 4] }) });
    expect(await refused(zipCheckpoint(t, { 0: zeros }, { deflate: true }))).toMatch(
      /209715200 bytes of memory/,
    );
    const claimed = zipCheckpoint(dict, { 0: six }, { deflate: true, claim: 10 });
    expect(await refused(claimed)).toMatch(/unpacks to more than it says/);
    const pickleBomb = zipOf({ 'a/data.pkl': Buffer.alloc(40 * 2 ** 20) }, { deflate: true });
    expect(await refused(pickleBomb)).toMatch(/its pickle would be 41943040 bytes long/);
  });

  test('of views that repeat their numbers without end', async () => {
    const t = make.dict({
      t: tensor({ storage: '0', length: 6, shape: [100_000, 100_000], strides: [0, 0] }),
    });
    expect(await refusedDict(t)).toMatch(/would take 40000000024 bytes of memory/);
    await writeFile(path('views.pth'), zipCheckpoint(t, { 0: six }));
    expect((await readWeightsHeader(path('views.pth'))).tensors.get('t')?.shape).toEqual([100_000, 100_000]);
  });
});
