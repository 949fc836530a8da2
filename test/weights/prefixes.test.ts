import { expect, test } from 'vitest';
import { wrappingPrefix } from '#src/weights/prefixes.js';

const never = () => false;

test.each([
  [['head.weight', 'tail.weight'], ''],
  [['module.head.weight', 'module.tail.weight'], 'module.'],
  [['module.bsn.head.weight', 'module.bsn.tail.weight'], 'module.bsn.'],
  [['model.net.denoiser.a', 'model.net.denoiser.b'], 'model.net.denoiser.'],
  [['net.a', 'other.b'], ''],
  [['module', 'module.a'], ''],
  [[], ''],
])('%j begin with %j', (keys, prefix) => {
  expect(wrappingPrefix(keys, never)).toBe(prefix);
});

test('a network that calls its layers model keeps that name', () => {
  expect(wrappingPrefix(['model.0.weight', 'model.2.weight'], never)).toBe('');
  expect(wrappingPrefix(['module.model.0.weight', 'module.model.2.weight'], never)).toBe('module.');
});

test('what is recognised as it is keeps its names, even those of wrappers', () => {
  expect(wrappingPrefix(['net.a', 'net.b'], (prefix) => prefix === '')).toBe('');
  expect(wrappingPrefix(['x.net.a', 'x.net.b'], (prefix) => prefix === 'x.')).toBe('x.');
});

test('other names are taken off only if they lead to a network', () => {
  expect(wrappingPrefix(['x.y.a', 'x.y.b'], never)).toBe('');
  expect(wrappingPrefix(['x.y.a', 'x.y.b'], (prefix) => prefix === 'x.y.')).toBe('x.y.');
});
