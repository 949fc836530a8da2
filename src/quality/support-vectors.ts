import { RevelaError } from '../errors.js';

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
 * @throws RevelaError if it is no ε-SVR with an RBF kernel, or damaged
 */
export function parseSupportVectors(text: string, name: string): SupportVectorRegression {
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
  const rows = lines.slice(start + 1).filter((line) => line.trim() !== '');
  const parsed = rows.map((line) => {
    const [coefficient = '', ...entries] = line.trim().split(/\s+/);
    return {
      coefficient: Number(coefficient),
      entries: entries.map((entry) => entry.split(':').map(Number)),
    };
  });
  const features = parsed.reduce(
    (most, { entries }) => entries.reduce((greatest, [index = 0]) => Math.max(greatest, index), most),
    0,
  );
  const total = Number(facts.get('total_sv'));
  if (features > 10_000 || total !== rows.length)
    throw new RevelaError(
      `${name} is damaged: it should have ${facts.get('total_sv')} support vectors and has ${rows.length}; copy or download it again`,
    );
  const vectors = new Float64Array(rows.length * features);
  for (const [row, { entries }] of parsed.entries()) {
    for (const [index = 0, value = 0] of entries) vectors[row * features + index - 1] = value;
  }
  const result = {
    gamma: Number(facts.get('gamma')),
    rho: Number(facts.get('rho')),
    coefficients: Float64Array.from(parsed, ({ coefficient }) => coefficient),
    vectors,
    features,
  };
  const numbers = [result.gamma, result.rho, ...result.coefficients, ...vectors];
  if (!numbers.every(Number.isFinite))
    throw new RevelaError(`${name} is damaged: not all of it are numbers; copy or download it again`);
  return result;
}
