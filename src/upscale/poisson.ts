import type { Random } from '../random.js';

/**
 * Draws Poisson numbers of one mean by inverting its distribution function: one uniform number a draw, exact to the
 * 32 bits of that number.
 *
 * @param mean from 0 to 700, above which e^−mean is too small for a double
 * @throws RangeError if the mean is outside of that
 *
 * @example
 * const photons = poissonSampler(12.5);
 * photons(random);
 */
export function poissonSampler(mean: number): (random: Random) => number {
  if (!(mean >= 0 && mean <= 700)) throw new RangeError(`a mean from 0 to 700 was expected, not ${mean}`);
  const cumulative = distributionFunction(mean);
  const last = cumulative.length - 1;
  // Where the search begins for each of so many equal parts of [0, 1): it then ends within a step or two.
  const begin = new Uint16Array(256);
  for (let part = 0, k = 0; part < begin.length; part++) {
    while (k < last && (cumulative[k] ?? 1) <= part / begin.length) k++;
    begin[part] = k;
  }
  return (random) => {
    const place = random.uniform();
    let k = begin[Math.floor(place * begin.length)] ?? 0;
    while (k < last && (cumulative[k] ?? 1) <= place) k++;
    return k;
  };
}

/** P(X ≤ k) for k = 0, 1, … until what is left is too little for 32 bits to meet. */
function distributionFunction(mean: number): Float64Array {
  const values: number[] = [];
  let probability = Math.exp(-mean);
  let sum = probability;
  for (let k = 1; ; k++) {
    values.push(sum);
    if (k > mean && probability < 2 ** -36) break;
    probability *= mean / k;
    sum += probability;
  }
  return Float64Array.from(values);
}
