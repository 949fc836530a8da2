/** A way from linear light to the values of a picture file and back, tabulated. */
export interface ToneCurve {
  /** What {@link encodeBy} reads. */
  readonly forward: Float32Array;
  /** What {@link decodeBy} reads. */
  readonly backward: Float32Array;
}

/** What a tone curve is drawn from. */
export interface ToneCurveShape {
  /** The exponent of the power part: 2.4 is that of sRGB. */
  readonly gamma: number;
  /** How much of a contrast curve 3v² − 2v³ is mixed into the encoded values, −0.3 to 1. */
  readonly contrast: number;
}

const entries = 4096;

/** sRGB's transfer function (IEC 61966-2-1) with an exponent of its own; its toe is kept continuous. */
function encodeGamma(linear: number, gamma: number): number {
  const toe = 0.0031308;
  const slope = (1.055 * toe ** (1 / gamma) - 0.055) / toe;
  return linear <= toe ? linear * slope : 1.055 * linear ** (1 / gamma) - 0.055;
}

/**
 * A tone curve as cameras have them: a power law with a straight toe, and an S-curve over it.
 *
 * @example
 * const { forward, backward } = toneCurve({ gamma: 2.4, contrast: 0.5 });
 * decodeBy(backward, encodeBy(forward, 0.18)); // 0.18
 */
export function toneCurve({ gamma, contrast }: ToneCurveShape): ToneCurve {
  // In the root of linear light the table is dense where the curve is steep.
  const forward = new Float32Array(entries + 2);
  for (let i = 0; i <= entries; i++) {
    const value = encodeGamma((i / entries) ** 2, gamma);
    forward[i] = value + contrast * (value * value * (3 - 2 * value) - value);
  }
  forward[entries + 1] = forward[entries] ?? 1;
  const backward = new Float32Array(entries + 2);
  let at = 0;
  for (let i = 0; i <= entries; i++) {
    const value = i / entries;
    while (at < entries - 1 && (forward[at + 1] ?? 1) < value) at++;
    const [low, high] = [forward[at] ?? 0, forward[at + 1] ?? 1];
    const part = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0;
    backward[i] = ((at + part) / entries) ** 2;
  }
  backward[entries + 1] = backward[entries] ?? 1;
  return { forward, backward };
}

/** Linear light in [0, 1] → values of a file in [0, 1]; below 0 and above 1 the end values. */
export function encodeBy(forward: Float32Array, linear: number): number {
  if (linear <= 0) return forward[0] ?? 0;
  return linear >= 1 ? (forward[entries] ?? 1) : between(forward, Math.sqrt(linear) * entries);
}

/** Values of a file in [0, 1] → linear light. */
export function decodeBy(backward: Float32Array, value: number): number {
  return between(backward, Math.min(1, Math.max(0, value)) * entries);
}

function between(table: Float32Array, place: number): number {
  const index = place | 0;
  const low = table[index] ?? 0;
  return low + (place - index) * ((table[index + 1] ?? 0) - low);
}
