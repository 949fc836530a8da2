import { expect, test } from 'vitest';
import { de } from '../../web/src/language/de.js';
import { en } from '../../web/src/language/en.js';
import { addressOf, firstSettings, settingsOf } from '../../web/src/settings.js';

test('settings stand in the address, and come back from it', () => {
  expect(addressOf(firstSettings)).toBe('');
  const chosen = {
    ...firstSettings,
    task: 'upscale2',
    strength: 0,
    luma: 20,
    sharpen: 100,
    denoise: 0,
    format: 'webp',
    engine: 'webassembly',
    language: 'de',
  } as const;
  expect(addressOf(chosen)).toBe(
    '?task=upscale2&strength=0&luma=20&sharpen=100&denoise=0&format=webp&engine=webassembly&lang=de',
  );
  expect(settingsOf(addressOf(chosen))).toEqual(chosen);
});

test('what an address says and cannot be is as at first', () => {
  expect(
    settingsOf(
      '?task=teleport&strength=101&luma=-1&chroma=x&detail=&sharpen=1e2&denoise=101&format=gif&engine=steam&lang=xx',
    ),
  ).toEqual(firstSettings);
});

test('both languages say the same things', () => {
  expect(Object.keys(de)).toEqual(Object.keys(en));
  const kinds = (table: object) => Object.values(table).map((text) => [typeof text, text.length > 0]);
  const functions = (table: object) =>
    Object.values(table).map((text) => (typeof text === 'function' ? text.length : undefined));
  expect(kinds(de)).toEqual(kinds(en));
  expect(functions(de)).toEqual(functions(en));
});
