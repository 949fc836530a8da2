import { OutOfBytes, PickleBytes } from './pickle-bytes.js';
import { PickleMachine } from './pickle-machine.js';
import type { PickleValue } from './pickle-values.js';
import { instructions, STOP } from './pickle-instructions.js';
import type { StorageReference } from './tensor-reference.js';
import { longestPickle, type Work } from './work.js';

/** A value, and where the pickle ended. */
export interface Unpickled {
  readonly value: PickleValue;
  /** Every storage that the pickle names, whether the value holds it or not. */
  readonly storages: ReadonlyMap<string, StorageReference>;
  readonly end: number;
}

/**
 * Reads one pickle (protocols 0 to 5). Nothing is executed: names stand for what {@link allowedName} knows, and
 * anything else is refused before it could be used.
 *
 * @param start where in the bytes the pickle begins
 * @throws OutOfBytes if the bytes end before the pickle, and are fewer than a pickle may have
 * @throws RevelaError if it is damaged, too large, or wants more than tensors and plain containers
 */
export function unpickle(bytes: Uint8Array, start: number, work: Work): Unpickled {
  const source = new PickleBytes(bytes, start);
  const machine = new PickleMachine(source, work);
  for (;;) {
    if (source.at - start > longestPickle)
      throw work.damaged(`a pickle in it is longer than ${longestPickle} bytes, which weights never need`);
    work.spend(1);
    const at = source.at;
    const code = source.uint8();
    if (code === STOP) return { value: machine.pop(), storages: machine.storages, end: source.at };
    const instruction = instructions.get(code);
    if (instruction === undefined)
      throw work.damaged(`byte ${at - start} of a pickle, ${code}, is no instruction of one`);
    instruction(machine);
  }
}

/** Reads a pickle that is wholly there. */
export function unpickleWhole(bytes: Uint8Array, work: Work): PickleValue {
  try {
    return unpickle(bytes, 0, work).value;
  } catch (error) {
    if (error instanceof OutOfBytes) throw work.damaged('a pickle in it ends too early');
    throw error;
  }
}
