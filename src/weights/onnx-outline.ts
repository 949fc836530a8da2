import type { FileHandle } from 'node:fs/promises';
import { fromBinary } from '@bufbuild/protobuf';
import {
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { type Allowance, allowanceFor } from '../allowance.js';
import { RevelaError } from '../errors.js';
import { fileError } from '../file-errors.js';
import { openRegular } from '../regular-file.js';
import { type ProtobufField, protobufFields } from './protobuf-fields.js';
import { mostDimensions } from './stored-tensor.js';

/** An input or output of a model; extents that are free have names. */
export interface OnnxPort {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

/** What an ONNX model says of itself, without its numbers. */
export interface OnnxOutline {
  /** Bytes of the file. */
  readonly fileSize: number;
  readonly producer: string;
  readonly description: string;
  /** The version of the standard operators; 0 where none is named. */
  readonly opset: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  readonly nodes: number;
}

/** Field numbers of ONNX's ModelProto and GraphProto. */
const model = { producer: 2, producerVersion: 3, description: 6, graph: 7, opset: 8, metadata: 14 } as const;
const graph = { node: 1, initialiser: 5, input: 11, output: 12 } as const;
const tensorName = 8;

/** The largest models have some ten thousands of nodes and weights, each a field. */
const mostSteps = 1_000_000;

/** No text or port of a sensible model is longer. */
const LONGEST_FIELD = 2 ** 20;

async function bytesOf(
  file: FileHandle,
  { offset, length }: ProtobufField,
  allowance: Allowance,
): Promise<Uint8Array> {
  if (length > LONGEST_FIELD) throw new RangeError(`a text at byte ${offset} is ${length} bytes long`);
  allowance.spend(100); // it is read and decoded by itself
  allowance.hold(length);
  const { buffer } = await file.read(new Uint8Array(length), 0, length, offset);
  return buffer;
}

function portOf({ name, type }: ValueInfoProto): OnnxPort {
  const dims = type?.value.case === 'tensorType' ? (type.value.value.shape?.dim ?? []) : [];
  if (dims.length > mostDimensions) throw new RangeError(`a port has ${dims.length} dimensions`);
  const shape = dims.map(({ value }) =>
    value.case === 'dimValue' ? Number(value.value) : value.case === 'dimParam' ? value.value : '?',
  );
  return { name, shape };
}

/** The name of a tensor whose numbers are stepped over. */
async function nameOf(
  file: FileHandle,
  { offset, length }: ProtobufField,
  allowance: Allowance,
): Promise<string> {
  for await (const field of protobufFields(file, offset, offset + length, allowance))
    if (field.number === tensorName) return new TextDecoder().decode(await bytesOf(file, field, allowance));
  return '';
}

async function outlineOf(
  file: FileHandle,
  fileSize: number,
  allowance: Allowance,
): Promise<OnnxOutline | undefined> {
  const texts = new Map<number, string>();
  const metadata = new Map<string, string>();
  const ports: Record<'inputs' | 'outputs', OnnxPort[]> = { inputs: [], outputs: [] };
  const held = new Set<string>();
  let [opset, nodes, graphs] = [0, 0, 0];
  for await (const field of protobufFields(file, 0, fileSize, allowance)) {
    if (field.number === model.opset) {
      const { domain, version } = fromBinary(OperatorSetIdProtoSchema, await bytesOf(file, field, allowance));
      if (domain === '') opset = Number(version);
    } else if (field.number === model.metadata) {
      const { key, value } = fromBinary(StringStringEntryProtoSchema, await bytesOf(file, field, allowance));
      metadata.set(key, value);
    } else if (field.number === model.graph) {
      graphs += 1;
      const end = field.offset + field.length;
      for await (const part of protobufFields(file, field.offset, end, allowance)) {
        if (part.number === graph.node) nodes += 1;
        if (part.number === graph.initialiser) held.add(await nameOf(file, part, allowance));
        const side =
          part.number === graph.input ? 'inputs' : part.number === graph.output ? 'outputs' : undefined;
        if (side !== undefined)
          ports[side].push(portOf(fromBinary(ValueInfoProtoSchema, await bytesOf(file, part, allowance))));
      }
    } else if (
      field.number === model.producer ||
      field.number === model.producerVersion ||
      field.number === model.description
    ) {
      texts.set(field.number, new TextDecoder().decode(await bytesOf(file, field, allowance)));
    }
  }
  if (graphs !== 1 || ports.outputs.length === 0) return undefined;
  const producer = [texts.get(model.producer), texts.get(model.producerVersion)].filter(Boolean).join(' ');
  const description = texts.get(model.description) ?? '';
  // Up to version 3 of the format, weights are listed among the inputs.
  const inputs = ports.inputs.filter(({ name }) => !held.has(name));
  const facts = { fileSize, producer, description, opset, metadata: Object.fromEntries(metadata) };
  return { ...facts, inputs, outputs: ports.outputs, nodes };
}

/**
 * Reads what an ONNX model says of itself: its metadata, inputs and outputs. Its numbers are stepped over.
 *
 * @throws RevelaError if the file is missing, cannot be read, is cut off or is no ONNX model
 *
 * @example
 * const { metadata, inputs } = await readOnnxOutline('denoiser.onnx');
 */
export async function readOnnxOutline(path: string): Promise<OnnxOutline> {
  try {
    const { handle, size } = await openRegular(path);
    try {
      const allowance = allowanceFor(path, {
        steps: mostSteps,
        bytes: 2 ** 26,
        kind: 'a model',
        remedy: 'give another file',
      });
      const outline = await outlineOf(handle, size, allowance);
      if (outline === undefined) throw new RangeError('it holds no graph');
      return outline;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof RevelaError) throw error;
    // What is no message, or a wrong one, shows as one of these, from us or from the decoder.
    if (error instanceof RangeError || (error instanceof Error && !('code' in error)))
      throw new RevelaError(
        `${path} is not a whole ONNX model (${error.message}); copy it again, or give another file`,
        { cause: error },
      );
    throw fileError(`cannot read ${path}`, error);
  }
}
