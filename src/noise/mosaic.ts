/** A mosaic of the Bayer pattern RGGB: `[height, width]`, red at even rows and columns. */
export interface Mosaic {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Room for a mosaic with this many samples mirrored on all sides; even, so that the pattern goes on. */
export const border = 4;

/** Mirrors without repeating the edge samples, which keeps the pattern. */
export function mirrored({ width, height, data }: Mosaic): Float32Array<ArrayBuffer> {
  const stride = width + 2 * border;
  const padded = new Float32Array(stride * (height + 2 * border));
  const inside = (i: number, n: number): number => {
    const period = Math.max(1, 2 * (n - 1)); // a side of 1 repeats its only sample
    const place = ((i % period) + period) % period;
    return place < n ? place : period - place;
  };
  for (let y = -border; y < height + border; y++) {
    const row = inside(y, height) * width;
    const to = (y + border) * stride + border;
    padded.set(data.subarray(row, row + width), to);
    for (let k = 1; k <= border; k++) {
      padded[to - k] = data[row + inside(-k, width)] ?? 0;
      padded[to + width - 1 + k] = data[row + inside(width - 1 + k, width)] ?? 0;
    }
  }
  return padded;
}

/** A row of sites of one kind in a padded plane of numbers, every other pixel, and where their colours go. */
export interface Sites {
  /** The first site in the padded plane, and in the result's rows. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** What finds the missing colours of the sites of a row; planes are given by where they begin in the result. */
export interface Finder {
  /** At red or blue: `own` is the plane of the colour that is there, `other` the opposite one's. */
  atColour(sites: Sites, own: number, other: number): void;
  /** At green: `across` is the plane of the colour that lies left and right, `down` that above and below. */
  atGreen(sites: Sites, across: number, down: number): void;
}

/** Goes through the pattern RGGB row by row. */
export function throughPattern({ width, height }: Mosaic, { atColour, atGreen }: Finder): void {
  const area = width * height;
  const [red, blue] = [0, 2 * area];
  const [evens, odds] = [(width + 1) >> 1, width >> 1];
  for (let y = 0; y < height; y++) {
    const even = {
      from: (y + border) * (width + 2 * border) + border,
      to: y * width,
      count: evens,
    };
    const odd = { from: even.from + 1, to: even.to + 1, count: odds };
    if ((y & 1) === 0) {
      atColour(even, red, blue);
      atGreen(odd, red, blue);
    } else {
      atGreen(even, blue, red);
      atColour(odd, blue, red);
    }
  }
}
