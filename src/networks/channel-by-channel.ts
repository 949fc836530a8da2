import type { Network } from '../nn/index.js';
import { imageShape, reshape } from '../tensor/index.js';

/**
 * A network of grey pictures as one of pictures of any channels: it works on each of them by itself. Networks of more
 * channels are left as they are.
 *
 * @param channels that the network takes
 *
 * @example
 * const network = channelByChannel(1, dncnn({ in_nc: 1, out_nc: 1, nc: 64, nb: 17, act_mode: 'R' }));
 * // [2, 3, 64, 64] → [2, 3, 64, 64], as [6, 1, 64, 64] would be worked on
 */
export function channelByChannel(channels: number, network: Network): Network {
  if (channels !== 1) return network;
  return (scope, x) => {
    const [batch, given, height, width] = imageShape(x, 'a network of grey pictures');
    if (given === 1) return network(scope, x);
    const result = network(scope, reshape(x, [batch * given, 1, height, width]));
    const [, , rows, columns] = imageShape(result, 'a network of grey pictures');
    return reshape(result, [batch, given, rows, columns]);
  };
}
