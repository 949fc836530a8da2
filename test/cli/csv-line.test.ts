import { expect, it } from 'vitest';
import { csvLine } from '#src/cli/terminal/csv-line.js';
import { pathLine } from '#src/cli/terminal/screen.js';
import { printableJson } from '#src/printable.js';

it('quotes cells that hold separators, and leaves numbers as they are', () => {
  expect(csvLine(['a,b', 'say "x"', 'plain', -1.5, Number.NEGATIVE_INFINITY])).toBe(
    '"a,b","say ""x""",plain,-1.5,-Infinity\r\n',
  );
});

it.each(['=cmd|calc.png', '+1.png', '-1.png', '@SUM(A1).png', '\t=1.png', ' =1.png'])(
  'makes %j a text in a spreadsheet too',
  (name) => {
    expect(csvLine([name])[0]).toBe("'");
  },
);

it('holds nothing that harms a terminal', () => {
  const name = 'a\u001b]0;owned\u0007\u202e\n.png';
  expect(csvLine([name])).toBe('a?]0;owned???.png\r\n');
  expect(pathLine(name, { isTTY: true })).toBe('a?]0;owned???.png\n');
  expect(pathLine(name, {})).toBe(`${name}\n`); // programs need the path
  const json = printableJson({ name: `${name}\u009b` });
  expect(json).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(JSON.parse(json)).toEqual({ name: `${name}\u009b` });
});
