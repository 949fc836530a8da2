import { growTo, type Kernel, openKernel, WasmCode } from '../../webassembly/index.js';

/** Vectors of four floats that are summed side by side, so that a weight is read once for all of them. */
const vectors = 8;
/** Floats of a vector. */
const lanes = 4;
const floatBytes = Float32Array.BYTES_PER_ELEMENT;
/** A shift in bytes and a weight, 4 bytes each. */
const tapBytes = 8;

/** So many sums are made at a time: a target has room for a multiple of that. */
const sumBlock = vectors * lanes;

/** Moved copies of a line of numbers and what each of them counts. */
export interface Shifts {
  /** By how many numbers, at least 0. */
  readonly shifts: Int32Array;
  readonly weights: Float32Array;
}

/**
 * target[p] = Σₖ wₖ · source[p + shiftₖ], in the order of k, in single precision, which is a filter of any shape where
 * the shifts are those of its window. Generated WebAssembly: JavaScript has no vectors.
 */
function shiftedSum(): WasmCode {
  const code = new WasmCode(['i32', 'i32', 'i32', 'i32', 'i32']);
  const [source, target, targetEnd, taps, tapsEnd] = [0, 1, 2, 3, 4];
  const [tap, from, weight, zero] = [
    code.local('i32'),
    code.local('i32'),
    code.local('v128'),
    code.local('v128'),
  ];
  const sums = Array.from({ length: vectors }, () => code.local('v128'));
  const advance = (local: number, bytes: number): void => {
    code.emit('local.get', local);
    code.integer(bytes);
    code.emit('i32.add');
    code.emit('local.set', local);
  };
  const againWhileBelow = (local: number, end: number): void => {
    code.emit('local.get', local);
    code.emit('local.get', end);
    code.emit('i32.lt_u');
    code.emit('br_if', 0);
    code.emit('end');
  };
  code.double(0);
  code.emit('f32.demote_f64');
  code.emit('f32x4.splat');
  code.emit('local.set', zero);
  code.emit('loop');
  for (const sum of sums) {
    code.emit('local.get', zero);
    code.emit('local.set', sum);
  }
  code.emit('local.get', taps);
  code.emit('local.set', tap);
  code.emit('loop');
  code.emit('local.get', source);
  code.emit('local.get', tap);
  code.memory('i32.load', 0);
  code.emit('i32.add');
  code.emit('local.set', from);
  code.emit('local.get', tap);
  code.memory('v128.load32_splat', floatBytes);
  code.emit('local.set', weight);
  for (const [i, sum] of sums.entries()) {
    code.emit('local.get', sum);
    code.emit('local.get', from);
    code.memory('v128.load', i * lanes * floatBytes, false);
    code.emit('local.get', weight);
    code.emit('f32x4.mul');
    code.emit('f32x4.add');
    code.emit('local.set', sum);
  }
  advance(tap, tapBytes);
  againWhileBelow(tap, tapsEnd);
  for (const [i, sum] of sums.entries()) {
    code.emit('local.get', target);
    code.emit('local.get', sum);
    code.memory('v128.store', i * lanes * floatBytes);
  }
  advance(source, sumBlock * floatBytes);
  advance(target, sumBlock * floatBytes);
  againWhileBelow(target, targetEnd);
  return code;
}

/** Room in the memory that the sums are made in; it is overwritten by the next one. */
export interface SumRoom {
  readonly source: Float32Array;
  /** As many as asked for, rounded up to whole blocks. */
  readonly target: Float32Array;
  /** Makes the sums of what `source` holds. */
  run(): void;
}

/** One for a thread, made when it is first needed; nothing is kept in it from one sum to the next. */
let summing: Kernel | undefined;

/**
 * Makes room for sums of moved copies: for so many of them, made of a line of so many numbers (or of more, where the
 * shifts reach further). What the source holds beyond what was written to it goes into sums beyond those alone.
 *
 * @example
 * const halves = { shifts: Int32Array.of(0, 1), weights: Float32Array.of(0.5, 0.5) };
 * const { source, target, run } = roomForSums({ sums: 4, numbers: 5 }, halves);
 * source.set([1, 2, 3, 4, 5]);
 * run();
 * target.subarray(0, 4); // 1.5 2.5 3.5 4.5
 */
export function roomForSums(
  { sums, numbers }: { readonly sums: number; readonly numbers: number },
  { shifts, weights }: Shifts,
): SumRoom {
  summing ??= openKernel(shiftedSum());
  const { memory, run } = summing;
  const targetLength = Math.ceil(sums / sumBlock) * sumBlock;
  const reach = shifts.reduce((most, shift) => Math.max(most, shift), 0);
  const sourceLength = Math.max(numbers, targetLength + reach);
  const sourceAt = targetLength * floatBytes;
  const tapsAt = sourceAt + sourceLength * floatBytes;
  const end = tapsAt + shifts.length * tapBytes;
  growTo(memory, end);
  const moves = new Int32Array(memory.buffer, tapsAt, 2 * shifts.length);
  const factors = new Float32Array(memory.buffer, tapsAt, 2 * shifts.length);
  for (const [k, shift] of shifts.entries()) {
    moves[2 * k] = shift * floatBytes;
    factors[2 * k + 1] = weights[k] ?? 0;
  }
  return {
    source: new Float32Array(memory.buffer, sourceAt, sourceLength),
    target: new Float32Array(memory.buffer, 0, targetLength),
    run: () => run(sourceAt, 0, sourceAt, tapsAt, end),
  };
}
