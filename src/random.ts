/**
 * A seeded generator of pseudo-random numbers. The same seed gives the same numbers everywhere.
 *
 * The generator is sfc32 (Chris Doty-Humphrey's "small fast counter"), seeded through MurmurHash3's finaliser.
 */
export interface Random {
  /** Uniform in [0, 1), 32 bits of it random. */
  uniform(): number;
  /** A whole number in [0, bound). */
  integer(bound: number): number;
  /** Standard normal. */
  normal(): number;
}

/** MurmurHash3's 32-bit finaliser: every input bit reaches every output bit. */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Makes a generator from a seed and, optionally, further numbers that name an independent stream,
 * such as a step: what a step draws then depends on nothing that happened before it.
 *
 * @example
 * const random = createRandom(0, 7);
 * random.integer(6) + 1; // a die
 */
export function createRandom(seed: number, ...stream: readonly number[]): Random {
  let state = mix32(seed ^ 0x9e3779b9);
  const next = (word: number): number => {
    state = mix32(state + 0x9e3779b9 + mix32(word));
    return state;
  };
  // A seed above 32 bits brings its upper bits as a word of their own.
  if (seed >= 2 ** 32) next(Math.floor(seed / 2 ** 32));
  for (const word of stream) next(word);
  let [a, b, c, counter] = [next(1), next(2), next(3), 1];
  const bits = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) bits();
  const uniform = (): number => bits() / 4294967296;
  return {
    uniform,
    integer: (bound) => Math.floor(uniform() * bound),
    // Box–Muller; 1 − u is in (0, 1].
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}
