import type { LearntWeights } from '../../networks/index.js';
import type { AdaptSettings } from '../adapt-settings.js';
import type { Pixels } from '../page-image.js';
import { sha256 } from './sha256.js';
import { VERSION } from './version.js';

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(new Uint8Array(buffer, byteOffset, byteLength));

/**
 * What a learning depends on, as a hash: its images, its settings, the weights that it starts from, and the version of this library.
 *
 * @throws where the browser hashes nothing
 */
export async function lessonHash(
  images: readonly Pixels[],
  { weights: _, ...settings }: Omit<AdaptSettings, 'keep'>,
  { method, parameters }: LearntWeights,
): Promise<string> {
  const pictures: unknown[] = [];
  for (const { data, width, height } of images) pictures.push([width, height, await sha256(bytesOf(data))]);
  const tensors: unknown[] = [];
  for (const [key, { data, shape }] of Object.entries(parameters))
    tensors.push([key, shape, data instanceof BigInt64Array ? '' : await sha256(bytesOf(data))]);
  const chosen = Object.entries(settings).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify([VERSION, method, chosen, pictures, tensors]);
  return sha256(new TextEncoder().encode(text));
}
