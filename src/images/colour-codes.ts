import {
  type Chromaticity,
  colourProfile,
  greyProfile,
  type Primaries,
  srgb,
  type ToneCurve,
} from './colour-profile.js';
import type { ColourCodes } from '../pixels/index.js';

const d65: Chromaticity = [0.3127, 0.329];
const c: Chromaticity = [0.31, 0.316];

/** Primaries by their code points (H.273, table 2). */
const primariesByCode: Readonly<Record<number, Primaries>> = {
  1: srgb.primaries,
  4: { white: c, red: [0.67, 0.33], green: [0.21, 0.71], blue: [0.14, 0.08] },
  5: { white: d65, red: [0.64, 0.33], green: [0.29, 0.6], blue: [0.15, 0.06] },
  6: { white: d65, red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07] },
  7: { white: d65, red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07] },
  8: { white: c, red: [0.681, 0.319], green: [0.243, 0.692], blue: [0.145, 0.049] },
  9: { white: d65, red: [0.708, 0.292], green: [0.17, 0.797], blue: [0.131, 0.046] },
  11: { white: [0.314, 0.351], red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06] },
  12: { white: d65, red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06] },
  22: { white: d65, red: [0.63, 0.34], green: [0.295, 0.605], blue: [0.155, 0.077] },
};

const television: ToneCurve = {
  parameters: [1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081],
};

/** How values become light by their code points (table 3), where it is not HDR. */
const curvesByCode: Readonly<Record<number, ToneCurve>> = {
  1: television,
  4: { power: 2.2 },
  5: { power: 2.8 },
  6: television,
  8: { power: 1 },
  13: srgb.curve,
  14: television,
  15: television,
};

const names: Readonly<Record<number, string>> = { 1: 'BT.709', 9: 'BT.2020', 11: 'DCI-P3', 12: 'P3 D65' };

/** Whether the codes say sRGB, or nothing: then a file needs no word about its colours. */
export function isUsual({ primaries, transfer, fullRange }: ColourCodes): boolean {
  return fullRange && (primaries === 1 || primaries === 2) && (transfer === 13 || transfer === 2);
}

/** What people call the colours of these codes: `PQ (HDR), BT.2020`. */
export function coloursText({ primaries, transfer }: ColourCodes): string {
  const curve = transfer === 16 ? 'PQ (HDR)' : transfer === 18 ? 'HLG (HDR)' : `transfer ${transfer}`;
  return `${curve}, ${names[primaries] ?? `primaries ${primaries}`}`;
}

/** A profile of the colours that codes say; `undefined` where none can, as of HDR. */
export function profileOfCodes(
  { primaries, transfer, fullRange }: ColourCodes,
  channels: 1 | 3,
): Uint8Array | undefined {
  const colours = primariesByCode[primaries === 2 ? 1 : primaries];
  const curve = transfer === 2 ? srgb.curve : curvesByCode[transfer];
  if (!fullRange || colours === undefined || curve === undefined) return undefined;
  const name = `${names[primaries] ?? `Primaries ${primaries}`}, transfer ${transfer} (H.273)`;
  return channels === 1 ? greyProfile(name, curve) : colourProfile(name, colours, [curve]);
}

/** What PNG files say of their colours without a profile: `gAMA` and `cHRM`. */
export interface GammaAndPrimaries {
  /** The power by which values are made of light: 0.45455 for most, 1 for light itself. */
  readonly gamma?: number;
  readonly primaries?: Primaries;
}

/** A profile of such colours; `undefined` where they are those of sRGB, nearly, or impossible. */
export function profileOfGamma(
  { gamma, primaries }: GammaAndPrimaries,
  channels: 1 | 3,
): Uint8Array | undefined {
  const usualGamma = gamma === undefined || Math.abs(gamma - 0.454_55) < 0.002;
  const usualColours = primaries === undefined || channels === 1 || isNear(primaries, srgb.primaries);
  if (usualGamma && usualColours) return undefined;
  if (gamma !== undefined && !(gamma > 0.05 && gamma < 20)) return undefined;
  const curve: ToneCurve = gamma === undefined ? srgb.curve : { power: 1 / gamma };
  const name = gamma === undefined ? 'Primaries of the file' : `Gamma ${(1 / gamma).toFixed(2)}`;
  if (channels === 1) return greyProfile(name, curve);
  return colourProfile(`${name}, primaries of the file`, primaries ?? srgb.primaries, [curve]);
}

function isNear(a: Primaries, b: Primaries): boolean {
  const pairs = [
    [a.white, b.white],
    [a.red, b.red],
    [a.green, b.green],
    [a.blue, b.blue],
  ] as const;
  return pairs.every(([[x, y], [u, v]]) => Math.abs(x - u) < 0.002 && Math.abs(y - v) < 0.002);
}
