import type { Denoiser } from '#src/denoise/index.js';
import type { Network, Optimiser } from '#src/nn/index.js';
import { applyNetwork } from '#src/nn/index.js';
import type { Runtime } from '#src/runtime/index.js';
import type { Tensor, TensorRecord, TensorValue } from '#src/tensor/index.js';
import { trace, valueAndGrad } from '#src/tensor/index.js';
import {
  type Check,
  expectTensor,
  type Fixture,
  grouped,
  maskedError,
  relativeError,
  specsOf,
  tensorsUnder,
  tolerances,
} from './fixture.js';
import { isLearnt } from './networks.js';
import { advanced, runLoaded } from './run.js';

/** What a method's fixture trains with. */
export interface ThreeSteps {
  readonly network: Network;
  readonly optimiser: Optimiser;
  readonly learningRate: number;
  /** The random inputs of step 1, 2 or 3. */
  draws(step: number): Readonly<Record<string, TensorValue>>;
  objective(denoiser: Denoiser, batch: Tensor, draws: TensorRecord): Tensor;
}

/** The tensors that training changes. */
export const learnt = (values: Readonly<Record<string, TensorValue>>): Record<string, TensorValue> =>
  Object.fromEntries(Object.entries(values).filter(([key]) => isLearnt(key)));

/** A fixture's parameters, without buffers. */
export function parametersOf(fixture: Fixture): Record<string, TensorValue> {
  return learnt(tensorsUnder(fixture, 'param/'));
}

/** A number as a value of no dimension. */
export const scalarValue = (value: number): TensorValue => ({
  data: Float32Array.of(value),
  shape: [],
  dtype: 'float32',
});

const zeroed = (values: Readonly<Record<string, TensorValue>>): Record<string, TensorValue> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      { ...value, data: new Float32Array(value.data.length) },
    ]),
  );

function stepProgram(steps: ThreeSteps, start: Readonly<Record<string, TensorValue>>, batch: TensorValue) {
  const { network, optimiser, objective } = steps;
  return trace(({ input, inputs }) => {
    const specs = specsOf(start);
    const weights = inputs('param', specs);
    const patches = input('batch', batch.shape);
    const draws = inputs('draw', specsOf(steps.draws(1)));
    const { value, gradients } = valueAndGrad((p) =>
      objective((x) => applyNetwork(network, p, x), patches, draws),
    )(weights);
    const slots = Object.fromEntries(optimiser.slots.map((slot) => [slot, inputs(slot, specs)]));
    const scalars = {
      learningRate: input('learningRate', []),
      step: input('step', []),
      gradientScale: input('gradientScale', []),
    };
    const next: Record<string, Record<string, Tensor>> = { 'next/param': {} };
    for (const slot of optimiser.slots) next[`next/${slot}`] = {};
    for (const [key, gradient] of Object.entries(gradients)) {
      const parameter = weights[key];
      if (parameter === undefined) throw new Error(`${key} is missing`);
      const ofKey = Object.fromEntries(
        Object.entries(slots).flatMap(([slot, tensors]) => {
          const tensor = tensors[key];
          return tensor === undefined ? [] : [[slot, tensor] as const];
        }),
      );
      const updated = optimiser.update(parameter, gradient, ofKey, scalars);
      Object.assign(next['next/param'] ?? {}, { [key]: updated.parameter });
      for (const [slot, tensor] of Object.entries(updated.slots))
        Object.assign(next[`next/${slot}`] ?? {}, { [key]: tensor });
    }
    return { loss: value, gradients, ...next };
  });
}

/** Trains for three steps from the fixture's parameters; compares losses, the first gradients and the parameters' change. */
export async function checkThreeSteps(
  fixture: Fixture,
  runtime: Runtime,
  steps: ThreeSteps,
): Promise<Check[]> {
  const start = parametersOf(fixture);
  const batch = expectTensor(fixture, 'batch');
  // To load it takes far longer than a step, on a GPU above all.
  await using executable = await runtime.load(stepProgram(steps, start, batch));
  const zeros = Object.assign({}, ...steps.optimiser.slots.map((slot) => grouped(slot, zeroed(start))));
  let state: Record<string, TensorValue> = { ...grouped('param', start), ...zeros };
  const checks: Check[] = [];
  for (let step = 1; step <= 3; step++) {
    const results = await runLoaded(executable, {
      ...state,
      ...grouped('draw', steps.draws(step)),
      batch,
      learningRate: scalarValue(steps.learningRate),
      step: scalarValue(step),
      gradientScale: scalarValue(1),
    });
    if (step === 1)
      for (const [key, expected] of Object.entries(learnt(tensorsUnder(fixture, 'grad_step1/'))))
        checks.push({
          what: `grad/${key}`,
          error: maskedError(fixture, key, results[`gradients/${key}`], expected),
          tolerance: tolerances.gradient,
        });
    const loss = scalarValue(Number(expectTensor(fixture, 'losses').data[step - 1]));
    checks.push({
      what: `loss ${step}`,
      error: relativeError(results['loss'], loss),
      tolerance: tolerances.forward,
    });
    state = advanced(results);
  }
  return checks.concat(parameterChanges(fixture, start, state));
}

function change(after: TensorValue | undefined, before: TensorValue): TensorValue | undefined {
  const { data, shape } = before;
  if (after === undefined) return undefined;
  return {
    data: Float32Array.from(data, (x: number | bigint, i: number) => Number(after.data[i]) - Number(x)),
    shape,
    dtype: 'float32',
  };
}

function parameterChanges(
  fixture: Fixture,
  start: Readonly<Record<string, TensorValue>>,
  state: Readonly<Record<string, TensorValue>>,
): Check[] {
  return Object.entries(start).map(([key, before]) => {
    const after = fixture.tensors[`param_after_3_steps/${key}`];
    const expected = change(after, before);
    if (expected === undefined) throw new Error(`the file has no parameters after three steps for ${key}`);
    return {
      what: `change of ${key}`,
      error: maskedError(fixture, key, change(state[`param/${key}`], before), expected),
      tolerance: tolerances.parameterChange,
    };
  });
}
