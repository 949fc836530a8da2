import { RevelaError } from '../errors.js';
import { lumaOfColour } from '../pixels/index.js';
import { present } from '../present.js';
import type { PageImage, Pixels } from './page-image.js';

/** A picture with all its noise taken away, and so much of its detail held. */
export interface Layer {
  /** From 0 to 100. */
  readonly detail: number;
  readonly image: Pixels;
}

/** How much noise is taken away, all from 0 to 100, as for `denoise`. */
export interface MixSettings {
  readonly strength: number;
  readonly luma: number;
  readonly chroma: number;
  readonly detail: number;
}

/** Some rows of a picture. */
export interface Rows {
  readonly from: number;
  /** The row after the last. */
  readonly to: number;
}

/** The layers that a detail lies between, and how far it is from the first to the second, 0 to 1. */
function between(layers: readonly Layer[], detail: number): readonly [Layer, Layer, number] {
  const [first] = layers;
  if (first === undefined) throw new RevelaError('there are no layers to mix');
  let lower = first;
  for (const layer of layers) {
    if (layer.detail >= detail)
      return [lower, layer, layer === lower ? 0 : (detail - lower.detail) / (layer.detail - lower.detail)];
    lower = layer;
  }
  return [lower, lower, 0];
}

/**
 * Mixes a picture and its layers, without asking the network again: brightness, colour and strength to what `denoise` gives, but for
 * rounding; detail as a blend of the two nearest layers.
 *
 * @param layers of `denoiseLayers`, of the picture's size, by rising detail
 * @param rows only these; default: all
 * @throws RevelaError where there are no layers, or one has another size
 *
 * @example
 * const { layers, facts } = await revela.denoiseLayers(image);
 * const softer = mixLayers(image, layers, { strength: facts.natural, luma: 60, chroma: 100, detail: 50 });
 */
export function mixLayers(
  image: PageImage,
  layers: readonly Layer[],
  { strength, luma, chroma, detail }: MixSettings,
  { from, to }: Rows = { from: 0, to: image.height },
): Pixels {
  const { data: before, width, height } = image;
  for (const { image: layer } of layers)
    if (layer.width !== width || layer.height !== height)
      throw new RevelaError(
        `a layer has ${layer.width}×${layer.height} pixels, and its picture ${width}×${height}`,
      );
  const [lower, upper, position] = between(layers, detail);
  const [low, high] = [lower.image.data, upper.image.data];
  const [grey, colour] = [(strength * luma) / 10_000, (strength * chroma) / 10_000];
  const [start, end] = [4 * width * from, 4 * width * to];
  const deep = before instanceof Uint16Array;
  const data = deep ? new Uint16Array(end - start) : new Uint8ClampedArray(end - start);
  // The one rounds and clamps what it is given, the other does not.
  const kept = (value: number): number => (deep ? Math.round(Math.min(65_535, Math.max(0, value))) : value);
  const taken = (at: number): number => {
    const there = low[at] ?? 0;
    return (before[at] ?? 0) - there - position * ((high[at] ?? 0) - there);
  };
  for (let at = start; at < end; at += 4) {
    const [red, green, blue] = [taken(at), taken(at + 1), taken(at + 2)];
    const luminance = lumaOfColour(red, green, blue);
    const shift = (grey - colour) * luminance;
    data[at - start] = kept((before[at] ?? 0) - shift - colour * red);
    data[at + 1 - start] = kept((before[at + 1] ?? 0) - shift - colour * green);
    data[at + 2 - start] = kept((before[at + 2] ?? 0) - shift - colour * blue);
    data[at + 3 - start] = before[at + 3] ?? 0;
  }
  return { data, width, height: to - from, ...present({ metadata: image.metadata }) };
}
