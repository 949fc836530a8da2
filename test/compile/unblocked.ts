import { create, fromBinary } from '@bufbuild/protobuf';
import { type AttributeProto, ModelProtoSchema, type NodeProto, NodeProtoSchema } from 'onnx-buf';
import { Emitter } from '#src/compile/emitter.js';
import { encodeModel } from '#src/compile/encode-model.js';
import type { CompiledModel } from '#src/compile/index.js';

const DOMAIN = 'com.microsoft.nchwc';

/** What changes the order of numbers in memory; shapes stay, and are asked for when the model runs. */
class Layouts {
  constructor(
    readonly emit: Emitter,
    private readonly block: 8 | 16,
  ) {}

  /** A blocked image, `[N, C / b, H, W, b]` in memory, as `[N, C, H, W]`. */
  plain(x: string): string {
    const [batch, pixels] = [this.#extents(x, 0, 1), this.#extents(x, 2, 4)];
    return this.#reordered(x, [batch, this.#numbers(-1), pixels, this.#numbers(this.block)], [0, 1, 4, 2, 3]);
  }

  /** The other way round. */
  blocked(x: string): string {
    const [batch, pixels] = [this.#extents(x, 0, 1), this.#extents(x, 2, 4)];
    return this.#reordered(x, [batch, this.#numbers(-1, this.block), pixels], [0, 1, 3, 4, 2]);
  }

  /** A blocked convolution's weight, `[O / b, I / b, H, W, b in, b out]` in memory, as `[O, I, H, W]`. */
  plainWeight(x: string): string {
    const { block } = this;
    const blocks = this.emit.node('Div', [this.#extents(x, 0, 2), this.#numbers(block)]);
    const parts = [blocks, this.#extents(x, 2, 4), this.#numbers(block, block)];
    return this.#reordered(x, parts, [0, 5, 1, 4, 2, 3]);
  }

  #extents(x: string, start: number, end: number): string {
    return this.emit.node('Shape', [x], { start, end });
  }

  #numbers(...values: readonly number[]): string {
    return this.emit.integers(values);
  }

  #reordered(x: string, shape: readonly string[], permutation: readonly number[]): string {
    const { emit } = this;
    const axes = emit.node('Reshape', [x, emit.node('Concat', shape, { axis: 0 })]);
    return emit.node('Reshape', [emit.transpose(axes, permutation), emit.node('Shape', [x])]);
  }
}

const attributeOf = (node: NodeProto, name: string): AttributeProto | undefined =>
  node.attribute.find((attribute) => attribute.name === name);

const textOf = (node: NodeProto, name: string): string =>
  new TextDecoder().decode(attributeOf(node, name)?.s ?? new Uint8Array());

/** ONNX's operator of the same name on plain values; it refuses attributes that it does not know. */
function ordinary(
  { opType, attribute }: NodeProto,
  input: readonly string[],
  extra: readonly string[],
  { emit }: Layouts,
): string {
  const output = emit.fresh();
  const known = attribute.filter(({ name }) => !extra.includes(name));
  emit.nodes.push(
    create(NodeProtoSchema, {
      name: `${opType}_${output}`,
      opType,
      input: [...input],
      output: [output],
      attribute: known,
    }),
  );
  return output;
}

/** A convolution, then its sum, then its activation. */
function convolution(node: NodeProto, layouts: Layouts): string {
  const { emit } = layouts;
  const [x = '', weight = '', bias = '', residual = ''] = node.input;
  const inputs = [layouts.plain(x), layouts.plainWeight(weight), ...(bias === '' ? [] : [bias])];
  const convolved = ordinary(node, inputs, ['activation', 'activation_params'], layouts);
  const sum = residual === '' ? convolved : emit.node('Add', [convolved, layouts.plain(residual)]);
  const activation = textOf(node, 'activation');
  const [slope] = attributeOf(node, 'activation_params')?.floats ?? [];
  const activated =
    activation === ''
      ? sum
      : emit.node(activation, [sum], slope === undefined ? {} : { alpha: { float: slope } });
  return layouts.blocked(activated);
}

const windowed = (node: NodeProto, layouts: Layouts): string =>
  layouts.blocked(ordinary(node, [layouts.plain(node.input[0] ?? '')], [], layouts));

/** How each blocked operator is spelled in ordinary ones. */
const spellings: Readonly<Record<string, (node: NodeProto, layouts: Layouts) => string>> = {
  Conv: convolution,
  MaxPool: windowed,
  AveragePool: windowed,
  ReorderInput: ({ input: [x = ''], attribute }, layouts) => {
    if (attribute.length > 0) throw new Error(`unblocked: ReorderInput with ${attribute[0]?.name}`);
    return layouts.blocked(x);
  },
  ReorderOutput: (node, layouts) => {
    const { emit } = layouts;
    const length = Number(attributeOf(node, 'channels')?.i);
    const all = layouts.plain(node.input[0] ?? '');
    const plain = emit.slice(all, [{ axis: 1, start: 0, length, step: 1 }]);
    return attributeOf(node, 'channels_last')?.i === 1n ? emit.transpose(plain, [0, 2, 3, 1]) : plain;
  },
  Upsample: (node, layouts) => {
    const { emit } = layouts;
    const mode = textOf(node, 'mode');
    if (mode !== 'nearest') throw new Error(`unblocked: Upsample of mode ${mode}`);
    const scales = emit.floats(attributeOf(node, 'scales')?.ints.map(Number) ?? []);
    const attributes = { mode, coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
    return layouts.blocked(emit.node('Resize', [layouts.plain(node.input[0] ?? ''), '', scales], attributes));
  },
};

/**
 * A model compiled in blocks of channels, with ordinary operators in place of ONNX Runtime's blocked ones, which exist for
 * the block of the processor alone: around each of them the numbers are put in the plain order and back. All else is left
 * as it was compiled, so the numbers are right only where the model lays out images, weights and residuals in such blocks.
 *
 * @throws Error for a blocked operator that is not known here
 */
export function unblocked(model: CompiledModel, block: 8 | 16): CompiledModel {
  const { graph } = fromBinary(ModelProtoSchema, model.bytes);
  if (graph === undefined) throw new Error('unblocked: the model has no graph');
  const names = [
    ...graph.node.flatMap(({ input, output }) => [...input, ...output]),
    ...graph.initializer.map(({ name }) => name),
  ];
  const emit = new Emitter('portable', new Set(names));
  const layouts = new Layouts(emit, block);
  for (const node of graph.node) {
    if (node.domain !== DOMAIN) {
      // Its name tells of an output that may be called otherwise by now, and might be that of a new node.
      node.name = '';
      emit.nodes.push(node);
      continue;
    }
    const spell = spellings[node.opType];
    const [output] = node.output;
    if (spell === undefined || output === undefined)
      throw new Error(`unblocked: the blocked operator ${node.opType} is not known`);
    emit.node('Identity', [spell(node, layouts)], {}, { output });
  }
  const initialisers = [...graph.initializer, ...emit.initialisers];
  const { inputs, outputs } = model;
  return { ...model, bytes: encodeModel({ nodes: emit.nodes, initialisers, inputs, outputs }) };
}
