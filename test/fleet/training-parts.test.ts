import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { encodeState } from '#src/api/rounds.js';
import { OpenRound } from '#src/fleet/training/open-round.js';
import { RevelaError } from '#src/errors.js';
import { SharedFolder } from '#src/fleet/storage/shared-folder.js';
import { StorageAway } from '#src/fleet/storage/storage.js';
import { untilThere } from '#src/fleet/storage/until-there.js';
import { OwnRounds } from '#src/fleet/training/round-store.js';
import { pictureIn } from '#src/fleet/training/run-place.js';
import { answerIn, shareJobIn } from '#src/fleet/training/share-job.js';
import { readSpec, writeSpec } from '#src/fleet/training/spec.js';
import { temporaryFolder } from '../cli/command.js';

const path = temporaryFolder();
const sha256 = 'a'.repeat(64);

/** What members hand each other, in a folder of that name. */
async function rounds(name: string): Promise<OwnRounds> {
  await mkdir(path(name), { recursive: true });
  return new OwnRounds(await SharedFolder.at(path(name)), 'run');
}

const job = {
  ...{ revela: '0.1.0', run: 'runs/garden', spec: sha256, session: 'abc', round: 1, member: 0 },
  ...{ kind: 'steps', step: 10, size: { batch: 1, patch: 80 }, learningRates: [1e-3, 1e-3], weights: sha256 },
};

describe('a share of a round', () => {
  it('is read as it was written', () => {
    expect(shareJobIn(job)).toEqual(job);
    const more = { ...job, clip: 1, moments: { sha256, age: 20 } };
    expect(shareJobIn(JSON.parse(JSON.stringify(more)))).toEqual(more);
  });

  it.each([
    ['another folder', { run: '../../etc' }],
    ['a path of its own', { run: '/etc' }],
    ['no hash', { weights: '../secret' }],
    ['no steps', { learningRates: [] }],
    ['a rate that is none', { learningRates: [Number.NaN] }],
    ['a huge patch', { size: { batch: 1, patch: 1e6 } }],
    ['another kind', { kind: 'shell' }],
    ['moments that are none', { moments: 'mine' }],
  ])('with %s is refused', (_, change) => {
    expect(() => shareJobIn({ ...job, ...change })).toThrow('this is no share of a training');
  });

  it('is answered by what is one', () => {
    const answer = { sha256, loss: 0.1, gradientNorm: 1, by: 'vm#1@0.1.0', handedOver: 0, age: 4 };
    expect(answerIn(answer)).toEqual(answer);
    expect([answerIn('done'), answerIn({ ...answer, sha256: '../x' }), answerIn(undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('what members hand each other', () => {
  it('is found by its hash, whole or not at all, and goes when nobody needs it', async () => {
    const store = await rounds('rounds');
    const [one, other] = [await store.put(Uint8Array.of(1, 2)), await store.put(Uint8Array.of(3))];
    expect(await store.put(Uint8Array.of(1, 2))).toBe(one);
    expect([...(await store.get(one))]).toEqual([1, 2]);
    await truncate(store.nameOf(other), 0);
    await expect(store.get(other)).rejects.toThrow('is not what its name says');
    await expect(store.get(sha256)).rejects.toThrow('cannot read');
    await writeFile(path('weights'), Uint8Array.of(3));
    expect(await store.putFile(path('weights'))).toBe(other);
    expect([...(await store.get(other))]).toEqual([3]);
    const spec = await writeSpec(store, { format: 'revela-training-1', revela: '0.1.0', settings: {} });
    await store.keepOnly(new Set([one]));
    expect((await readdir(path('rounds', 'run'))).sort()).toEqual(
      [`${one}.safetensors`, `${spec}.json`].sort(),
    );
    expect(await readSpec(store, spec)).toMatchObject({ revela: '0.1.0' });
    const strange = await store.put(new TextEncoder().encode('{}'), 'json');
    await expect(readSpec(store, strange)).rejects.toThrow('is no training of this version');
  });
});

it('a storage that is away or full is waited for, and said to be so once; what else is wrong is not', async () => {
  const away = new StorageAway('S3 answers 503');
  const full = new RevelaError('cannot write a: the disk is full', { code: 'ERR_DISK_FULL' });
  const troubles: RevelaError[] = [away, away, full, away];
  const told: string[] = [];
  const how = { tell: (line: string) => void told.push(line), patience: 1 };
  const ask = async () => {
    const trouble = troubles.shift();
    if (trouble !== undefined) throw trouble;
    return 'there';
  };
  expect(await untilThere(ask, how)).toBe('there');
  const [waits, space] = ['S3 answers 503; waiting for it', `${full.message}; waiting until there is space`];
  expect(told).toEqual([waits, space, waits]);
  troubles.push(new RevelaError('no', { code: 'ERR_ACCESS' }));
  await expect(untilThere(ask, how)).rejects.toThrow('no');
  const stopping = new AbortController();
  const waiting = untilThere(() => Promise.reject(away), {
    ...{ patience: 1e6, signal: stopping.signal },
    tell: () => setTimeout(() => stopping.abort()),
  });
  await expect(waiting).rejects.toThrow('abort');
});

it('a picture is named by its hash and where it lies, and leads nowhere else', () => {
  expect(pictureIn(`${sha256}/shots/a b.png`)).toEqual({ sha256, place: 'shots/a b.png' });
  for (const name of ['shots/a.png', `${sha256}/../a.png`, `${sha256}//etc/passwd`, `${sha256}/`])
    expect(() => pictureIn(name)).toThrow('is no picture of a training');
});

describe('a round in progress', () => {
  const of = (value: number) =>
    encodeState({ gradient: { w: { data: Float32Array.of(value), shape: [1], dtype: 'float32' } } });

  async function begun(deadline: number, quorum = 2, now?: () => number) {
    const store = await rounds('open');
    const round = new OpenRound(1, 3, 'gradients', { quorum, deadline }, store, now);
    const take = async (member: number, value: number, by = `vm#${member}@0.1.0`) =>
      round.take(member, {
        ...{ sha256: await store.put(of(value)), loss: 1, gradientNorm: 1, by, handedOver: member, age: 1 },
      });
    return { round, take, store };
  }

  it('ends when all have answered, in whatever order, and counts each once', async () => {
    const { round, take } = await begun(1000);
    await take(2, 3);
    await take(0, 1);
    await take(0, 5);
    expect(round.outstanding).toEqual([1]);
    await take(1, 2);
    await round.ended;
    const values = round.contributions().map((one) => one?.tensors['w']?.data[0]);
    expect(values).toEqual([1, 2, 3]);
    expect(round.numbers()).toEqual({ processes: 3, counted: 3, late: 0, refused: 0, handedOver: 3 });
  });

  it('leaves out what is not finite, and what failed', async () => {
    const { round, take } = await begun(1000);
    await take(0, Number.POSITIVE_INFINITY);
    await round.take(1, { sha256: null, loss: null, gradientNorm: null, by: 'x', handedOver: 0, age: 0 });
    expect(round.refusals).toEqual([
      'the numbers of member 1 are not finite',
      'the numbers of member 2 are not finite',
    ]);
    round.refuse(2, 'member 3 failed: no memory');
    await round.ended;
    expect(round.contributions()).toEqual([undefined, undefined, undefined]);
    expect(round.numbers()).toMatchObject({ counted: 0, refused: 3, late: 0 });
  });

  it('ends with its time once enough have answered, and takes nothing later', async () => {
    let time = 0;
    const { round, take } = await begun(60, 2, () => time);
    await take(0, 1);
    time = 61_000;
    round.look();
    expect(round.outstanding).toEqual([1, 2]);
    await take(1, 2);
    await round.ended;
    await take(2, 3);
    expect(round.numbers()).toMatchObject({ counted: 2, late: 1 });
  });

  it('says of what cannot be read which file it is', async () => {
    const { round } = await begun(1000);
    await rm(path('open'), { recursive: true });
    const answer = { sha256, loss: 1, gradientNorm: 1, by: 'x', handedOver: 0, age: 0 };
    await expect(round.take(0, answer)).rejects.toThrow(sha256);
  });
});
