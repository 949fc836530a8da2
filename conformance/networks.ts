import type { Network } from '#src/nn/index.js';
import { applyNetwork } from '#src/nn/index.js';
import type { NetworkConfig } from '#src/networks/index.js';
import { architectureOf } from '#src/networks/index.js';
import type { Runtime } from '#src/runtime/index.js';
import type { TensorValue } from '#src/tensor/index.js';
import { gradientsOf, l1Loss, trace } from '#src/tensor/index.js';
import {
  type Check,
  expectTensor,
  type Fixture,
  grouped,
  metadataJson,
  maskedError,
  specsOf,
  tensorsUnder,
  tolerances,
} from './fixture.js';
import { hashedParameters } from './hashed-parameters.js';
import { run } from './run.js';

type ConfigValue = NetworkConfig[string];

const isConfigValue = (value: unknown): value is ConfigValue =>
  ['number', 'boolean', 'string'].includes(typeof value) ||
  (Array.isArray(value) && value.every((element) => typeof element === 'number'));

/** A fixture's `config`: the original constructor's arguments by name. What an architecture does not ask for does not matter. */
function configOf(fixture: Fixture): NetworkConfig {
  const config = metadataJson(fixture, 'config');
  if (typeof config !== 'object' || config === null) throw new Error('the config is no object');
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) => (isConfigValue(value) ? [[key, value]] : [])),
  );
}

/** Reads numbers out of a fixture's `config`, under the original constructor's names. */
export function configReader(fixture: Fixture): (key: string) => number {
  const config = metadataJson(fixture, 'config');
  const read = (key: string): number => {
    const value: unknown =
      typeof config === 'object' && config !== null ? Reflect.get(config, key) : undefined;
    if (typeof value !== 'number') throw new Error(`the config has no number ${key}`);
    return value;
  };
  return read;
}

/** Builds the network a fixture names; an error for one this program does not have. */
export function networkOf(fixture: Fixture, name: string | undefined): Network {
  const architecture = architectureOf(name ?? '');
  if (architecture === undefined)
    throw new Error(`this program does not know the network ${name ?? '(none named)'}`);
  // Networks with batch normalisation do different things in training and in evaluation.
  const mode = fixture.metadata['mode'] ?? 'eval';
  return architecture.ofConfig({ ...configOf(fixture), mode }).network;
}

/** What a state dict holds and no network takes. */
const isLeftOut = (key: string): boolean => /mask$|num_batches/.test(key);

/** Parameters that training changes: everything but buffers. */
export const isLearnt = (key: string): boolean => !/mask$|num_batches|running_(mean|var)$/.test(key);

const normOf = ({ data }: TensorValue): number => Math.hypot(...Array.from(data, Number));

/**
 * By how much the relative error of a bias's gradient counts. Batch normalisation undoes the bias before it, so that
 * its gradient is 0 but for rounding: differences are measured against a hundredth of the weight's gradient at least.
 */
function relevance(fixture: Fixture, key: string, numbers: TensorValue): number {
  const weight = key.endsWith('.bias') ? fixture.tensors[key.replace(/bias$/, 'weight')] : undefined;
  if (weight === undefined) return 1;
  return Math.min(1, normOf(numbers) / (0.01 * normOf(weight)));
}

/** Compares a network's output, and where they are given its loss and gradients. */
export async function checkNetwork(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  const network = networkOf(fixture, fixture.metadata['network']);
  const full = fixture.metadata['parameters_from'] === 'hash';
  const stored = full ? hashedParameters(fixture) : tensorsUnder(fixture, 'param/');
  const parameters = Object.fromEntries(Object.entries(stored).filter(([key]) => !isLeftOut(key)));
  const input = expectTensor(fixture, 'input');
  const expected = { ...tensorsUnder(fixture, 'grad/') };
  const target = fixture.tensors['target'];
  const program = trace((declare) => {
    const weights = declare.inputs('param', specsOf(parameters));
    const x = declare.input('input', input.shape);
    const output = applyNetwork(network, weights, x);
    if (target === undefined) return { output };
    const loss = l1Loss(output, declare.input('target', target.shape));
    const keys = Object.keys(expected).filter(isLearnt);
    const gradients = gradientsOf(loss, [x, ...keys.flatMap((key) => weights[key] ?? [])]);
    const [gradInput, ...rest] = gradients;
    return {
      output,
      loss,
      grad_input: gradInput ?? x,
      grad: Object.fromEntries(rest.map((g, i) => [keys[i], g])),
    };
  });
  const feeds: Record<string, TensorValue> = { ...grouped('param', parameters), input };
  if (target !== undefined) feeds['target'] = target;
  const results = await run(runtime, program, feeds);

  const forward = full ? tolerances.forwardFullSize : tolerances.forward;
  const check = (what: string, key: string, tolerance: number): Check[] => {
    const numbers = fixture.tensors[key];
    if (numbers === undefined) return [];
    const error = maskedError(fixture, what.replace('grad/', ''), results[what], numbers);
    return [{ what, error: error * relevance(fixture, key, numbers), tolerance }];
  };
  return [
    ...check('output', 'output', forward),
    ...check('loss', 'loss_l1', forward),
    ...check('grad_input', 'grad_input', tolerances.gradient),
    ...Object.keys(expected)
      .filter(isLearnt)
      .flatMap((key) => check(`grad/${key}`, `grad/${key}`, tolerances.gradient)),
  ];
}
