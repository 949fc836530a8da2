import type { DenoiseFacts, UpscaleFacts } from 'revela/web';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1, minimumFractionDigits: 1 });

/** What was found in a picture, in words. */
export function denoiseWords({ lumaNoise, chromaNoise, natural }: DenoiseFacts): string {
  const noise = `${number.format(lumaNoise)} in brightness and ${number.format(chromaNoise)} in colour, of 255`;
  if (natural === 0)
    return `No noise to take away: ${noise} was measured. More strength shows what the network would do.`;
  return `Noise of ${noise}. The strength that is natural for it is ${Math.round(natural)} %.`;
}

/** How a picture was enlarged, in words. */
export function upscaleWords(
  { scale, weights, reason }: UpscaleFacts,
  width: number,
  height: number,
): string {
  return `${scale} times as wide and high, ${width} × ${height} pixels, by the weights “${weights}”, as ${reason}.`;
}
