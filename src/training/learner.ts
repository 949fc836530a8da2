import { Belongings, disposable } from '../belongings.js';
import type { Optimiser } from '../nn/index.js';
import type { DeviceTensor, Runtime } from '../runtime/index.js';
import type { TensorValue } from '../tensor/index.js';
import type { Keeping, StateGroups, UpdateNumbers } from './update.js';
import { prepareUpdate, stateKinds } from './update.js';

/** Parameters that are learnt, with everything that an optimiser keeps for them, on their device. */
export interface Learner extends AsyncDisposable {
  /** The parameters as they are now. */
  readonly parameters: Readonly<Record<string, DeviceTensor>>;
  /** Moves the parameters; the gradients are used up. */
  update(gradients: Readonly<Record<string, DeviceTensor>>, numbers: UpdateNumbers): Promise<void>;
  /** What is kept, by kind and key: all kinds make what a checkpoint holds. */
  read(kinds?: readonly string[]): Promise<StateGroups<TensorValue>>;
  /** Begins anew with another state of the same keys and shapes. */
  reset(start: StateGroups<TensorValue>): Promise<void>;
  /** Frees everything. */
  close(): Promise<void>;
}

/** Puts a group of values on the device: all of them, or none where that fails. */
export async function upload(
  runtime: Runtime,
  values: Readonly<Record<string, TensorValue>>,
): Promise<Record<string, DeviceTensor>> {
  const group: Record<string, DeviceTensor> = {};
  try {
    for (const [key, value] of Object.entries(values)) group[key] = await runtime.upload(value);
  } catch (error) {
    release(group);
    throw error;
  }
  return group;
}

/** Reads a group of values back from the device. */
export async function download(
  runtime: Runtime,
  tensors: Readonly<Record<string, DeviceTensor>>,
): Promise<Record<string, TensorValue>> {
  const group: Record<string, TensorValue> = {};
  for (const [key, tensor] of Object.entries(tensors)) group[key] = await runtime.download(tensor);
  return group;
}

/** Frees tensors. */
export function release(tensors: Readonly<Record<string, DeviceTensor>>): void {
  for (const tensor of Object.values(tensors)) tensor.release();
}

/**
 * Prepares parameters for learning: their state goes to the device, and their optimiser is compiled for it.
 *
 * @param start by kind: `parameter`, the optimiser's slots, `average`; kinds that are not kept are left out
 */
export async function createLearner(
  runtime: Runtime,
  optimiser: Optimiser,
  start: StateGroups<TensorValue>,
  keeping: Keeping = {},
): Promise<Learner> {
  const kinds = stateKinds(optimiser, keeping);
  const shapes = Object.entries(start['parameter'] ?? {}).map(([key, { shape }]) => [key, shape] as const);
  await using opened = new Belongings();
  const update = opened.add(await prepareUpdate(runtime, optimiser, Object.fromEntries(shapes), keeping));
  let state: StateGroups<DeviceTensor> = {};
  const empty = (): void => {
    Object.values(state).forEach(release);
    state = {};
  };
  opened.defer(empty);
  const reset = async (from: StateGroups<TensorValue>): Promise<void> => {
    empty();
    for (const kind of kinds) state = { ...state, [kind]: await upload(runtime, from[kind] ?? {}) };
  };
  await reset(start);
  const own = opened.handOver();
  return disposable({
    get parameters() {
      return state['parameter'] ?? {};
    },
    async update(gradients, numbers) {
      try {
        state = await update.apply(state, gradients, numbers);
      } finally {
        release(gradients);
      }
    },
    async read(wanted: readonly string[] = kinds) {
      const read: Record<string, Record<string, TensorValue>> = {};
      for (const kind of wanted) read[kind] = await download(runtime, state[kind] ?? {});
      return read;
    },
    reset,
    close: () => own.close(),
  } satisfies Omit<Learner, typeof Symbol.asyncDispose>);
}
