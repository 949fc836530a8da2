import { equals } from '@bufbuild/protobuf';
import { AttributeProtoSchema, type NodeProto, TensorProto_DataType, type TensorProto } from 'onnx-buf';
import type { DType } from '../tensor/index.js';
import { RevelaError } from '../errors.js';
import { type BilinearForm, fitBilinearForm } from './bilinear-form.js';
import type { LoweredProgram } from './lower-program.js';

/** Numbers of a graph that follow the picture's size. */
export interface VaryingInitialiser {
  /** The name that the graph's nodes know it by. */
  readonly name: string;
  readonly extents: readonly number[];
  /** A list of integers, or one float that is the reciprocal of an integer, as means multiply by. */
  readonly kind: 'integers' | 'reciprocal';
  readonly forms: readonly BilinearForm[];
}

/** A graph for any size: that of every probe, but for the numbers that follow the size. */
export interface GeneralGraph {
  readonly nodes: readonly NodeProto[];
  /** Numbers that are the same for every size. */
  readonly fixed: readonly TensorProto[];
  readonly varying: readonly VaryingInitialiser[];
  /** Shapes of the values in between, each extent as it follows the size. */
  readonly shapes: readonly GeneralShape[];
}

/** The shape of a value for any size. */
export interface GeneralShape {
  readonly name: string;
  readonly dtype: DType;
  readonly extents: readonly BilinearForm[];
}

const refuse = (why: string): RevelaError =>
  new RevelaError(
    `the program cannot be written for pictures of any size: ${why}; export another method or network`,
  );

/** Checks that two nodes are the same operator with the same attributes on the same values. */
function checkSameNode(node: NodeProto, other: NodeProto | undefined): void {
  if (
    node.opType !== other?.opType ||
    node.domain !== other.domain ||
    node.input.join() !== other.input.join() ||
    node.output.join() !== other.output.join() ||
    node.attribute.length !== other.attribute.length
  )
    throw refuse(
      `its graph has ${node.name} for some sizes and ${other?.name ?? 'nothing'} there for others`,
    );
  for (const [i, attribute] of node.attribute.entries()) {
    const same = other.attribute[i];
    if (same === undefined || !equals(AttributeProtoSchema, attribute, same))
      throw refuse(
        `${attribute.name} of ${node.opType} depends on the size: [${attribute.ints.join(', ')}] and [${same?.ints.join(', ') ?? ''}]`,
      );
  }
}

function int64sOf({ rawData }: TensorProto): readonly number[] {
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  return Array.from({ length: rawData.length / 8 }, (_, i) => Number(view.getBigInt64(8 * i, true)));
}

function float32Of({ rawData }: TensorProto): number {
  return new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength).getFloat32(0, true);
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

/** How the numbers follow the size, from what they are at each probe. */
function generalise(name: string, tensors: readonly TensorProto[]): VaryingInitialiser {
  const [first, ...others] = tensors;
  const described = `a constant of shape [${first?.dims.join(', ') ?? ''}]`;
  if (first === undefined || others.some(({ dims }) => dims.join() !== first.dims.join()))
    throw refuse(`${described} has another shape for other sizes`);
  const extents = first.dims.map(Number);
  if (first.dataType === TensorProto_DataType.INT64 && extents.length === 1) {
    const lists = tensors.map(int64sOf);
    const forms = lists[0]?.map((_, i) => fitBilinearForm(lists.map((list) => list[i] ?? Number.NaN)));
    const known = forms?.filter((form) => form !== undefined) ?? [];
    if (known.length !== extents[0])
      throw refuse(`the sizes ${lists.map((list) => `[${list.join(', ')}]`).join(', ')} follow no rule`);
    return { name, extents, kind: 'integers', forms: known };
  }
  if (first.dataType === TensorProto_DataType.FLOAT && first.rawData.length === 4) {
    // What is 1/n in single precision tells n as long as n is far below 2²⁴, as it is at the probes.
    const values = tensors.map(float32Of);
    const form = fitBilinearForm(values.map((value) => Math.round(1 / value)));
    const exact = values.every((value) => value === Math.fround(1 / Math.round(1 / value)));
    if (form !== undefined && exact) return { name, extents, kind: 'reciprocal', forms: [form] };
    throw refuse(`the numbers ${values.join(', ')} follow the size by no rule`);
  }
  throw refuse(`${described} depends on the size`);
}

/**
 * What the graphs of one program for pictures of different sizes have in common.
 *
 * @param programs one for each of the `probes`, in their order
 * @throws RevelaError that names the operator or numbers by which they differ in another way than by sizes
 */
export function generalGraph(programs: readonly LoweredProgram[]): GeneralGraph {
  const [first, ...others] = programs;
  if (first === undefined) throw new RangeError('generalGraph: needs a program for each probe');
  for (const other of others) {
    if (other.nodes.length !== first.nodes.length || other.initialisers.length !== first.initialisers.length)
      throw refuse(
        `its graph has ${first.nodes.length} nodes for one size and ${other.nodes.length} for another`,
      );
    for (const [i, node] of first.nodes.entries()) checkSameNode(node, other.nodes[i]);
  }
  const fixed: TensorProto[] = [];
  const varying: VaryingInitialiser[] = [];
  for (const [i, tensor] of first.initialisers.entries()) {
    const tensors = programs.flatMap(({ initialisers }) => initialisers[i] ?? []);
    if (tensors.some(({ name }) => name !== tensor.name))
      throw refuse('its constants are others for other sizes');
    const same = tensors.every(
      ({ dims, dataType, rawData }) =>
        dataType === tensor.dataType &&
        dims.join() === tensor.dims.join() &&
        sameBytes(rawData, tensor.rawData),
    );
    if (same) fixed.push(tensor);
    else varying.push(generalise(tensor.name, tensors));
  }
  return { nodes: first.nodes, fixed, varying, shapes: generalShapes(programs) };
}

/** The shapes of results that follow the size by a rule; there is nothing to be known of others. */
function generalShapes(programs: readonly LoweredProgram[]): readonly GeneralShape[] {
  return (programs[0]?.results ?? []).flatMap(({ name, dtype, shape }, i) => {
    const forms = shape.flatMap(
      (_, axis) =>
        fitBilinearForm(programs.map(({ results }) => results[i]?.shape[axis] ?? Number.NaN)) ?? [],
    );
    return forms.length === shape.length ? [{ name, dtype, extents: forms }] : [];
  });
}
