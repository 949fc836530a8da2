import { border, type Mosaic, mirrored, throughPattern } from './mosaic.js';

/**
 * A linear filter for each missing colour, by what the samples count: the site's own, those beside it, those two away,
 * and those at its corners.
 */
export interface LinearFilters {
  /** Green at red and blue: four samples are near, four far. */
  readonly green: { readonly own: number; readonly near: number; readonly far: number };
  /** Red at green where red lies left and right; turned, where it lies above and below; the same for blue. */
  readonly beside: {
    readonly own: number;
    /** Two samples, along the line. */
    readonly near: number;
    readonly far: number;
    readonly corner: number;
    /** Two samples, two away across the line. */
    readonly farAside: number;
  };
  /** Red at blue and blue at red. */
  readonly opposite: { readonly own: number; readonly corner: number; readonly far: number };
}

/** The mean of the nearest samples of the colour. */
export const bilinear: LinearFilters = {
  green: { own: 0, near: 1 / 4, far: 0 },
  beside: { own: 0, near: 1 / 2, far: 0, corner: 0, farAside: 0 },
  opposite: { own: 0, corner: 1 / 4, far: 0 },
};

/** Malvar, He and Cutler (ICASSP 2004), figure 2: bilinear, corrected by the Laplacian of the channel that is there. */
export const malvar: LinearFilters = {
  green: { own: 4 / 8, near: 2 / 8, far: -1 / 8 },
  beside: { own: 5 / 8, near: 4 / 8, far: -1 / 8, corner: -1 / 8, farAside: 1 / 16 },
  opposite: { own: 6 / 8, corner: 2 / 8, far: -3 / 16 },
};

/** Demosaics by linear filters: `[3, height, width]`. */
export function linear(mosaic: Mosaic, filters: LinearFilters): Float32Array<ArrayBuffer> {
  const raw = mirrored(mosaic);
  const stride = mosaic.width + 2 * border;
  const area = mosaic.width * mosaic.height;
  const planes = new Float32Array(3 * area);
  const { green, beside, opposite } = filters;
  throughPattern(mosaic, {
    atColour({ from, to, count }, own, other) {
      for (let i = 0, p = from, q = to; i < count; i++, p += 2, q += 2) {
        const here = raw[p] ?? 0;
        const near = (raw[p - stride] ?? 0) + (raw[p + stride] ?? 0) + (raw[p - 1] ?? 0) + (raw[p + 1] ?? 0);
        const far =
          (raw[p - 2 * stride] ?? 0) + (raw[p + 2 * stride] ?? 0) + (raw[p - 2] ?? 0) + (raw[p + 2] ?? 0);
        const corners =
          (raw[p - stride - 1] ?? 0) +
          (raw[p - stride + 1] ?? 0) +
          (raw[p + stride - 1] ?? 0) +
          (raw[p + stride + 1] ?? 0);
        planes[own + q] = here;
        planes[area + q] = green.own * here + green.near * near + green.far * far;
        planes[other + q] = opposite.own * here + opposite.corner * corners + opposite.far * far;
      }
    },
    atGreen({ from, to, count }, across, down) {
      for (let i = 0, p = from, q = to; i < count; i++, p += 2, q += 2) {
        const here = raw[p] ?? 0;
        const nearAcross = (raw[p - 1] ?? 0) + (raw[p + 1] ?? 0);
        const nearDown = (raw[p - stride] ?? 0) + (raw[p + stride] ?? 0);
        const farAcross = (raw[p - 2] ?? 0) + (raw[p + 2] ?? 0);
        const farDown = (raw[p - 2 * stride] ?? 0) + (raw[p + 2 * stride] ?? 0);
        const corners =
          (raw[p - stride - 1] ?? 0) +
          (raw[p - stride + 1] ?? 0) +
          (raw[p + stride - 1] ?? 0) +
          (raw[p + stride + 1] ?? 0);
        const common = beside.own * here + beside.corner * corners;
        planes[area + q] = here;
        planes[across + q] =
          common + beside.near * nearAcross + beside.far * farAcross + beside.farAside * farDown;
        planes[down + q] =
          common + beside.near * nearDown + beside.far * farDown + beside.farAside * farAcross;
      }
    },
  });
  return planes;
}
