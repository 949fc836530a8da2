import { OptionError, optionError } from '../errors.js';
import type { Mask, RemovalSettings } from './removal-settings.js';
import { holdPicture, type PictureInput, pictureOf } from '../images/index.js';

/** How much of the noise is taken away, and where. Every field has a default: what is natural for the picture. */
export interface RemovalOptions {
  /**
   * From 0, which gives the picture's own pixels exactly, to 100, all that the network takes away. Default: by the noise
   * that is measured; nothing where none is seen, all where it is plain.
   */
  readonly strength?: number;
  /** How much of that for the noise of brightness, 0 to 100; default 100. */
  readonly luma?: number;
  /** How much of that for the noise of colour, 0 to 100; default 100. */
  readonly chroma?: number;
  /**
   * How much of what may be detail is given back, from 0, nothing, to 100; default 50. More keeps texture, and noise with
   * it.
   */
  readonly detail?: number;
  /** A grey picture of the same size that scales the strength: white takes away, black leaves alone. */
  readonly mask?: PictureInput;
  /**
   * The network's answer as it is: noise is not measured, clean pictures are not left alone, colours are not held. For
   * comparing networks, not for photographs. Default false.
   */
  readonly bare?: boolean;
}

const numbers = ['strength', 'luma', 'chroma', 'detail'] as const;

const outside = { code: 'ERR_OUT_OF_RANGE' } as const;

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
 * Checks what was asked for.
 *
 * @param keepDetail the option that contradicts `detail`, where it is given
 * @throws OptionError for a number that is not from 0 to 100, a mask with colours, and options that contradict
 */
export async function settleRemoval(
  options: RemovalOptions,
  keepDetail: boolean | undefined,
): Promise<RemovalSettings> {
  const { strength, luma = 100, chroma = 100, detail = 50, mask, bare = false } = options;
  for (const name of numbers) {
    const value = options[name];
    if (value !== undefined && !(value >= 0 && value <= 100))
      throw optionError(name, 'a number from 0 to 100', value, outside);
    if (value !== undefined && bare)
      throw new OptionError(`\`bare\` gives the network's answer as it is: leave out \`${name}\``);
  }
  if (bare && mask !== undefined)
    throw new OptionError("`bare` gives the network's answer as it is: leave out `mask`");
  if (keepDetail === false && options.detail !== undefined)
    throw new OptionError('`detail` and `keepDetail: false` disagree: leave one of them out');
  return {
    ...(strength === undefined ? {} : { strength: strength / 100 }),
    luma: luma / 100,
    chroma: chroma / 100,
    detail: detail / 100,
    ...(mask === undefined ? {} : { mask: await maskFrom(mask) }),
    bare,
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
