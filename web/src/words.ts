import type { CompareName } from 'revela/web';
import { numberText, say } from './language/index.js';
import type { Found } from './queue.js';

/** A measure of a comparison: decibels to a hundredth, likenesses to a ten-thousandth. */
export function measureText(name: CompareName, value: number | undefined): string {
  if (value === undefined) return '–';
  if (value === Number.POSITIVE_INFINITY) return '∞';
  return numberText(value, name.startsWith('psnr') ? 2 : 4);
}

/** What the mark of a picture says beside its state: a number that was measured. */
export function markWords(found: Found | undefined): string | undefined {
  if (found?.kind === 'score') return numberText(found.score);
  if (found?.kind === 'compare') {
    const { psnr } = found.facts;
    return psnr === undefined || psnr === Number.POSITIVE_INFINITY
      ? measureText('psnr', psnr)
      : numberText(psnr, 1);
  }
  return found?.kind === 'reference' ? '=' : undefined;
}

/** What was found in a picture and done to it, in words. */
export function foundWords(found: Found, alone: boolean): string {
  if (found.kind === 'score') {
    const score = say().score(numberText(found.score, 1));
    return found.niqe === undefined ? score : `${score} ${say().niqe(numberText(found.niqe, 2))}`;
  }
  if (found.kind === 'reference') return alone ? say().compareAlone : say().isReference;
  if (found.kind === 'compare') {
    const { psnr, ssim, 'ms-ssim': scales, lpips } = found.facts;
    if (psnr === Number.POSITIVE_INFINITY) return say().equal;
    const likeness = [
      ...(ssim === undefined ? [] : [`SSIM ${measureText('ssim', ssim)}`]),
      ...(scales === undefined ? [] : [`MS-SSIM ${measureText('ms-ssim', scales)}`]),
    ];
    const words = say().compared([`PSNR ${measureText('psnr', psnr)} dB`, ...likeness].join(', '));
    return lpips === undefined ? words : `${words} ${say().lpips(measureText('lpips', lpips))}`;
  }
  if (found.kind === 'upscale') {
    const { scale, weights } = found.facts;
    return say().enlarged(numberText(scale), String(found.width), String(found.height), weights);
  }
  const { lumaNoise, chromaNoise, natural } = found.facts;
  const [luma, chroma] = [numberText(lumaNoise, 1), numberText(chromaNoise, 1)];
  if (natural === 0) return say().noNoise(luma, chroma);
  return say().noise(luma, chroma, numberText(natural));
}
