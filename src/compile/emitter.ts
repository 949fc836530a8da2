import { create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType,
  type TensorProto,
  TensorProtoSchema,
} from 'onnx-buf';
import type { DType, Shape, TensorData } from '../tensor/index.js';

/** Devices that a lowering may tell apart; `portable` stands for any of them and spells in standard ONNX alone. */
export type LoweringDevice = 'cpu' | 'webgpu' | 'cuda' | 'portable';

/** Channels of a block: as many floats as a vector register of the processor holds. */
export type Block = 8 | 16;

/** Where a program is to run. */
export interface LoweringTarget {
  readonly device: LoweringDevice;
  /**
   * Channels of the blocks in which ONNX Runtime's convolutions on this processor like their images, if it has such
   * convolutions; see `blocked/`. CPU only.
   */
  readonly block?: Block;
}

/** The value of an ONNX node attribute. Whole numbers become INT, others FLOAT; use {@link float} to force the latter. */
export type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] };

/** ONNX's number for each element type. */
export const onnxTypes: { readonly [D in DType]: TensorProto_DataType } = {
  float32: TensorProto_DataType.FLOAT,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
  bool: TensorProto_DataType.BOOL,
};

function attributeProto(name: string, value: Attribute) {
  if (typeof value === 'string')
    return create(AttributeProtoSchema, {
      name,
      type: AttributeProto_AttributeType.STRING,
      s: new TextEncoder().encode(value),
    });
  if (typeof value === 'number')
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) });
  if ('floats' in value)
    return create(AttributeProtoSchema, {
      name,
      type: AttributeProto_AttributeType.FLOATS,
      floats: [...value.floats],
    });
  if ('float' in value)
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOAT, f: value.float });
  return create(AttributeProtoSchema, {
    name,
    type: AttributeProto_AttributeType.INTS,
    ints: value.map((element) => BigInt(element)),
  });
}

/** A range of one axis: `length` elements from `start` in steps of `step`. */
export interface Range {
  readonly axis: number;
  readonly start: number;
  readonly length: number;
  readonly step: number;
}

/** The end of a slice that goes backwards to the first element: ONNX clamps anything below −extent to that. */
const BEFORE_THE_FIRST = -(2 ** 31 - 1);

/** Collects the nodes and initialisers of an ONNX graph while primitives are lowered into it. */
export class Emitter {
  readonly nodes: NodeProto[] = [];
  readonly initialisers: TensorProto[] = [];
  readonly #integers = new Map<string, string>();
  readonly #tables = new Map<string, string>();
  #names = 0;

  /**
   * @param taken names of the program's inputs and outputs
   * @param blocks channels of a block, where there are convolutions on blocks
   */
  constructor(
    readonly device: LoweringDevice,
    private readonly taken: ReadonlySet<string> = new Set(),
    private readonly blocks?: Block,
  ) {}

  /** Channels of the blocks in which images lie, where a plan has any. */
  get block(): Block {
    if (this.blocks === undefined) throw new Error('compile: there are no blocks of channels here');
    return this.blocks;
  }

  /** A name that no other value has. */
  fresh(): string {
    do this.#names += 1;
    while (this.taken.has(`t${this.#names}`));
    return `t${this.#names}`;
  }

  /** Adds a node of one output and returns the output's name. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    options: { readonly domain?: string; readonly output?: string } = {},
  ): string {
    const output = options.output ?? this.fresh();
    this.nodes.push(
      create(NodeProtoSchema, {
        name: `${opType}_${output}`,
        opType,
        domain: options.domain ?? '',
        input: [...inputs],
        output: [output],
        attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
      }),
    );
    return output;
  }

  /** Numbers stored in the model. */
  initialiser(data: TensorData, shape: Shape, dtype: DType, name = this.fresh()): string {
    const rawData = new Uint8Array(data.byteLength);
    rawData.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this.initialisers.push(
      create(TensorProtoSchema, {
        name,
        dims: shape.map((e) => BigInt(e)),
        dataType: onnxTypes[dtype],
        rawData,
      }),
    );
    return name;
  }

  /** A list of integers, as shapes, axes and ranges are given to ONNX operators; equal lists are stored once. */
  integers(values: readonly number[]): string {
    const key = values.join();
    const known = this.#integers.get(key);
    if (known !== undefined) return known;
    const name = this.initialiser(
      BigInt64Array.from(values, (value) => BigInt(value)),
      [values.length],
      'int64',
    );
    this.#integers.set(key, name);
    return name;
  }

  /** A list of floats. */
  floats(values: readonly number[]): string {
    return this.initialiser(Float32Array.from(values), [values.length], 'float32');
  }

  /** A table of indices; it is made and stored once for each name. */
  table(name: string, make: () => Int32Array): string {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const data = make();
    const stored = this.initialiser(data, [data.length], 'int32');
    this.#tables.set(name, stored);
    return stored;
  }

  /** Floats of a shape; they are made and stored once for each name. */
  floatTable(name: string, shape: Shape, make: () => Float32Array): string {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const stored = this.initialiser(make(), shape, 'float32');
    this.#tables.set(name, stored);
    return stored;
  }

  /** A float scalar. */
  float(value: number): string {
    return this.initialiser(Float32Array.of(value), [], 'float32');
  }

  reshape(x: string, shape: Shape): string {
    return this.node('Reshape', [x, this.integers(shape)]);
  }

  transpose(x: string, permutation: readonly number[]): string {
    return this.node('Transpose', [x], { perm: permutation });
  }

  /** Sum over axes, which are dropped. */
  sumOut(x: string, axes: readonly number[]): string {
    return this.node('ReduceSum', [x, this.integers(axes)], { keepdims: 0 });
  }

  pad(x: string, before: readonly number[], after: readonly number[]): string {
    return this.node('Pad', [x, this.integers([...before, ...after])], { mode: 'constant' });
  }

  /**
   * Elements `start, start + step, …` (`length` of them) of the named axes. Backward ranges are taken forward and then
   * turned as a whole: the WebGPU provider reads backward slices of a part of an axis from the wrong place.
   */
  slice(x: string, ranges: readonly Range[]): string {
    const forward = ranges.map((range) =>
      range.step > 0
        ? range
        : { ...range, start: range.start + range.step * (range.length - 1), step: -range.step },
    );
    const backward = ranges.filter((range) => range.step < 0 && range.length > 1);
    const taken = this.#slice(
      x,
      forward,
      forward.map(({ start, length, step }) => start + (length - 1) * step + 1),
    );
    if (backward.length === 0) return taken;
    const turned = backward.map(({ axis, length }) => ({ axis, start: length - 1, length, step: -1 }));
    return this.#slice(
      taken,
      turned,
      turned.map(() => BEFORE_THE_FIRST),
    );
  }

  #slice(x: string, ranges: readonly Range[], ends: readonly number[]): string {
    return this.node('Slice', [
      x,
      this.integers(ranges.map((range) => range.start)),
      this.integers(ends),
      this.integers(ranges.map((range) => range.axis)),
      this.integers(ranges.map((range) => range.step)),
    ]);
  }
}
