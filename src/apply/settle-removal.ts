import { OptionError } from '../errors.js';
import { present } from '../present.js';
import { settled } from '../options/index.js';
import { type RemovalOptions, removalOptions } from './removal-options.js';
import type { Mask, RemovalSettings } from './removal-settings.js';
import { holdPicture, type PictureInput, pictureOf } from '../images/index.js';

const adjusting = ['strength', 'luma', 'chroma', 'detail', 'mask'] as const;

async function maskFrom(given: PictureInput): Promise<Mask> {
  const input = await holdPicture(given);
  const { width, height, channels, data } = await pictureOf(input);
  const area = width * height;
  const alike = channels === 1 || isGrey(data, area);
  const name = typeof input === 'string' ? `\`mask\` ${input}` : '`mask`';
  if (!alike) throw new OptionError(`${name} has colours; a mask is a grey picture`);
  return { width, height, data: data.subarray(0, area), name };
}

/** Whether red, green and blue are alike, but for what JPEG does to them. */
function isGrey(data: Float32Array, area: number): boolean {
  for (let i = 0; i < area; i++) {
    const red = data[i] ?? 0;
    if (Math.abs((data[area + i] ?? 0) - red) > 0.03 || Math.abs((data[2 * area + i] ?? 0) - red) > 0.03)
      return false;
  }
  return true;
}

/**
 * Settles what was asked for.
 *
 * @param keepDetail the option that contradicts `detail`, where it is given
 * @throws OptionError for a mask with colours, and for options that contradict
 */
export async function settleRemoval(
  options: RemovalOptions,
  keepDetail: boolean | undefined,
): Promise<RemovalSettings> {
  const { strength, luma, chroma, detail, mask, bare } = settled(removalOptions, options);
  const adjusted = adjusting.find((name) => options[name] !== undefined);
  if (bare && adjusted !== undefined)
    throw new OptionError(`\`bare\` gives the network's answer as it is: leave out \`${adjusted}\``);
  if (keepDetail === false && options.detail !== undefined)
    throw new OptionError('`detail` and `keepDetail: false` disagree: leave one of them out');
  return {
    ...{ luma: luma / 100, chroma: chroma / 100, detail: detail / 100, bare },
    ...present({
      strength: strength === undefined ? undefined : strength / 100,
      mask: mask === undefined ? undefined : await maskFrom(mask),
    }),
  };
}

/** @throws OptionError if the mask has another size than the picture */
export function checkMask(
  mask: Pick<Mask, 'width' | 'height' | 'name'>,
  { width, height }: { readonly width: number; readonly height: number },
  name: string,
): void {
  if (mask.width !== width || mask.height !== height)
    throw new OptionError(
      `${mask.name} has ${mask.width}×${mask.height} pixels and ${name} ${width}×${height}; both must have the same size`,
    );
}
