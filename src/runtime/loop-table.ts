import type { CompiledLoop } from '../compile/index.js';

interface Loop {
  readonly arrays: number;
  readonly body: (length: number, ...values: readonly (Float32Array | number)[]) => void;
}

/** The loops that a worker can run: JavaScript over arrays that lie in its memory, changed in place. */
export class LoopTable {
  readonly #loops = new Map<number, Loop>();

  add(id: number, { source, arrays, scalars }: CompiledLoop): void {
    // The source names its arguments by position: tensors are called by state-dict keys, which are no identifiers.
    const names = [...arrays.keys()].map((i) => `a${i}`).concat([...scalars.keys()].map((i) => `s${i}`));
    const compiled = new Function('length', ...names, source);
    this.#loops.set(id, {
      arrays: arrays.length,
      body: (length, ...values) => {
        compiled(length, ...values);
      },
    });
  }

  remove(id: number): void {
    this.#loops.delete(id);
  }

  /** Once per set of arrays. Arrays of one set are equally long; sets differ. */
  run(id: number, sets: readonly (readonly Float32Array[])[], scalars: readonly number[]): void {
    const loop = this.#loops.get(id);
    if (loop === undefined) throw new Error('this loop was released');
    for (const set of sets) {
      const length = set[0]?.length ?? 0;
      if (set.length !== loop.arrays || set.some((array) => array.length !== length))
        throw new RangeError(
          `a loop of ${loop.arrays} arrays of one length got arrays of ${set.map((array) => array.length).join(', ')} numbers`,
        );
      loop.body(length, ...set, ...scalars);
    }
  }
}
