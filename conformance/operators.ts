import { adam, adamW, type Optimiser, sgd } from '#src/nn/index.js';
import type { Runtime } from '#src/runtime/index.js';
import type { TensorRecord, TensorValue } from '#src/tensor/index.js';
import { gradientsOf, trace } from '#src/tensor/index.js';
import {
  type Check,
  expectTensor,
  type Fixture,
  grouped,
  metadataJson,
  relativeError,
  specsOf,
  tensorsUnder,
  tolerances,
} from './fixture.js';
import { type CaseAttributes, operatorCase } from './operator-cases.js';
import { advanced, run } from './run.js';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function attributesOf(fixture: Fixture, name: string): CaseAttributes {
  const all = metadataJson(fixture, 'attributes');
  const attributes = isRecord(all) ? all[name] : undefined;
  return isRecord(attributes) ? attributes : {};
}

async function checkOperator(fixture: Fixture, name: string, runtime: Runtime): Promise<Check[]> {
  const build = operatorCase(name);
  if (build === undefined) throw new Error(`this program does not know the operator ${name}`);
  const inputs = tensorsUnder(fixture, `${name}/in/`);
  const gradients = tensorsUnder(fixture, `${name}/grad/`);
  const upstream = expectTensor(fixture, `${name}/upstream`);
  const attributes = attributesOf(fixture, name);
  const program = trace((declare) => {
    const tensors = declare.inputs('in', specsOf(inputs));
    const out = build(tensors, attributes);
    const targets = Object.keys(gradients).flatMap((key) => tensors[key] ?? []);
    const results = gradientsOf(out, targets, declare.input('upstream', upstream.shape));
    return {
      out,
      grad: Object.fromEntries(Object.keys(gradients).map((key, i) => [key, results[i] ?? out])),
    };
  });
  const results = await run(runtime, program, { ...grouped('in', inputs), upstream });
  return [
    {
      what: name,
      error: relativeError(results['out'], expectTensor(fixture, `${name}/out`)),
      tolerance: tolerances.forward,
    },
    ...Object.entries(gradients).map(([key, expected]) => ({
      what: `${name} d${key}`,
      error: relativeError(results[`grad/${key}`], expected),
      tolerance: tolerances.gradient,
    })),
  ];
}

/** The optimisers of the fixtures, with their hyper-parameters. */
const optimisers: Readonly<Record<string, Optimiser>> = {
  optim_adam: adam({ betas: [0.9, 0.99] }),
  optim_adamw: adamW({ weightDecay: 0.05 }),
  optim_sgd_momentum: sgd({ momentum: 0.9 }),
};

async function checkOptimiser(fixture: Fixture, name: string, runtime: Runtime): Promise<Check[]> {
  const optimiser = optimisers[name];
  if (optimiser === undefined) throw new Error(`this program does not know the optimiser ${name}`);
  const start = expectTensor(fixture, `${name}/start`);
  const spec = { shape: start.shape };
  const program = trace(({ input, inputs }) => {
    const slots: TensorRecord = inputs(
      'slots',
      Object.fromEntries(optimiser.slots.map((slot) => [slot, spec])),
    );
    const scalars = {
      learningRate: input('learningRate', []),
      step: input('step', []),
      gradientScale: input('gradientScale', []),
    };
    const next = optimiser.update(
      input('parameter', start.shape),
      input('gradient', start.shape),
      slots,
      scalars,
    );
    return { 'next/parameter': next.parameter, 'next/slots': next.slots };
  });
  const scalar = (value: number): TensorValue => ({
    data: Float32Array.of(value),
    shape: [],
    dtype: 'float32',
  });
  const zeros: TensorValue = {
    data: new Float32Array(start.data.length),
    shape: start.shape,
    dtype: 'float32',
  };
  let state: Record<string, TensorValue> = { parameter: start };
  for (const slot of optimiser.slots) state[`slots/${slot}`] = zeros;
  const checks: Check[] = [];
  for (let step = 0; `${name}/grad${step}` in fixture.tensors; step++) {
    const feeds = {
      gradient: expectTensor(fixture, `${name}/grad${step}`),
      learningRate: scalar(1e-2),
      step: scalar(step + 1),
      gradientScale: scalar(1),
    };
    state = advanced(await run(runtime, program, { ...state, ...feeds }));
    const error = relativeError(state['parameter'], expectTensor(fixture, `${name}/after${step}`));
    checks.push({ what: `${name} step ${step + 1}`, error, tolerance: tolerances.forward });
  }
  return checks;
}

/** Compares every operator of an `operators` fixture, forward and backward, and the optimisers. */
export async function checkOperators(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  const names = new Set(Object.keys(fixture.tensors).map((key) => key.split('/')[0] ?? ''));
  const checks: Check[] = [];
  for (const name of names)
    checks.push(
      ...(await (name.startsWith('optim_') ? checkOptimiser : checkOperator)(fixture, name, runtime)),
    );
  return checks;
}
