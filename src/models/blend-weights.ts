import { basename } from 'node:path';
import { RevelaError } from '../errors.js';
import type { TensorValue } from '../tensor/index.js';
import { few } from './expected-tensors.js';
import type { NetworkWeights } from './network-weights.js';
import { present } from '../present.js';

/** Weights with the share that they have in a blend. */
export interface Share {
  /** What messages call them. */
  readonly name: string;
  readonly share: number;
  readonly weights: NetworkWeights;
}

/**
 * Blends weights of one network: every number is the mean of theirs by their shares. Between weights that were trained
 * from each other, or from the same ones, this goes over smoothly from what one does to what the other does (deep
 * network interpolation, CVPR 2019), as the denoise strength of Real-ESRGAN's general network.
 *
 * @throws RevelaError if they are of different networks
 *
 * @example
 * const halfway = blendWeights([
 *   { name: 'a', share: 0.5, weights: a },
 *   { name: 'b', share: 0.5, weights: b },
 * ]);
 */
export function blendWeights(shares: readonly [Share, ...Share[]]): NetworkWeights {
  const [{ name, weights: first }, ...others] = shares;
  for (const { name: other, weights } of others) {
    const [one, two] = [first, weights].map(({ description: { architecture, config } }) => ({
      architecture,
      config: JSON.stringify(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1))),
    }));
    if (one?.architecture !== two?.architecture || one?.config !== two?.config)
      throw new RevelaError(
        `${name} and ${other} are of different networks (${one?.architecture} ${configText(first)} and ${two?.architecture} ${configText(weights)}); only weights of one network can be blended`,
      );
  }
  const parameters: Record<string, TensorValue> = {};
  for (const [key, value] of Object.entries(first.parameters)) {
    const data = new Float32Array(value.data.length);
    const parts = shares.map(({ share, weights }) => ({ share, data: weights.parameters[key]?.data ?? [] }));
    for (let i = 0; i < data.length; i++)
      data[i] = parts.reduce((sum, part) => sum + part.share * Number(part.data[i] ?? 0), 0);
    parameters[key] = { ...value, data };
  }
  const methods = new Set(shares.map(({ weights }) => weights.method));
  const licences = [...new Set(shares.map(({ weights }) => weights.licence))];
  const startedFrom = shares.map((part) => `${basename(part.name)}=${part.share}`).join(',');
  const { method: _, ...rest } = first;
  return {
    ...rest,
    ...present({ method: methods.size === 1 ? first.method : undefined }),
    parameters,
    record: { startedFrom },
    licence: licences.join(' and '),
  };
}

const configText = ({ description: { config } }: NetworkWeights): string =>
  few(Object.entries(config).map(([key, value]) => `${key} ${String(value)}`));
