import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, TensorProto_DataType } from 'onnx-buf';
import { describe, expect, test } from 'vitest';
import { probes } from '#src/compile/bilinear-form.js';
import { compile, compileForAnySize } from '#src/compile/index.js';
import * as t from '#src/tensor/index.js';
import { bodies, type Body, request, subImages, tracing, wholeImage } from './any-size-bodies.js';

/** Whether an integer comes from the rows or columns of a probe, all of which are primes above 36. */
const ofProbes = (integer: bigint): boolean =>
  integer !== 0n &&
  probes.some(({ rows, columns }) => [rows, columns].some((side) => integer % BigInt(side) === 0n));

describe('its graph', () => {
  test.each(Object.entries(bodies))(
    'of %s is that of the program, around it the sizes',
    (_, { body, multiple }) => {
      const general = fromBinary(ModelProtoSchema, compileForAnySize(request(body, multiple)));
      const still = fromBinary(
        ModelProtoSchema,
        compile(tracing(body)(3 * multiple * 8, 5 * multiple * 8), { device: 'portable' }).bytes,
      );
      const operators = (general.graph?.node ?? []).map(({ opType }) => opType);
      const program = (still.graph?.node ?? []).map(({ opType }) => opType);
      const start = operators.length - program.length - (multiple === 1 ? 0 : 2);
      expect(operators.slice(start, start + program.length)).toEqual(program);
      if (multiple > 1) expect(operators.slice(-2)).toEqual(['Concat', 'Slice']);
      // What comes before computes integers, means' factors and the padding, and nothing else.
      const arithmetic = [
        'Shape',
        'Add',
        'Sub',
        'Mul',
        'Div',
        'Mod',
        'Min',
        'Max',
        'Range',
        'Squeeze',
        'Gather',
        'Concat',
        'Reshape',
        'Cast',
        'Reciprocal',
      ];
      for (const operator of operators.slice(0, start)) expect(arithmetic).toContain(operator);
    },
  );

  test.each(Object.entries(bodies))('of %s holds the size of no probe', (_, { body, multiple }) => {
    const { graph } = fromBinary(ModelProtoSchema, compileForAnySize(request(body, multiple)));
    for (const { rawData, dataType } of graph?.initializer ?? []) {
      if (dataType !== TensorProto_DataType.INT64) continue;
      const integers = new BigInt64Array(rawData.slice().buffer);
      for (const integer of integers) expect(ofProbes(integer)).toBe(false);
    }
    for (const { attribute } of graph?.node ?? [])
      for (const { ints } of attribute) expect(ints.some(ofProbes)).toBe(false);
  });

  test('has standard operators only, and free extents with names', () => {
    const attention = bodies['attention between channels'];
    if (attention === undefined) expect.fail();
    const model = fromBinary(ModelProtoSchema, compileForAnySize(request(attention.body, 1)));
    expect(model.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 21n]]);
    expect(model.graph?.node.every(({ domain }) => domain === '')).toBe(true);
    for (const port of [...(model.graph?.input ?? []), ...(model.graph?.output ?? [])]) {
      const type = port.type?.value;
      if (type?.case !== 'tensorType') expect.fail();
      expect(type.value.shape?.dim.map(({ value }) => value.value)).toEqual([1n, 4n, 'height', 'width']);
    }
  });

  test.each(Object.entries(bodies))(
    'of %s tells every shape, as it follows the size',
    (_, { body, multiple }) => {
      const { graph } = fromBinary(ModelProtoSchema, compileForAnySize(request(body, multiple)));
      const shapes = (graph?.valueInfo ?? []).map(({ type }) =>
        type?.value.case === 'tensorType'
          ? (type.value.value.shape?.dim.map(({ value }) => value.value) ?? [])
          : [],
      );
      expect(shapes.length).toBeGreaterThan(0);
      const extents = shapes.flat();
      expect(extents.some((e) => typeof e === 'string')).toBe(true);
      for (const e of extents) if (typeof e === 'bigint') expect(ofProbes(e)).toBe(false);
    },
  );

  test('computes each size once', () => {
    const body: Body = (x) => {
      let y = x;
      for (let i = 0; i < 10; i++) y = wholeImage(t.add(subImages(y), 0.5));
      return y;
    };
    const { graph } = fromBinary(ModelProtoSchema, compileForAnySize(request(body, 2)));
    const count = (name: string): number =>
      (graph?.node ?? []).filter(({ opType }) => opType === name).length;
    expect(count('Shape')).toBe(2);
    expect(count('Div')).toBe(2);
    expect(count('Reshape')).toBe(40);
    // Four shapes, used ten times, and the size of the result.
    expect(count('Concat')).toBe(5);
  });
});
