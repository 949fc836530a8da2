import type { TensorValue } from '#src/tensor/index.js';
import { elementCount } from '#src/tensor/index.js';
import { mix32 } from '#src/random.js';
import { type Fixture, metadataJson } from './fixture.js';

const GOLDEN = 0x9e3779b9;

function parameterOrder(fixture: Fixture): readonly (readonly [key: string, shape: readonly number[]])[] {
  const order = metadataJson(fixture, 'parameter_order');
  if (!Array.isArray(order)) throw new Error('parameter_order is no list');
  return order.map((entry: unknown) => {
    if (!Array.isArray(entry)) throw new Error('parameter_order holds something else than pairs');
    const [key, shape]: unknown[] = entry;
    if (typeof key !== 'string' || !Array.isArray(shape))
      throw new Error('parameter_order holds something else than pairs');
    return [key, shape.map(Number)] as const;
  });
}

/** The value at r in [−1, 1] of a parameter, by the fixtures' rule. */
function rule(key: string, shape: readonly number[], gain: number): (r: number) => number {
  if (key.endsWith('running_var')) return (r) => 1 + 0.5 * r;
  if (shape.length >= 2) {
    const bound = gain * Math.sqrt(3 / elementCount(shape.slice(1)));
    return (r) => r * bound;
  }
  if (shape.length === 1 && key.endsWith('weight')) return (r) => 1 + 0.2 * r;
  if (shape.length === 0) return () => Math.log(1 / 0.07);
  return (r) => 0.1 * r;
}

/** The parameters of a full-size network, which fixtures describe by a hash of position instead of storing them. */
export function hashedParameters(fixture: Fixture): Record<string, TensorValue> {
  const gain = Number(fixture.metadata['gain'] ?? 1);
  const parameters: Record<string, TensorValue> = {};
  let k = 0;
  for (const [key, shape] of parameterOrder(fixture)) {
    if (key.endsWith('mask') || key.includes('num_batches')) continue;
    k += 1;
    const value = rule(key, shape, gain);
    const offset = Math.imul(k, GOLDEN);
    const data = new Float32Array(elementCount(shape));
    // There are up to a hundred million of them.
    for (let i = 0; i < data.length; i++) data[i] = value((2 * mix32(i + offset)) / 4294967295 - 1);
    parameters[key] = { data, shape, dtype: 'float32' };
  }
  return parameters;
}
