import { RevelaError } from '../errors.js';
import type { StateDictShapes } from './architecture.js';

/** What follows a convolution: ReLU, or batch normalisation and ReLU. */
export type DncnnActivation = 'R' | 'BR';

/**
 * How a program calls the layers of a DnCNN:
 * - `model`, `dncnn`, `layers`, `net`, `cnn`: one sequence of that name, where activations have places too. `model` are
 *   KAIR's names, `dncnn` those of the re-implementations in PyTorch that most others come from.
 * - `list`: DeepInverse's first, last and a list of the others, which adds what it computes instead of subtracting it.
 */
export const dncnnNamings = ['model', 'dncnn', 'layers', 'net', 'cnn', 'list'] as const;

/** One of {@link dncnnNamings}. */
export type DncnnNaming = (typeof dncnnNamings)[number];

/** Which convolutions have a bias. */
export interface DncnnBiases {
  readonly first: boolean;
  readonly middle: boolean;
  readonly last: boolean;
}

/** What a state dict tells of a DnCNN. */
export interface DncnnLayers extends DncnnBiases {
  readonly names: DncnnNaming;
  readonly act_mode: DncnnActivation;
  /** Number of convolutions. */
  readonly nb: number;
}

/** The names of convolution number i of nb, and of the batch normalisation after it. */
export function dncnnLayer(
  names: DncnnNaming,
  act_mode: DncnnActivation,
  i: number,
  nb: number,
): { readonly convolution: string; readonly normalisation: string } {
  if (names === 'list') {
    const convolution = i === 0 ? 'in_conv' : i === nb - 1 ? 'out_conv' : `conv_list.${i - 1}`;
    return { convolution, normalisation: `bn_list.${i - 1}` };
  }
  const position = i === 0 ? 0 : 2 + (i - 1) * (1 + act_mode.length);
  return { convolution: `${names}.${position}`, normalisation: `${names}.${position + 1}` };
}

/** The naming of that name. */
export function dncnnNamingOf(text: string): DncnnNaming {
  const naming = dncnnNamings.find((name) => name === text);
  if (naming !== undefined) return naming;
  throw new RevelaError(`a DnCNN's names must be one of ${dncnnNamings.join(', ')}, got ${text}`);
}

/** The DnCNN that has these tensors and no others; undefined where they are not of one. */
export function dncnnLayersOf(shapes: StateDictShapes): DncnnLayers | undefined {
  for (const names of dncnnNamings) {
    const layers = layersNamed(shapes, names);
    if (layers !== undefined) return layers;
  }
  return undefined;
}

function layersNamed(shapes: StateDictShapes, names: DncnnNaming): DncnnLayers | undefined {
  const keys = Object.keys(shapes);
  const convolutions = keys.filter((key) => shapes[key]?.length === 4);
  const nb = convolutions.length;
  if (nb < 2) return undefined;
  const act_mode = keys.some((key) => key.endsWith('.running_mean')) ? 'BR' : 'R';
  const all = Array.from({ length: nb }, (_, i) => dncnnLayer(names, act_mode, i, nb));
  const hasBias = ({ convolution }: (typeof all)[number]): boolean =>
    shapes[`${convolution}.bias`] !== undefined;
  const known = new Set<string>();
  for (const [i, { convolution, normalisation }] of all.entries()) {
    const shape = shapes[`${convolution}.weight`];
    if (shape?.length !== 4 || shape[2] !== 3 || shape[3] !== 3) return undefined;
    known.add(`${convolution}.weight`).add(`${convolution}.bias`);
    if (act_mode === 'BR' && i > 0 && i < nb - 1)
      for (const part of ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'])
        known.add(`${normalisation}.${part}`);
  }
  if (keys.some((key) => !known.has(key))) return undefined;
  const [head, tail] = [all[0], all[nb - 1]];
  const middle = all.slice(1, -1).map(hasBias);
  if (head === undefined || tail === undefined || new Set(middle).size > 1) return undefined;
  return { names, act_mode, nb, first: hasBias(head), middle: middle[0] ?? true, last: hasBias(tail) };
}
