import type { TrainingState } from './loop.js';

/** A state is taken for good once so many steps after it went well. */
const STEPS_AFTER = 8;
/** Reading states takes at most this share of the time. */
const SHARE = 0.02;
/** Larger states are not read for this alone, but where a checkpoint needs them anyway. */
const LARGEST_BYTES = 64 * 2 ** 20;

/** Remembers a state of a training from before it began to go wrong. */
export interface GoodState {
  readonly state: TrainingState;
  /**
   * Looks at a step that was done.
   *
   * @param well whether its loss was as it should be
   * @param read the state after it, asked for now and then
   */
  after(step: number, well: boolean, read: () => Promise<TrainingState>): Promise<void>;
  /** Offers a state that was read for something else. */
  offer(state: TrainingState): void;
}

/** Begins with the state that the training starts from. */
export function goodState(start: TrainingState): GoodState {
  let state = start;
  let candidate: TrainingState | undefined;
  let [asked, cost] = [performance.now(), 0];
  const isSmall = bytesOf(start) <= LARGEST_BYTES;
  return {
    get state() {
      return state;
    },
    offer: (given) => {
      candidate ??= given;
    },
    async after(step, well, read) {
      if (!well) {
        candidate = undefined;
        return;
      }
      if (candidate !== undefined && step - candidate.step >= STEPS_AFTER) {
        state = candidate;
        candidate = undefined;
      }
      if (candidate !== undefined || !isSmall || performance.now() - asked < cost / SHARE) return;
      const begin = performance.now();
      candidate = await read();
      asked = performance.now();
      cost = asked - begin;
    },
  };
}

function bytesOf({ tensors }: TrainingState): number {
  return Object.values(tensors)
    .flatMap((group) => Object.values(group))
    .reduce((sum, { data }) => sum + data.byteLength, 0);
}
