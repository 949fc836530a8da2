import { describe, expect, test } from 'vitest';
import { parseRanges } from '#src/quality/brisque/brisque-model.js';
import { parseSupportVectors } from '#src/quality/brisque/support-vectors.js';

const head = { svm_type: 'epsilon_svr', kernel_type: 'rbf', gamma: '0.5', total_sv: '2', rho: '-1.5' };
const vectors = ['1024 1:0.5 3:-1', '-2.5e-1 2:0.25 3:1'];

function modelOf(changes: Partial<typeof head> = {}, rows: readonly string[] = vectors): string {
  const facts = Object.entries({ ...head, ...changes }).map(([name, value]) => `${name} ${value}`);
  return [...facts, 'SV', ...rows, ''].join('\n');
}

const parse = (text: string, features = 3) => parseSupportVectors(text, 'model', features);

describe('a LIBSVM model', () => {
  test('is read, what its rows leave out being 0', () => {
    const { gamma, rho, coefficients, vectors: values } = parse(modelOf());
    expect([gamma, rho]).toEqual([0.5, -1.5]);
    expect([...coefficients]).toEqual([1024, -0.25]);
    expect([...values]).toEqual([0.5, 0, -1, 0, 0.25, 1]);
  });

  test.each([
    ['a feature 0', '1 0:1 3:1'],
    ['a negative feature', '1 -3:1e6'],
    ['a broken feature', '1 2.5:1'],
    ['a feature beyond those that there are', '1 10000:1'],
    ['a feature twice', '1 2:1 2:3'],
    ['features out of their order', '1 3:1 1:3'],
    ['a value that is none', '1 1:nan'],
    ['an infinite value', '1 1:1e999'],
    ['an entry without a value', '1 1'],
    ['an infinite coefficient', 'inf 1:1'],
  ])('with %s is refused', (_, row) => {
    expect(() => parse(modelOf({}, [row, vectors[1] ?? '']))).toThrow(
      /^model is damaged: .*support vector 1/,
    );
  });

  test.each([
    ['gamma', '-0.05', /gamma must be a number above 0/],
    ['gamma', 'Infinity', /gamma must be a number above 0/],
    ['rho', '', /rho a number/],
    ['total_sv', '3', /it should have 3 support vectors and has 2/],
    ['kernel_type', 'linear', /with the kernel rbf/],
  ] as const)('with the %s %j is refused', (fact, value, message) => {
    expect(() => parse(modelOf({ [fact]: value }))).toThrow(message);
  });

  test('of fewer features than there are is refused', () => {
    expect(() => parse(modelOf(), 36)).toThrow('its support vectors have 3 features, expected are 36');
  });

  test('of sixty thousand rows of a feature 10000 is refused without memory for them', () => {
    const rows = Array.from({ length: 60_000 }, () => '1 10000:1');
    const before = process.memoryUsage().arrayBuffers;
    expect(() => parse(modelOf({ total_sv: '60000' }, rows), 36)).toThrow('the feature 10000');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50e6);
  });
});

describe('ranges', () => {
  const rangesOf = (change: (row: string, i: number) => string): string =>
    ['x', '-1 1', ...Array.from({ length: 36 }, (_, i) => change(`${i + 1} 0.5 ${i + 1}.5`, i))].join('\n');

  test('are read', () => {
    const { lowest, highest } = parseRanges(
      rangesOf((row) => row),
      'ranges',
    );
    expect([lowest[35], highest[35]]).toEqual([0.5, 36.5]);
  });

  test.each(['1 1 Infinity', '1 -inf 1', '1 nan 1', '1 1 1', '1 2 1', '2 0 1', '1 0 1 1', '1 -1e308 1e308'])(
    'with the line %j are refused',
    (line) => {
      expect(() =>
        parseRanges(
          rangesOf((row, i) => (i === 0 ? line : row)),
          'ranges',
        ),
      ).toThrow('ranges holds no ranges of BRISQUE');
    },
  );
});
