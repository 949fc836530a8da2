import { allowanceFor } from '../../allowance.js';
import { RevelaError } from '../../errors.js';
import { shown } from '../../printable.js';

/** An ε-SVR with Gaussian (RBF) kernel, as LIBSVM trains it. */
export interface SupportVectorRegression {
  /** How fast similarity falls with the squared distance. */
  readonly gamma: number;
  /** What is taken from the sum. */
  readonly rho: number;
  /** `[vectors]` */
  readonly coefficients: Float64Array;
  /** `[vectors, features]` */
  readonly vectors: Float64Array;
  readonly features: number;
}

/**
 * What the regression predicts:
 *
 *     Σᵢ αᵢ exp(−γ |x − xᵢ|²) − ρ
 *
 * @param x the features, scaled as those that it was trained on
 */
export function predict(
  { gamma, rho, coefficients, vectors, features }: SupportVectorRegression,
  x: Float64Array,
): number {
  let sum = 0;
  for (const [i, coefficient] of coefficients.entries()) {
    let distance = 0;
    for (let k = 0; k < features; k++) distance += ((x[k] ?? 0) - (vectors[i * features + k] ?? 0)) ** 2;
    sum += coefficient * Math.exp(-gamma * distance);
  }
  return sum - rho;
}

/**
 * Reads the text of a LIBSVM model: lines of facts, `SV`, then a line per support vector: its coefficient and its
 * numbered features.
 *
 * @param name what errors call it
 * @param features how many features there are
 * @throws RevelaError if it is no ε-SVR with an RBF kernel, of other features, or damaged
 */
export function parseSupportVectors(text: string, name: string, features: number): SupportVectorRegression {
  const lines = text.split(/\r?\n/);
  const start = lines.indexOf('SV');
  const facts = new Map(
    lines.slice(0, Math.max(0, start)).map((line) => {
      const space = line.indexOf(' ');
      return [line.slice(0, space), line.slice(space + 1).trim()];
    }),
  );
  if (facts.get('svm_type') !== 'epsilon_svr' || facts.get('kernel_type') !== 'rbf')
    throw new RevelaError(`${name} is no LIBSVM model of the type epsilon_svr with the kernel rbf`);
  const damaged = (why: string): RevelaError =>
    new RevelaError(`${name} is damaged: ${why}; copy or download it again`);
  const rows = lines.slice(start + 1).filter((line) => line.trim() !== '');
  if (Number(facts.get('total_sv')) !== rows.length)
    throw damaged(`it should have ${facts.get('total_sv')} support vectors and has ${rows.length}`);
  const gamma = finite(facts.get('gamma'));
  const rho = finite(facts.get('rho'));
  if (gamma === undefined || gamma <= 0 || rho === undefined)
    throw damaged(
      `gamma must be a number above 0 and rho a number, not ${facts.get('gamma')} and ${facts.get('rho')}`,
    );
  const allowance = allowanceFor(name, {
    steps: 10_000_000,
    bytes: 2 ** 27,
    kind: 'a regression of opinions',
    remedy: 'give the published model',
  });
  allowance.hold(Float64Array.BYTES_PER_ELEMENT * rows.length * (features + 1));
  const coefficients = new Float64Array(rows.length);
  const vectors = new Float64Array(rows.length * features);
  let greatest = 0;
  for (const [row, line] of rows.entries()) {
    const [first, ...entries] = line.trim().split(/\s+/, features + 2);
    allowance.spend(1 + entries.length);
    const where = `support vector ${row + 1}`;
    const coefficient = finite(first);
    if (coefficient === undefined) throw damaged(`the coefficient of ${where} is no number`);
    coefficients[row] = coefficient;
    let before = 0;
    for (const entry of entries) {
      const [, index = '', text] = /^(\d{1,9}):(\S+)$/.exec(entry) ?? [];
      const [feature, value] = [Number(index), finite(text)];
      if (value === undefined) throw damaged(`${where} has the entry ${shown(entry)}`);
      if (feature <= before || feature > features)
        throw damaged(`${where} has the feature ${feature}; expected are 1 to ${features} in their order`);
      vectors[row * features + feature - 1] = value;
      before = feature;
    }
    greatest = Math.max(greatest, before);
  }
  if (greatest !== features)
    throw damaged(`its support vectors have ${greatest} features, expected are ${features}`);
  return { gamma, rho, coefficients, vectors, features };
}

/** A number as LIBSVM writes it; `undefined` for anything else. */
export function finite(text: string | undefined): number | undefined {
  const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text ?? '') ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
