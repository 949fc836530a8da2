import type { Primitives, Program, Tensor } from '../tensor/index.js';
import { isPrimitive, topologicalOrder } from '../tensor/index.js';
import type { CompiledLoop } from './model.js';
import { simplify } from './simplify.js';

/** JavaScript for the primitives that work element by element on floats. */
const expressions: { readonly [P in keyof Primitives]?: (a: string, b: string, c: string) => string } = {
  stopGradient: (x) => x,
  negate: (x) => `-${x}`,
  absolute: (x) => `Math.abs(${x})`,
  sign: (x) => `Math.sign(${x})`,
  exp: (x) => `Math.exp(${x})`,
  log: (x) => `Math.log(${x})`,
  sqrt: (x) => `Math.sqrt(${x})`,
  tanh: (x) => `Math.tanh(${x})`,
  sigmoid: (x) => `1 / (1 + Math.exp(-${x}))`,
  relu: (x) => `Math.max(${x}, 0)`,
  step: (x) => `(${x} > 0 ? 1 : 0)`,
  broadcast: (x) => x,
  add: (a, b) => `${a} + ${b}`,
  subtract: (a, b) => `${a} - ${b}`,
  multiply: (a, b) => `${a} * ${b}`,
  divide: (a, b) => `${a} / ${b}`,
  power: (a, b) => `${a} ** ${b}`,
  maximum: (a, b) => `Math.max(${a}, ${b})`,
  minimum: (a, b) => `Math.min(${a}, ${b})`,
};

/**
 * Compiles an element-by-element program into one loop that works in place: every output overwrites the array
 * of the input of the same name. Inputs of shape `[]` become number arguments; all others share one length.
 *
 * @throws when the program holds anything else, or an output that is not an input.
 */
export function compileLoop(program: Program): CompiledLoop {
  const { outputs } = simplify(program);
  const arrays = new Map<string, string>();
  const scalars = new Map<string, string>();
  for (const tensor of program.inputs) {
    if (!isPrimitive(tensor, 'input')) continue;
    const group = tensor.shape.length === 0 ? scalars : arrays;
    group.set(tensor.attributes.name, `${group === scalars ? 's' : 'a'}${group.size}`);
  }
  // What depends on numbers only is worked out once, before the loop.
  const before: string[] = [];
  const inside: string[] = [];
  const names = new Map<Tensor, string>();
  const invariant = new Set<Tensor>();
  for (const tensor of topologicalOrder(Object.values(outputs))) {
    if (isPrimitive(tensor, 'input')) {
      const name = tensor.attributes.name;
      names.set(tensor, scalars.get(name) ?? `${arrays.get(name) ?? ''}[i]`);
      if (scalars.has(name)) invariant.add(tensor);
      continue;
    }
    if (isPrimitive(tensor, 'constant') && tensor.attributes.data.length === 1) {
      names.set(tensor, `(${Number(tensor.attributes.data[0])})`);
      invariant.add(tensor);
      continue;
    }
    const expression = expressions[tensor.primitive];
    if (expression === undefined)
      throw new TypeError(`compileLoop: ${tensor.primitive} does not work element by element`);
    const [a = '', b = '', c = ''] = tensor.inputs.map((input) => names.get(input) ?? '');
    const name = `v${names.size}`;
    const constant = tensor.inputs.every((input) => invariant.has(input));
    if (constant) invariant.add(tensor);
    (constant ? before : inside).push(`const ${name} = ${expression(a, b, c)};`);
    names.set(tensor, name);
  }
  // All results are known before the first is stored: one may overwrite what another is made of.
  const loads: string[] = [];
  const stores = Object.entries(outputs).map(([name, tensor], index) => {
    const array = arrays.get(name);
    if (array === undefined)
      throw new RangeError(`compileLoop: output ${name} is no array input, so it has nowhere to go`);
    loads.push(`const r${index} = ${names.get(tensor) ?? ''};`);
    return `${array}[i] = r${index};`;
  });
  const loop = `for (let i = 0; i < length; i++) {\n${[...inside, ...loads, ...stores].join('\n')}\n}`;
  return { source: [...before, loop].join('\n'), arrays: [...arrays.keys()], scalars: [...scalars.keys()] };
}
