import { numberText, say } from './language/index.js';
import type { Found } from './queue.js';

/** What was found in a picture and done to it, in words. */
export function foundWords(found: Found): string {
  if (found.kind === 'upscale') {
    const { scale, weights } = found.facts;
    return say().enlarged(numberText(scale), String(found.width), String(found.height), weights);
  }
  const { lumaNoise, chromaNoise, natural } = found.facts;
  const [luma, chroma] = [numberText(lumaNoise, 1), numberText(chromaNoise, 1)];
  if (natural === 0) return say().noNoise(luma, chroma);
  return say().noise(luma, chroma, numberText(natural));
}
