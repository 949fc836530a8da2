/** A colour by its CIE 1931 chromaticity x, y. */
export type Chromaticity = readonly [x: number, y: number];

/** The colours that red, green, blue and white are. */
export interface Primaries {
  readonly white: Chromaticity;
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
}

/**
 * How values become light: a power, the curve of five numbers g, a, b, c, d that is (a·v + b)^g from d on and c·v below, or
 * samples at equal distances, in [0, 1].
 */
export type ToneCurve =
  | { readonly power: number }
  | { readonly parameters: readonly [number, number, number, number, number] }
  | { readonly samples: readonly number[] };

/** What sRGB means. */
export const srgb: { readonly primaries: Primaries; readonly curve: ToneCurve } = {
  primaries: { white: [0.3127, 0.329], red: [0.64, 0.33], green: [0.3, 0.6], blue: [0.15, 0.06] },
  curve: { parameters: [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.040_45] },
};

type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

/** The white that profiles are connected by, D50. */
const connection: Vector = [0.9642, 1, 0.8249];

/** Bradford's cone responses, in which one white is brought to another. */
const bradford: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

/**
 * An ICC profile (version 4, matrix and curves) of colours that a file describes without one.
 *
 * @param name what programs call it
 * @param curves one for all colours, or one each of red, green and blue
 * @returns `undefined` where the primaries are none: in a line, or not in the plane of colours
 */
export function colourProfile(
  name: string,
  { white, red, green, blue }: Primaries,
  curves: readonly [ToneCurve] | readonly [ToneCurve, ToneCurve, ToneCurve],
): Uint8Array | undefined {
  const primaries = transposed([xyz(red), xyz(green), xyz(blue)]);
  const inverse = inverted(primaries);
  const adaptation = inverse && adaptationFrom(xyz(white));
  if (inverse === undefined || adaptation === undefined) return undefined;
  const [r, g, b] = times(inverse, xyz(white));
  const toConnection = product(
    adaptation,
    product(primaries, [
      [r, 0, 0],
      [0, g, 0],
      [0, 0, b],
    ]),
  );
  const [redTo, greenTo, blueTo] = transposed(toConnection);
  const all = [redTo, greenTo, blueTo, ...adaptation].flat();
  if (!all.every((value) => Math.abs(value) < 1000)) return undefined;
  const [first, second = first, third = first] = curves;
  return profileOf('RGB ', [
    ...commonTags(name),
    ['chad', typed('sf32', ...adaptation.flat().map(fixed))],
    ['rXYZ', typed('XYZ ', ...redTo.map(fixed))],
    ['gXYZ', typed('XYZ ', ...greenTo.map(fixed))],
    ['bXYZ', typed('XYZ ', ...blueTo.map(fixed))],
    ['rTRC', curveTag(first)],
    ['gTRC', curveTag(second)],
    ['bTRC', curveTag(third)],
  ]);
}

/** The same of grey. */
export function greyProfile(name: string, curve: ToneCurve): Uint8Array {
  return profileOf('GRAY', [...commonTags(name), ['kTRC', curveTag(curve)]]);
}

type Tag = readonly [signature: string, data: Buffer];

function commonTags(name: string): readonly Tag[] {
  return [
    ['desc', textTag(name)],
    ['cprt', textTag('CC0')],
    ['wtpt', typed('XYZ ', ...connection.map(fixed))],
  ];
}

/** The header, the table of tags and the tags. */
function profileOf(space: 'RGB ' | 'GRAY', tags: readonly Tag[]): Uint8Array {
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length, 0);
  const parts: Buffer[] = [];
  let at = 128 + table.length;
  for (const [i, [signature, data]] of tags.entries()) {
    table.write(signature, 4 + 12 * i, 'latin1');
    table.writeUInt32BE(at, 8 + 12 * i);
    table.writeUInt32BE(data.length, 12 + 12 * i);
    const padding = Buffer.alloc((4 - (data.length % 4)) % 4);
    parts.push(data, padding);
    at += data.length + padding.length;
  }
  const header = Buffer.alloc(128);
  header.writeUInt32BE(at, 0);
  header.writeUInt32BE(0x04_40_00_00, 8);
  header.write(`mntr${space}XYZ `, 12, 'latin1');
  header.writeUInt16BE(2000, 24); // a date is needed, and must not make results differ
  header.writeUInt16BE(1, 26);
  header.writeUInt16BE(1, 28);
  header.write('acsp', 36, 'latin1');
  for (const [i, value] of connection.entries()) fixed(value).copy(header, 68 + 4 * i);
  return Buffer.concat([header, table, ...parts]);
}

function typed(type: string, ...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from(`${type}\0\0\0\0`, 'latin1'), ...parts]);
}

/** A number with 16 bits behind the point. */
function fixed(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(Math.round(value * 65_536), 0);
  return bytes;
}

function textTag(text: string): Buffer {
  const letters = Buffer.from(text, 'utf16le').swap16();
  const head = Buffer.alloc(20);
  head.writeUInt32BE(1, 0);
  head.writeUInt32BE(12, 4);
  head.write('enUS', 8, 'latin1');
  head.writeUInt32BE(letters.length, 12);
  head.writeUInt32BE(28, 16);
  return typed('mluc', head, letters);
}

function curveTag(curve: ToneCurve): Buffer {
  if ('power' in curve) return typed('para', Buffer.from([0, 0, 0, 0]), fixed(curve.power));
  if ('parameters' in curve) return typed('para', Buffer.from([0, 3, 0, 0]), ...curve.parameters.map(fixed));
  const samples = Buffer.alloc(4 + 2 * curve.samples.length);
  samples.writeUInt32BE(curve.samples.length, 0);
  for (const [i, value] of curve.samples.entries())
    samples.writeUInt16BE(Math.round(Math.min(1, Math.max(0, value)) * 65_535), 4 + 2 * i);
  return typed('curv', samples);
}

function xyz([x, y]: Chromaticity): Vector {
  return [x / y, 1, (1 - x - y) / y];
}

/** What brings a white to that of the connection. */
function adaptationFrom(white: Vector): Matrix | undefined {
  const back = inverted(bradford);
  const [from, to] = [times(bradford, white), times(bradford, connection)];
  if (back === undefined) return undefined;
  const scaled: Matrix = [
    [to[0] / from[0], 0, 0],
    [0, to[1] / from[1], 0],
    [0, 0, to[2] / from[2]],
  ];
  return product(back, product(scaled, bradford));
}

function times([a, b, c]: Matrix, vector: Vector): Vector {
  return [dot(a, vector), dot(b, vector), dot(c, vector)];
}

function dot([a, b, c]: Vector, [x, y, z]: Vector): number {
  return a * x + b * y + c * z;
}

function transposed([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix {
  return [
    [a, d, g],
    [b, e, h],
    [c, f, i],
  ];
}

function product(left: Matrix, right: Matrix): Matrix {
  const [x, y, z] = transposed(right);
  return transposed([times(left, x), times(left, y), times(left, z)]);
}

function inverted([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix | undefined {
  const determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  if (!(Math.abs(determinant) > 1e-9) || !Number.isFinite(determinant)) return undefined;
  const over = (value: number): number => value / determinant;
  return [
    [over(e * i - f * h), over(c * h - b * i), over(b * f - c * e)],
    [over(f * g - d * i), over(a * i - c * g), over(c * d - a * f)],
    [over(d * h - e * g), over(b * g - a * h), over(a * e - b * d)],
  ];
}
