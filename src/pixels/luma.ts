/** Shares of red, green and blue in how bright they look together. */
export interface Luma {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** ITU-R BT.601, of values in any range: JPEG's luma. */
export const bt601: Luma = { red: 0.299, green: 0.587, blue: 0.114 };

/** By how much JPEG's differences of colour, Cb and Cr, are smaller than blue and red less luma. */
export const differenceScales = { blue: 1.772, red: 1.402 } as const;

/** {@link bt601} with the four decimals of torchvision's `rgb_to_grayscale`, which Real-ESRGAN's noise is measured by. */
export const torchvisionGrey: Luma = { red: 0.2989, green: 0.587, blue: 0.114 };

/** MATLAB's `rgb2gray`: the first row of the inverse of NTSC's matrix from YIQ to RGB, whose entries have three decimals. */
export const matlabGrey: Luma = {
  red: 0.298936021293775,
  green: 0.587043074451121,
  blue: 0.114020904255103,
};

/** BT.601 as video has it, of 255: {@link videoBlack} is added to it, and white is 235. MATLAB's `rgb2ycbcr`. */
export const bt601Video: Luma = { red: 65.481, green: 128.553, blue: 24.966 };
export const videoBlack = 16;

const { red: RED, green: GREEN, blue: BLUE } = bt601;

/**
 * How bright a colour is by {@link bt601}.
 *
 * @example
 * lumaOfColour(1, 0, 0); // 0.299
 */
export function lumaOfColour(red: number, green: number, blue: number): number {
  return RED * red + GREEN * green + BLUE * blue;
}
