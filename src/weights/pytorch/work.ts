import { type Allowance, allowanceFor } from '../../allowance.js';
import { RevelaError } from '../../errors.js';
import { shown } from '../../printable.js';

/** The most that is read of one pickle; real ones of gigabytes of weights have a few MiB. */
export const longestPickle = 32 * 2 ** 20;
const mostWork = 10_000_000;

/** A pickle being read: what errors say of it, and how much work it may still make. */
export interface Work extends Pick<Allowance, 'spend'> {
  /** The error of a pickle that no PyTorch wrote. */
  damaged(why: string): RevelaError;
  /** The error of a name that is not on the list of what may be rebuilt. */
  refused(name: string): RevelaError;
  /** The error of a kind of numbers that is not read. */
  unreadNumbers(kind: string): RevelaError;
}

/** Work on a pickle of the file of that name. */
export function workOn(file: string): Work {
  const { spend } = allowanceFor(file, {
    steps: mostWork,
    bytes: 0,
    kind: 'a checkpoint of weights',
    remedy: 'save its state dict alone, or as safetensors',
  });
  return {
    spend,
    damaged: (why) =>
      new RevelaError(`${file} is a damaged PyTorch checkpoint: ${why}; copy or download it again`),
    refused: (name) =>
      new RevelaError(
        `${file}: refuses to unpickle ${shown(name)}, because only tensors and plain containers are read and nothing is executed; ` +
          'in the program that wrote it, save model.state_dict() alone, or as safetensors',
      ),
    unreadNumbers: (kind) =>
      new RevelaError(
        `${file} holds numbers of the kind ${shown(kind)}, which is not read; save the weights as float16, bfloat16 or float32`,
      ),
  };
}
