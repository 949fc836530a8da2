import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { RevelaError } from '#src/errors.js';
import { fileError } from '#src/file-errors.js';
import { expectRefusal } from './images/drawing.js';

describe('fileError', () => {
  it.skipIf(process.platform !== 'linux')('says that the disk is full', async () => {
    const write = writeFile('/dev/full', 'x').catch((error: unknown) => {
      throw fileError('cannot write a.png', error);
    });
    await expectRefusal(write, 'cannot write a.png: the disk is full', 'free some space');
  });

  it('leaves faults of the program and user errors as they are', () => {
    const fault = new TypeError('x is not a function');
    expect(fileError('cannot write', fault)).toBe(fault);
    const refusal = new RevelaError('no');
    expect(fileError('cannot write', refusal)).toBe(refusal);
  });
});
