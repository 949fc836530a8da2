import type { CompiledLoop } from '../compile/index.js';
import { LOOP_BLOCK } from '../compile/index.js';
import { evaluate } from '../tensor/index.js';

const BYTES = Float32Array.BYTES_PER_ELEMENT;
/** A loop works on vectors of so many bytes; what lies in a block after the last number does no harm. */
const VECTOR = 16;

interface Loop {
  /** A block of every array, in the loop's memory. */
  readonly blocks: readonly Float32Array[];
  readonly written: readonly number[];
  readonly run: (bytes: number, ...scalars: readonly number[]) => void;
}

/** The loops that a worker can run, on arrays that lie in its memory, changed in place. */
export class LoopTable {
  readonly #loops = new Map<number, Loop>();

  get size(): number {
    return this.#loops.size;
  }

  clear(): void {
    this.#loops.clear();
  }

  add(id: number, { module, arrays, written, functions }: CompiledLoop): void {
    const memory = new WebAssembly.Memory({ initial: Math.max(arrays.length, 1) });
    const formulas = functions.map(
      ({ name, call }) => [name, (...numbers: number[]) => evaluate(call, numbers)] as const,
    );
    const host = { ...Object.fromEntries(formulas), memory };
    const { run } = new WebAssembly.Instance(new WebAssembly.Module(module), { host }).exports;
    if (typeof run !== 'function') throw new TypeError('a loop has no function to run');
    this.#loops.set(id, {
      blocks: arrays.map((_, i) => new Float32Array(memory.buffer, i * LOOP_BLOCK * BYTES, LOOP_BLOCK)),
      written,
      run: (...numbers) => {
        run(...numbers);
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
      if (set.length !== loop.blocks.length || set.some((array) => array.length !== length))
        throw new RangeError(
          `a loop of ${loop.blocks.length} arrays of one length got arrays of ${set.map((array) => array.length).join(', ')} numbers`,
        );
      for (let start = 0; start < length; start += LOOP_BLOCK)
        runBlock(loop, set, { start, end: Math.min(start + LOOP_BLOCK, length) }, scalars);
    }
  }
}

/** A part of the arrays, from `start` to before `end`: brought into the loop's memory, worked on, and back. */
function runBlock(
  { blocks, written, run }: Loop,
  set: readonly Float32Array[],
  { start, end }: { readonly start: number; readonly end: number },
  scalars: readonly number[],
): void {
  for (const [i, array] of set.entries()) blocks[i]?.set(array.subarray(start, end));
  run(Math.ceil(((end - start) * BYTES) / VECTOR) * VECTOR, ...scalars);
  for (const i of written) set[i]?.set(blocks[i]?.subarray(0, end - start) ?? [], start);
}
