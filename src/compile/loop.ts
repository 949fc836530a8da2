import {
  declarationOf,
  type ElementwiseCall,
  type ElementwiseName,
  isElementwise,
  isPrimitive,
  type Program,
  type Tensor,
  topologicalOrder,
} from '../tensor/index.js';
import { WasmCode, wasmModule } from '../webassembly/index.js';
import type { CompiledLoop, LoopFunction } from './model.js';
import { simplify } from './simplify.js';

/** Floats of every array that a loop works on at a time: a page of WebAssembly's memory. */
export const LOOP_BLOCK = 16_384;

const BYTES = Float32Array.BYTES_PER_ELEMENT;
/** Floats of a vector. */
const LANES = 4;

/** A value of the loop: the variable that holds it, and whether it is one double or four floats. */
interface Value {
  readonly local: number;
  readonly vector: boolean;
}

/** Writes a loop: what depends on numbers only is worked out before it, in doubles; the rest four floats at a time. */
class LoopWriter {
  readonly code: WasmCode;
  readonly functions: (LoopFunction & { readonly arguments: number })[] = [];
  readonly #values = new Map<Tensor, Value>();
  /** Vectors of four times the same number. */
  readonly #spread = new Map<number, number>();

  constructor(scalars: number) {
    this.code = new WasmCode(['i32', ...new Array<'f64'>(scalars).fill('f64')]);
  }

  set(tensor: Tensor, value: Value): void {
    this.#values.set(tensor, value);
  }

  value(tensor: Tensor): Value {
    const value = this.#values.get(tensor);
    if (value === undefined)
      throw new RangeError(`compileLoop: ${tensor.primitive} is used before it is known`);
    return value;
  }

  /** Takes what is on the stack. */
  keep(vector: boolean): Value {
    const local = this.code.local(vector ? 'v128' : 'f64');
    this.code.emit('local.set', local);
    return { local, vector };
  }

  /** Four times the number of a variable, worked out where this is first called: before the loop. */
  spread({ local, vector }: Value): number {
    if (vector) return local;
    const known = this.#spread.get(local);
    if (known !== undefined) return known;
    this.code.emit('local.get', local);
    this.code.emit('f32.demote_f64');
    this.code.emit('f32x4.splat');
    const four = this.keep(true).local;
    this.#spread.set(local, four);
    return four;
  }

  /** The value of a tensor whose inputs are known; its numbers, if it is to be four of them, have been spread. */
  compute(tensor: Tensor, vector: boolean): Value {
    const { code } = this;
    const inputs = tensor.inputs.map((input) => this.value(input));
    // A number that is repeated is a number.
    if (isPrimitive(tensor, 'broadcast')) return inputs[0] ?? this.value(tensor);
    if (!isElementwise(tensor))
      throw new TypeError(`compileLoop: ${tensor.primitive} does not work element by element`);
    const locals = inputs.map((input) => (vector ? this.spread(input) : input.local));
    const { instruction } = declarationOf(tensor.primitive);
    if (instruction === undefined) this.#call(tensor, locals, vector);
    else {
      for (const local of locals) code.emit('local.get', local);
      code.emit(vector ? `f32x4.${instruction}` : `f64.${instruction}`);
    }
    return this.keep(vector);
  }

  /** WebAssembly has no instruction for it: the host's formula, called for one number after the other. */
  #call(call: ElementwiseCall<ElementwiseName>, locals: readonly number[], vector: boolean): void {
    const { code } = this;
    const place = this.#imported(call, locals.length);
    if (!vector) {
      for (const local of locals) code.emit('local.get', local);
      code.emit('call', place);
      return;
    }
    code.emit('local.get', locals[0] ?? 0);
    for (let lane = 0; lane < LANES; lane++) {
      for (const local of locals) {
        code.emit('local.get', local);
        code.emit('f32x4.extract_lane', lane);
        code.emit('f64.promote_f32');
      }
      code.emit('call', place);
      code.emit('f32.demote_f64');
      code.emit('f32x4.replace_lane', lane);
    }
  }

  /** The place of a function among those that the host gives. */
  #imported({ primitive, attributes }: ElementwiseCall<ElementwiseName>, operands: number): number {
    const written = JSON.stringify(attributes);
    const name = written === '{}' ? primitive : `${primitive} ${written}`;
    const known = this.functions.findIndex((imported) => imported.name === name);
    if (known >= 0) return known;
    return this.functions.push({ name, call: { primitive, attributes }, arguments: operands }) - 1;
  }
}

/**
 * Compiles an element-by-element program into one loop that works in place: every output overwrites the array
 * of the input of the same name. Inputs of shape `[]` become number arguments; all others share one length.
 *
 * @throws when the program holds anything else, or an output that is not an input.
 */
export function compileLoop(program: Program): CompiledLoop {
  const { outputs } = simplify(program);
  const arrays: string[] = [];
  const scalars: string[] = [];
  for (const tensor of program.inputs)
    if (isPrimitive(tensor, 'input'))
      (tensor.shape.length === 0 ? scalars : arrays).push(tensor.attributes.name);
  const pageOf = (name: string): number => {
    const page = arrays.indexOf(name);
    if (page < 0)
      throw new RangeError(`compileLoop: output ${name} is no array input, so it has nowhere to go`);
    return page;
  };
  const written = Object.keys(outputs).map(pageOf);
  const results = Object.values(outputs);

  const writer = new LoopWriter(scalars.length);
  const { code } = writer;
  const order = topologicalOrder(results);
  const perElement = new Set<Tensor>();
  for (const tensor of order) {
    if (isPrimitive(tensor, 'input') ? tensor.shape.length > 0 : tensor.inputs.some((x) => perElement.has(x)))
      perElement.add(tensor);
    else if (isPrimitive(tensor, 'input'))
      writer.set(tensor, { local: 1 + scalars.indexOf(tensor.attributes.name), vector: false });
    else if (isPrimitive(tensor, 'constant') && tensor.attributes.data.length === 1) {
      code.double(Number(tensor.attributes.data[0]));
      writer.set(tensor, writer.keep(false));
    } else writer.set(tensor, writer.compute(tensor, false));
  }
  for (const tensor of order)
    for (const input of perElement.has(tensor) ? tensor.inputs : [])
      if (!perElement.has(input)) writer.spread(writer.value(input));
  for (const tensor of results) if (!perElement.has(tensor)) writer.spread(writer.value(tensor));

  const at = code.local('i32');
  code.emit('loop');
  for (const tensor of perElement) {
    if (!isPrimitive(tensor, 'input')) {
      writer.set(tensor, writer.compute(tensor, true));
      continue;
    }
    code.emit('local.get', at);
    code.memory('v128.load', pageOf(tensor.attributes.name) * LOOP_BLOCK * BYTES);
    writer.set(tensor, writer.keep(true));
  }
  // All results are known before the first is stored: one may overwrite what another is made of.
  for (const [i, tensor] of results.entries()) {
    code.emit('local.get', at);
    code.emit('local.get', writer.spread(writer.value(tensor)));
    code.memory('v128.store', (written[i] ?? 0) * LOOP_BLOCK * BYTES);
  }
  code.emit('local.get', at);
  code.integer(LANES * BYTES);
  code.emit('i32.add');
  code.emit('local.set', at);
  code.emit('local.get', at);
  code.emit('local.get', 0);
  code.emit('i32.lt_u');
  code.emit('br_if', 0);
  code.emit('end');
  const module = wasmModule(code, { pages: Math.max(arrays.length, 1), functions: writer.functions });
  const functions = writer.functions.map(({ name, call }) => ({ name, call }));
  return { module, arrays, written, scalars, functions };
}
