/** A source of random numbers. */
export interface Random {
  /** The next number, evenly distributed in [0, 1). */
  uniform(): number;
}

/**
 * The generator of one training step: the same numbers for the same seed and step, unrelated ones for any other,
 * so that a run that resumes at a step draws what an uninterrupted run would have drawn there.
 *
 * It is splitmix32: a counter that moves by an odd constant, its bits then mixed.
 *
 * @param seed any whole number from 0 to 2⁵³ − 1
 * @param step likewise
 *
 * @example
 * randomOfStep(0, 1200).uniform();
 */
export function randomOfStep(seed: number, step: number): Random {
  let state = 0x2545f491;
  for (const word of [seed, Math.floor(seed / 2 ** 32), step, Math.floor(step / 2 ** 32)]) {
    state = mix((state + 0x9e3779b9) ^ mix(word >>> 0));
  }
  return {
    uniform() {
      state = (state + 0x9e3779b9) | 0;
      return mix(state) / 2 ** 32;
    },
  };
}

/** Spreads each bit of a 32-bit word over all of them; one to one. */
function mix(word: number): number {
  let bits = word | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}
