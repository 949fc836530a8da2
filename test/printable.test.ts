import { describe, expect, test } from 'vitest';
import { OptionError, RevelaError } from '#src/errors.js';
import { printable, shown } from '#src/printable.js';

describe('the line of an error', () => {
  test('holds nothing that breaks it, moves a cursor or turns its direction', () => {
    const { message } = new RevelaError('a\nb\r\u001b[2Jc\u009b\u2028\u202etxt.exe\u2066\ufeff\ud800');
    expect(message).toBe('a?b??[2Jc???txt.exe???');
    expect(new OptionError('x\u0007').message).toBe('x?');
  });

  test('is bounded, and keeps its beginning and its end', () => {
    const { message } = new RevelaError(`photo.csv, line 2: ${'a'.repeat(5e6)} is no number; correct it`);
    expect(message.length).toBeLessThan(2100);
    expect(message).toMatch(/^photo\.csv, line 2: a+…a+ is no number; correct it$/);
  });

  test('keeps scripts whose letters are joined, and families of emoji', () => {
    expect(printable('می\u200cخواهم 👨\u200d👩 é 日本')).toBe('می\u200cخواهم 👨\u200d👩 é 日本');
  });

  test('keeps what caused it', () => {
    const cause = new Error('disk');
    expect(new RevelaError('line', { cause }).cause).toBe(cause);
  });

  test('shows the beginning of a long name', () => {
    expect(shown('n'.repeat(101))).toBe(`${'n'.repeat(100)}…`);
  });
});
