import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { crc32c } from '#src/runs/folder/crc32c.js';
import { openEventFile } from '#src/runs/folder/tensorboard.js';
import { refusal, temporaryFolder, withoutPrivileges } from '../weights/files.js';

const path = temporaryFolder();

/** CRC-32C as a division, bit by bit. */
function sumOf(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes)
    for (let bit = 0; bit < 8; bit++) {
      const carry = (sum ^ (byte >> bit)) & 1;
      sum = (sum >>> 1) ^ (carry === 1 ? 0x82f63b78 : 0);
    }
  return (sum ^ 0xffffffff) >>> 0;
}

function masked(bytes: Uint8Array): number {
  const sum = BigInt(sumOf(bytes));
  return Number((((sum >> 15n) | (sum << 17n)) + 0xa282ead8n) & 0xffffffffn);
}

/** The messages of a record file, whose sums must be right. */
function recordsOf(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const records: Uint8Array[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(view.getBigUint64(at, true));
    expect(view.getUint32(at + 8, true)).toBe(masked(file.subarray(at, at + 8)));
    const message = file.subarray(at + 12, at + 12 + length);
    expect(message).toHaveLength(length);
    expect(view.getUint32(at + 12 + length, true)).toBe(masked(message));
    records.push(message);
    at += 16 + length;
  }
  return records;
}

type Field = bigint | number | Uint8Array;

/** The fields of a protocol buffer message, by number; none of these messages repeats one. */
function fieldsOf(message: Uint8Array): Map<number, Field> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const fields = new Map<number, Field>();
  let at = 0;
  const varint = () => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = BigInt(view.getUint8(at++));
      value |= (byte & 0x7fn) << shift;
      if (byte < 0x80n) return value;
    }
  };
  const fixed = (length: number, read: () => number) => {
    const value = read();
    at += length;
    return value;
  };
  while (at < message.length) {
    const tag = Number(varint());
    const kind = tag & 7;
    if (kind === 0) fields.set(tag >> 3, varint());
    else if (kind === 1)
      fields.set(
        tag >> 3,
        fixed(8, () => view.getFloat64(at, true)),
      );
    else if (kind === 5)
      fields.set(
        tag >> 3,
        fixed(4, () => view.getFloat32(at, true)),
      );
    else {
      expect(kind).toBe(2);
      const length = Number(varint());
      fields.set(tag >> 3, message.subarray(at, at + length));
      at += length;
    }
  }
  expect(at).toBe(message.length);
  return fields;
}

function inside(fields: Map<number, Field>, ...numbers: readonly number[]): Map<number, Field> {
  return numbers.reduce((outer, number) => {
    const field = outer.get(number);
    if (!(field instanceof Uint8Array)) expect.fail(`field ${number} is no message`);
    return fieldsOf(field);
  }, fields);
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('event files', () => {
  test('CRC-32C has its published check values', () => {
    expect(crc32c(text('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(0))).toBe(0);
  });

  test('hold what was written, in TensorBoard’s framing', async () => {
    const png = await sharp({ create: { width: 5, height: 3, channels: 4, background: 'red' } })
      .png()
      .toBuffer();
    const grey = await sharp(png).removeAlpha().toColourspace('b-w').png().toBuffer();
    const events = openEventFile(path('run'));
    events.scalar('training/loss', 0.125, 1);
    events.scalar('ü', Number.NaN, 2 ** 40);
    events.image('sample', png, 5, 3, 300);
    events.image('grey', grey, 5, 3, 300);
    await events.flush();
    await events.close();
    await events.close();
    const file = new Uint8Array(await readFile(events.path));
    const [version, loss, late, picture, greyPicture, ...rest] = recordsOf(file).map(fieldsOf);
    if (!version || !loss || !late || !picture || !greyPicture) expect.fail('five events were written');
    expect(rest).toEqual([]);

    expect(version.get(3)).toEqual(text('brain.Event:2'));
    for (const record of [version, loss, late, picture]) {
      expect(record.get(1)).toBeGreaterThan(1.7e9); // seconds since 1970
    }
    expect(loss.get(2)).toBe(1n);
    expect(inside(loss, 5, 1)).toEqual(
      new Map<number, Field>([
        [1, text('training/loss')],
        [2, 0.125],
      ]),
    );
    expect(late.get(2)).toBe(2n ** 40n);
    expect(inside(late, 5, 1).get(2)).toBeNaN();
    expect(picture.get(2)).toBe(300n);
    const image = inside(picture, 5, 1, 4);
    expect([1, 2, 3].map((field) => image.get(field))).toEqual([3n, 5n, 4n]);
    expect(image.get(4)).toEqual(new Uint8Array(png));
    expect(inside(greyPicture, 5, 1, 4).get(3)).toBe(1n);
  });

  test('of one folder read in the order in which they were begun, and a resumption says where', async () => {
    const files = [openEventFile(path('twice')), openEventFile(path('twice'), { resumedAfterStep: 299 })];
    for (const file of files) await file.close();
    const names = await readdir(path('twice'));
    expect(names.sort()).toEqual(files.map((file) => basename(file.path)));
    const [, restart] = recordsOf(await readFile(files[1]?.path ?? '')).map(fieldsOf);
    expect(restart?.get(2)).toBe(300n);
    expect(restart && inside(restart, 7)).toEqual(new Map([[1, 1n]]));
  });

  test('after a clock was set back', async () => {
    await mkdir(path('back'));
    await writeFile(path('back', 'events.out.tfevents.9999999998.revela.0007'), '');
    const file = openEventFile(path('back'));
    await file.close();
    expect(basename(file.path)).toBe('events.out.tfevents.9999999998.revela.0008');
  });

  test('in a folder that may not be written, below a file, and after closing', async () => {
    await mkdir(path('locked'));
    await chmod(path(), 0o755);
    await chmod(path('locked'), 0o555);
    expect(await refusal(() => withoutPrivileges(async () => openEventFile(path('locked'))))).toMatch(
      /^cannot write an event file to .*locked: access is not allowed/,
    );
    await writeFile(path('file'), '');
    expect(await refusal(() => openEventFile(path('file')))).toMatch(
      /^cannot write an event file to .*file: /,
    );
    const closed = openEventFile(path('closed'));
    await closed.close();
    expect(() => closed.scalar('a', 1, 1)).toThrow('is closed');
  });
});
