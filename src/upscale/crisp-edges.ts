import { bt601 } from '../pixels/index.js';
import {
  add,
  maximum,
  maxPool2d,
  minimum,
  multiply,
  negate,
  relu,
  slice,
  subtract,
  type Tensor,
  total,
} from '../tensor/index.js';
import {
  type Blur,
  blurReach,
  blurred,
  type EdgeScales,
  edgeReach,
  localEdges,
  widened,
} from './local-edges.js';

// As results of `photo` at four times the size were looked at. Lengths are in pixels of the small picture, slopes in values of 255 per such pixel.
/** Standard deviations of the blur before slopes are taken, and of what slopes are averaged over. */
const [BEFORE, AROUND] = [0.35, 0.6];
/** Slopes, and agreement of directions, between which a place becomes a plain edge. */
const [EDGE, AGREEMENT] = [
  [12, 30],
  [0.5, 0.85],
] as const;
/** The curvature from which on a pixel is wholly of its side of the edge. */
const SIDED = 8;
/** How far towards the extreme of its neighbours a pixel of an edge goes each time, and how often for each pixel of the small picture. */
const [PACE, TIMES] = [0.22, 0.75];
/** How much of the finest detail is added where there is no plain edge, and the slopes between which something is detail. */
const DETAIL = 1.2;
const VISIBLE = [4, 12] as const;
/** Half the side of the window whose extremes added detail does not leave. */
const WINDOW = 0.5;

/**
 * Makes the edges of an enlarged picture crisp, without halos and without stairs. Where slopes agree in one direction, brightness moves towards
 * the extreme of its neighbours on its own side of the edge: a shock filter (Osher and Rudin 1990) whose direction the structure tensor
 * gives (Weickert 2003). Elsewhere the finest detail is raised, never beyond the extremes that there are nearby. What has
 * no plain slope stays as it is, and so do the differences between the colours. *Put together and tuned by this project.*
 *
 * @param x a picture, RGB in `[0, 1]`, `[batch, 3, height, width]`
 * @param scale how many times as large it has been made
 * @param strength 0 (the same values) to 1; as a tensor of one number, `[1, 1, 1, 1]`, one program serves all
 * @returns of the same shape; a colour at its end may leave `[0, 1]` a little
 *
 * @example
 * const crisp = crispEdges(upscaled, 4, 1);
 */
export function crispEdges(x: Tensor, scale: number, strength: number | Tensor): Tensor {
  const asStrong = (y: Tensor, factor: number): Tensor =>
    typeof strength === 'number' ? multiply(y, factor * strength) : multiply(multiply(y, factor), strength);
  const scales = scalesOf(scale);
  const luma = luma255(x);
  const { slope, agreement, curvature } = localEdges(luma, scales);
  const edge = multiply(between(slope, EDGE), between(agreement, AGREEMENT));
  const bright = minimum(maximum(multiply(curvature, -1 / SIDED), -1), 1);
  const pull = asStrong(multiply(edge, bright), PACE);
  const [rises, falls] = [relu(pull), relu(negate(pull))];
  let sharper = luma;
  for (let time = 0; time < timesOf(scale); time++) {
    const up = multiply(rises, subtract(largest(sharper, 1), sharper));
    const down = multiply(falls, subtract(sharper, smallest(sharper, 1)));
    sharper = add(sharper, subtract(up, down));
  }
  const detail = subtract(sharper, blurred(sharper, scales.before));
  const amount = asStrong(multiply(subtract(1, edge), between(slope, VISIBLE)), DETAIL);
  const reach = windowOf(scale);
  const raised = add(sharper, multiply(amount, detail));
  const held = maximum(minimum(raised, largest(sharper, reach)), smallest(sharper, reach));
  return add(x, multiply(subtract(held, luma), 1 / 255));
}

/** Pixels of the enlarged picture that one of {@link crispEdges} depends on, each way. */
export function crispReach(scale: number): number {
  const scales = scalesOf(scale);
  const detail = Math.max(blurReach(scales.before), windowOf(scale));
  return edgeReach(scales) + timesOf(scale) + detail;
}

/** Brightness of 0 to 255, `[batch, 1, height, width]`. */
function luma255(rgb: Tensor): Tensor {
  const shares = [bt601.red, bt601.green, bt601.blue].map((share, start) =>
    multiply(slice(rgb, { axis: 1, start, length: 1 }), 255 * share),
  );
  return total(shares);
}

/** Sizes at a scale: moving means of side 3 are repeated until they are as wide as a Gaussian. */
function scalesOf(scale: number): EdgeScales {
  const block = scale % 2 === 0 ? scale / 2 : scale;
  const around = (AROUND * scale) / block;
  return { before: meansOf(BEFORE * scale), block, around: meansOf(around), unit: scale };
}

const meansOf = (deviation: number): Blur => ({
  side: 3,
  times: Math.max(1, Math.round(1.5 * deviation ** 2)),
});
const timesOf = (scale: number): number => Math.max(1, Math.round(TIMES * scale));
const windowOf = (scale: number): number => Math.max(1, Math.round(WINDOW * scale));

/** From 0 at `low` to 1 at `high`, without a corner. */
function between(x: Tensor, [low, high]: readonly [number, number]): Tensor {
  const t = minimum(maximum(multiply(subtract(x, low), 1 / (high - low)), 0), 1);
  return multiply(multiply(t, t), subtract(3, multiply(t, 2)));
}

/** The largest value of the square of `2 · reach + 1` pixels about each. */
const largest = (x: Tensor, reach: number): Tensor =>
  maxPool2d(widened(x, reach), { kernel: 2 * reach + 1, stride: 1 });

const smallest = (x: Tensor, reach: number): Tensor => negate(largest(negate(x), reach));
