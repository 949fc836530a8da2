import type { Network } from '#src/nn/index.js';
import { applyNetwork } from '#src/nn/index.js';
import {
  type Architecture,
  dbsnlArchitecture,
  nafnetArchitecture,
  type NetworkConfig,
  restormerArchitecture,
} from '#src/networks/index.js';
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

/** A fixture's `config`, under the original constructor's names. */
export function configOf(fixture: Fixture): NetworkConfig {
  const config = metadataJson(fixture, 'config');
  if (typeof config !== 'object' || config === null) throw new Error('the config is no object');
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, setting(key, value)]));
}

function setting(key: string, value: unknown): NetworkConfig[string] {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(Number);
  throw new Error(`the config's ${key} is no number, text, true, false or list`);
}

/** Reads numbers out of a fixture's `config`. */
export function configReader(fixture: Fixture): (key: string) => number {
  const config = configOf(fixture);
  return (key) => {
    const value = config[key];
    if (typeof value !== 'number') throw new Error(`the config has no number ${key}`);
    return value;
  };
}

/** The architectures of fixtures, by the name that these give the network. */
const fixtureNetworks: Readonly<Record<string, Architecture>> = {
  dbsnl: dbsnlArchitecture,
  nafnet: nafnetArchitecture,
  restormer: restormerArchitecture,
};

/** Builds the network a fixture names; an error for one this program does not have. */
export function networkOf(fixture: Fixture, name: string | undefined): Network {
  const architecture = fixtureNetworks[name ?? ''];
  if (architecture === undefined)
    throw new Error(`this program does not know the network ${name ?? '(none named)'}`);
  return architecture.ofConfig(configOf(fixture)).network;
}

/** Parameters that training changes: everything but buffers. */
export const isLearnt = (key: string): boolean => !/mask$|num_batches|running_(mean|var)$/.test(key);

/** Compares a network's output, and where they are given its loss and gradients. */
export async function checkNetwork(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  const network = networkOf(fixture, fixture.metadata['network']);
  const full = fixture.metadata['parameters_from'] === 'hash';
  const stored = full ? hashedParameters(fixture) : tensorsUnder(fixture, 'param/');
  const parameters = Object.fromEntries(Object.entries(stored).filter(([key]) => isLearnt(key)));
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
    return [
      { what, error: maskedError(fixture, what.replace('grad/', ''), results[what], numbers), tolerance },
    ];
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
