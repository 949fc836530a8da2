import type { DenoiseFacts, UpscaleFacts } from 'revela/web';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1, minimumFractionDigits: 1 });

/** What was found in a picture, in words. */
export function denoiseWords({ lumaNoise, chromaNoise, natural }: DenoiseFacts): string {
  const noise = `${number.format(lumaNoise)} in brightness and ${number.format(chromaNoise)} in colour, of 255`;
  if (natural === 0)
    return `No noise to take away: ${noise} was measured. More strength shows what the network would do.`;
  return `Noise of ${noise}. The strength that is natural for it is ${Math.round(natural)} %.`;
}

/** How far the network has come, in words. */
export function tileWords(tile: number, tiles: number): string {
  return tile < tiles ? `${tile} of ${tiles} parts` : 'Giving back what is no noise …';
}

/** A message as a sentence: those of the library begin small, as they follow a file's name in a terminal. */
export function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?…]$/.test(message) ? '' : '.'}`;
}

/** How a picture was enlarged, in words. */
export function upscaleWords(
  { scale, weights, reason }: UpscaleFacts,
  width: number,
  height: number,
): string {
  return `Enlarged ${scale} times, to ${width} × ${height} pixels, by the weights “${weights}”, as ${reason}.`;
}
