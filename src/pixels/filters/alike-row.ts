import { WasmCode } from '../../webassembly/index.js';

const vectorBytes = 4 * Float32Array.BYTES_PER_ELEMENT;
const floatBytes = Float32Array.BYTES_PER_ELEMENT;

/** What places differ by that are not compared: no weight is left of it. */
const incomparable = 1e30;

/** Weights are (1 − rest / 8)⁸, by three squarings: close to e^−rest, and 0 from 8 on. */
const fall = 8;
const squarings = 3;

/**
 * Compares the numbers of a row with those at an offset by the 3² numbers around each, of one plane or several, and adds to the sums and
 * counts of both what the other weighs. Generated WebAssembly: JavaScript has no vectors.
 *
 * Its parameters, all in bytes: where, one row above, the first number stands that has a partner, and where the last one ends; the
 * offset; the length of a row; the ways from a number to its scale, its count and its sum; where there is room for a row and 5 numbers more;
 * the way from a number to that of the next plane, which is that of its sum, too.
 *
 * @param expected what is taken off the scaled difference before it counts
 * @param planes how many numbers there are at each place; they have one scale, one count and one weight
 */
export function alikeRow(expected: number, planes = 1): WasmCode {
  const code = new WasmCode(['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32']);
  const [first, end, offset, row, toScale, toCount, toSum, room, toNext] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  const [at, column] = [code.local('i32'), code.local('i32')];
  /** The ways to each plane, from the first. */
  const ways = Array.from({ length: planes }, (_, plane) => Array<number>(plane).fill(toNext));
  const [difference, weight] = [code.local('v128'), code.local('v128')];

  const get = (local: number): void => code.emit('local.get', local);
  const set = (local: number): void => code.emit('local.set', local);
  const address = (from: number, ...more: readonly number[]): void => {
    get(from);
    for (const local of more) {
      get(local);
      code.emit('i32.add');
    }
  };
  const load = (bytes: number, from: number, ...more: readonly number[]): void => {
    address(from, ...more);
    code.memory('v128.load', bytes, false);
  };
  const store = (): void => code.memory('v128.store', 0, false);
  const all = (value: number): number => {
    const local = code.local('v128');
    code.double(value);
    code.emit('f32.demote_f64');
    code.emit('f32x4.splat');
    set(local);
    return local;
  };
  const advance = (local: number, bytes: number): void => {
    get(local);
    code.integer(bytes);
    code.emit('i32.add');
    set(local);
  };
  const squared = (local: number): void => {
    get(local);
    get(local);
    code.emit('f32x4.mul');
  };
  const begin = (): void => {
    get(first);
    set(at);
    get(room);
    set(column);
  };
  const loopUntil = (bytes: number, step: () => void): void => {
    code.emit('loop');
    step();
    advance(at, vectorBytes);
    advance(column, vectorBytes);
    get(at);
    code.integer(bytes);
    code.emit('i32.add');
    get(end);
    code.emit('i32.lt_u');
    code.emit('br_if', 0);
    code.emit('end');
  };
  const zero = all(0);
  const one = all(1);
  const less = all(expected);
  const share = all(1 / fall);
  const far = all(incomparable);

  begin();
  loopUntil(0, () => {
    get(column);
    for (const [number, way] of ways.flatMap((to) => [to, [...to, row], [...to, row, row]]).entries()) {
      load(0, at, ...way);
      load(0, at, offset, ...way);
      code.emit('f32x4.sub');
      set(difference);
      squared(difference);
      if (number > 0) code.emit('f32x4.add');
    }
    store();
  });
  // Behind the last number there is none to compare with: what the last vector wrote there is made incomparable.
  for (const bytes of [0, floatBytes]) {
    get(room);
    get(end);
    code.emit('i32.add');
    get(first);
    code.emit('i32.sub');
    code.integer(bytes);
    code.emit('i32.add');
    get(far);
    store();
  }
  begin();
  advance(at, floatBytes);
  loopUntil(floatBytes, () => {
    for (const neighbour of [0, 1, 2]) {
      load(neighbour * floatBytes, column);
      if (neighbour > 0) code.emit('f32x4.add');
    }
    load(0, at, row, toScale);
    load(0, at, row, offset, toScale);
    code.emit('f32x4.max');
    code.emit('f32x4.mul');
    get(less);
    code.emit('f32x4.sub');
    get(zero);
    code.emit('f32x4.max');
    set(weight);
    get(one);
    get(weight);
    get(share);
    code.emit('f32x4.mul');
    code.emit('f32x4.sub');
    get(zero);
    code.emit('f32x4.max');
    set(weight);
    for (let i = 0; i < squarings; i++) {
      squared(weight);
      set(weight);
    }
    // One after the other: what both touch, the second must find as the first left it.
    for (const [own, partner] of [
      [[], [offset]],
      [[offset], []],
    ] as const) {
      address(at, row, ...own, toCount);
      load(0, at, row, ...own, toCount);
      get(weight);
      code.emit('f32x4.add');
      store();
      for (const way of ways) {
        address(at, row, ...own, toSum, ...way);
        load(0, at, row, ...own, toSum, ...way);
        get(weight);
        load(0, at, row, ...partner, ...way);
        code.emit('f32x4.mul');
        code.emit('f32x4.add');
        store();
      }
    }
  });
  return code;
}
