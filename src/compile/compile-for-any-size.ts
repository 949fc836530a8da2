import { clone } from '@bufbuild/protobuf';
import { type NodeProto, NodeProtoSchema } from 'onnx-buf';
import type { Program, TensorValue } from '../tensor/index.js';
import { extent, formatShape, sameShape } from '../tensor/index.js';
import { RevelaError } from '../errors.js';
import { extentOf, probes } from './bilinear-form.js';
import { emitReflection, emitRepetition } from './emit-indices.js';
import { Emitter } from './emitter.js';
import { encodeModel, type ModelLabel } from './encode-model.js';
import { type LoweredProgram, lowerProgram } from './lower-program.js';
import type { OpenPort, Port } from './model.js';
import { repeatingPart } from './repeating-pattern.js';
import { SizeArithmetic } from './size-arithmetic.js';
import { generalGraph } from './varying-initialisers.js';

/** What {@link compileForAnySize} makes a model of. */
export interface AnySizeProgram extends ModelLabel {
  /** The program for pictures of `height` × `width`, which are multiples of `multiple`. */
  readonly trace: (height: number, width: number) => Program;
  readonly multiple: number;
  /** Pixels by which the picture is mirrored on all sides first; default 0. */
  readonly border?: number;
  /** How many times as high and wide the result is; default 1. */
  readonly scale?: number;
  /** The input `[1, channels, height, width]`, and the output `[1, channels, height · scale, width · scale]`. */
  readonly picture: string;
  readonly result: string;
  /** Numbers of all other inputs, which become part of the model. */
  readonly values: Readonly<Record<string, TensorValue>>;
  /**
   * Numbers of inputs `[…, height, width]` for a picture of that size, such as masks. They must be a pattern that repeats
   * along height and width, the same for every size.
   */
  readonly patterns?: (height: number, width: number) => Readonly<Record<string, TensorValue>>;
}

const [HEIGHT, WIDTH] = [2, 3] as const;

/** The port of that name, which must have the size of the first probe, `scale` times as large. */
function portNamed(name: string, ports: readonly Port[], multiple: number, scale = 1): OpenPort {
  const port = ports.find((candidate) => candidate.name === name);
  const [{ rows, columns } = { rows: 0, columns: 0 }] = probes;
  const [down, across] = [rows * multiple * scale, columns * multiple * scale];
  const expected = [1, port?.shape[1] ?? 0, down, across];
  if (port === undefined || !sameShape(port.shape, expected))
    throw new RangeError(
      `compileForAnySize: ${name} must be ${formatShape(expected)}, got ${formatShape(port?.shape ?? [])}`,
    );
  const side = (what: string): string => (scale === 1 ? what : `${scale}*${what}`);
  return { name, dtype: port.dtype, shape: [1, extent(port.shape, 1), side('height'), side('width')] };
}

function renamed(nodes: readonly NodeProto[], names: ReadonlyMap<string, string>): readonly NodeProto[] {
  return nodes.map((node) => {
    const copy = clone(NodeProtoSchema, node);
    copy.input = node.input.map((name) => names.get(name) ?? name);
    copy.output = node.output.map((name) => names.get(name) ?? name);
    return copy;
  });
}

/** Every name that the graph uses. */
function namesOf({ nodes, initialisers, inputs, outputs }: LoweredProgram): ReadonlySet<string> {
  return new Set([
    ...nodes.flatMap(({ output }) => output),
    ...[...initialisers, ...inputs, ...outputs].map(({ name }) => name),
  ]);
}

/**
 * Turns programs for pictures of certain sizes into one ONNX model for pictures of any size, in standard operators.
 *
 * Programs have static shapes, so theirs is looked at for several sizes. The graphs must be the same but for integers
 * (shapes, ranges) that follow the size by `a + b·h + c·w + d·h·w`, and for reciprocals of such integers (means); these
 * are computed in the model from the picture's shape. Inside, the picture is padded by reflection: by its border on all
 * sides, then at the right and the bottom to whole multiples; the result is cut to the picture's size.
 *
 * @returns the bytes of the model; the extents of its picture are named `height` and `width`
 * @throws RevelaError where anything else depends on the size, such as the padding of a convolution
 *
 * @example
 * const bytes = compileForAnySize({ trace: programOf, multiple: 2, picture: 'noisy', result: 'denoised', values });
 */
export function compileForAnySize(program: AnySizeProgram): Uint8Array {
  const { trace, multiple, border = 0, scale = 1, picture, result, values, patterns, ...label } = program;
  const lowered = probes.map(({ rows, columns }) =>
    lowerProgram(trace(rows * multiple, columns * multiple), { device: 'portable' }),
  );
  const [first] = lowered;
  if (first === undefined) throw new RangeError('compileForAnySize: there are no probes');
  const { nodes, fixed, varying, shapes } = generalGraph(lowered);

  const emit = new Emitter('portable', namesOf(first));
  const sizes = new SizeArithmetic(emit, picture, multiple, border);
  const fed: readonly Readonly<Record<string, TensorValue>>[] = probes.map(
    ({ rows, columns }) => patterns?.(rows * multiple, columns * multiple) ?? {},
  );
  for (const { name } of first.inputs) {
    const value = values[name];
    const pattern = fed.flatMap((record) => record[name] ?? []);
    if (value !== undefined) emit.initialiser(value.data, value.shape, value.dtype, name);
    else if (pattern.length > 0) emitPattern(name, pattern, sizes, emit);
    else if (name !== picture) throw new RangeError(`compileForAnySize: the input ${name} has no numbers`);
  }
  for (const initialiser of varying) sizes.define(initialiser);

  const names = new Map<string, string>();
  const pads = multiple > 1 || border > 0;
  if (pads) names.set(picture, emitPadding(picture, sizes, border, emit));
  if (pads) names.set(result, emit.fresh());
  const before = [...emit.nodes];
  emit.nodes.length = 0;
  if (pads) emitCut([names.get(result) ?? result, result], sizes, { border, scale }, emit);
  return encodeModel(
    {
      nodes: [...before, ...renamed(nodes, names), ...emit.nodes],
      initialisers: [...fixed, ...emit.initialisers],
      inputs: [portNamed(picture, first.inputs, multiple)],
      outputs: [portNamed(result, first.outputs, multiple, scale)],
      shapes: shapes.map(({ name, dtype, extents }) => ({
        name,
        dtype,
        shape: extents.map((form) => extentOf(form, multiple)),
      })),
    },
    label,
  );
}

/** The picture reflected by its border, and at the right and the bottom to whole multiples. */
function emitPadding(picture: string, sizes: SizeArithmetic, before: number, emit: Emitter): string {
  const down = { axis: HEIGHT, size: sizes.height, padded: sizes.paddedHeight, before };
  const across = { axis: WIDTH, size: sizes.width, padded: sizes.paddedWidth, before };
  return emitReflection(emitReflection(picture, down, emit), across, emit);
}

/** An input that is fed a repeating pattern, as the part that repeats. */
function emitPattern(
  name: string,
  patterns: readonly TensorValue[],
  sizes: SizeArithmetic,
  emit: Emitter,
): void {
  const part = repeatingPart(patterns);
  if (part === undefined)
    throw new RevelaError(
      `the program cannot be written for pictures of any size: ${name} holds other numbers for every size; export another method`,
    );
  const { data, shape, dtype } = part;
  const [across, down] = [shape.length - 1, shape.length - 2];
  const rows = { axis: down, period: extent(shape, down), padded: sizes.paddedHeight };
  const columns = { axis: across, period: extent(shape, across), padded: sizes.paddedWidth };
  const high = emitRepetition(emit.initialiser(data, shape, dtype), rows, emit);
  emit.node('Identity', [emitRepetition(high, columns, emit)], {}, { output: name });
}

/** The part of the result that the picture had, without its padding. */
function emitCut(
  [padded, result]: readonly [string, string],
  sizes: SizeArithmetic,
  { border, scale }: { readonly border: number; readonly scale: number },
  emit: Emitter,
): void {
  const picture = emit.node('Concat', [sizes.height, sizes.width], { axis: 0 });
  const size = scale === 1 ? picture : emit.node('Mul', [picture, emit.integers([scale, scale])]);
  const starts = emit.integers([border * scale, border * scale]);
  const ends = border === 0 ? size : emit.node('Add', [size, starts]);
  emit.node('Slice', [padded, starts, ends, emit.integers([HEIGHT, WIDTH])], {}, { output: result });
}
