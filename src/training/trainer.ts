import { compile } from '../compile/index.js';
import type { Optimiser } from '../nn/index.js';
import { clippingFactor, globalNorm } from '../nn/index.js';
import type { DeviceTensor, Executable, Runtime } from '../runtime/index.js';
import type { Tensor, TensorRecord, TensorValue } from '../tensor/index.js';
import { gradientsOf, rematerialise, trace } from '../tensor/index.js';
import type { Objective } from './objective.js';
import type { StateGroups, Update } from './update.js';
import { prepareUpdate, stateKinds } from './update.js';

/** What one step reports. */
export interface StepResult {
  readonly loss: number;
  /** √Σ g² before clipping. */
  readonly gradientNorm: number;
}

/** Parameters under training, on their device, and the two programs that move them. */
export interface Trainer {
  step(
    feeds: Readonly<Record<string, TensorValue>>,
    numbers: { readonly learningRate: number; readonly step: number; readonly decay: number },
  ): Promise<StepResult>;
  /** What is kept, by kind and key: all kinds make what a checkpoint holds. */
  read(kinds?: readonly string[]): Promise<StateGroups<TensorValue>>;
  close(): Promise<void>;
}

/** The state that training starts from: the given parameters, slots of zeros, the average at the parameters. */
export function initialState(
  optimiser: Optimiser,
  parameters: Readonly<Record<string, TensorValue>>,
): StateGroups<TensorValue> {
  const zeros = ({ shape, data }: TensorValue): TensorValue => ({
    data: new Float32Array(data.length),
    shape,
    dtype: 'float32',
  });
  const slots = optimiser.slots.map((slot) => [
    slot,
    Object.fromEntries(Object.entries(parameters).map(([key, parameter]) => [key, zeros(parameter)])),
  ]);
  return { parameter: parameters, average: parameters, ...Object.fromEntries(slots) };
}

/** Loss, gradients and the norm of the gradients of one step. */
function stepProgram(objective: Objective, parameters: Readonly<Record<string, TensorValue>>) {
  return trace(({ input, inputs }) => {
    const weights = inputs('parameter', parameters);
    const fed: TensorRecord = Object.fromEntries(
      Object.entries(objective.inputs).map(([name, { shape, dtype }]) => [name, input(name, shape, dtype)]),
    );
    const loss = objective.loss(weights, fed);
    const gradients: Record<string, Tensor> = {};
    const found = rematerialise(loss, gradientsOf(loss, Object.values(weights)));
    for (const [index, gradient] of found.entries()) gradients[Object.keys(weights)[index] ?? ''] = gradient;
    return { loss, gradientNorm: globalNorm(gradients), gradient: gradients };
  });
}

async function uploadAll(
  runtime: Runtime,
  state: StateGroups<TensorValue>,
): Promise<Record<string, Record<string, DeviceTensor>>> {
  const uploaded: Record<string, Record<string, DeviceTensor>> = {};
  for (const [kind, tensors] of Object.entries(state)) {
    const group: Record<string, DeviceTensor> = {};
    for (const [key, value] of Object.entries(tensors)) group[key] = await runtime.upload(value);
    uploaded[kind] = group;
  }
  return uploaded;
}

const numberOf = (value: TensorValue | undefined): number => Number(value?.data[0] ?? Number.NaN);

/** Prepares training: compiles the step for the runtime's device and puts the state there. */
export async function createTrainer(
  runtime: Runtime,
  objective: Objective,
  optimiser: Optimiser,
  start: StateGroups<TensorValue>,
  options: { readonly clip?: number } = {},
): Promise<Trainer> {
  const { clip } = options;
  const parameters = start['parameter'] ?? {};
  const keys = Object.keys(parameters);
  const model = compile(stepProgram(objective, parameters), await runtime.target());
  const gradientNames = keys.map((key) => `gradient/${key}`);
  const executable: Executable = await runtime.load(model, { keep: gradientNames, optimization: 'training' });
  const shapes = Object.fromEntries(Object.entries(parameters).map(([key, { shape }]) => [key, shape]));
  const update: Update = await prepareUpdate(runtime, optimiser, shapes);
  const wanted = new Set(model.inputs.map(({ name }) => name));
  const allKinds = stateKinds(optimiser);
  let state: StateGroups<DeviceTensor> = await uploadAll(runtime, start);

  const close = async (): Promise<void> => {
    for (const tensors of Object.values(state)) for (const tensor of Object.values(tensors)) tensor.release();
    await executable.release();
  };

  return {
    async step(feeds, numbers) {
      const all: Record<string, TensorValue | DeviceTensor> = { ...feeds };
      for (const [key, tensor] of Object.entries(state['parameter'] ?? {})) all[`parameter/${key}`] = tensor;
      const needed = Object.fromEntries(Object.entries(all).filter(([name]) => wanted.has(name)));
      const { fetched, kept } = await executable.run(needed);
      const gradients: Record<string, DeviceTensor> = {};
      for (const key of keys) {
        const gradient = kept[`gradient/${key}`];
        if (gradient !== undefined) gradients[key] = gradient;
      }
      const result = { loss: numberOf(fetched['loss']), gradientNorm: numberOf(fetched['gradientNorm']) };
      // A step that is not finite must not reach the parameters: the caller sees the loss and stops.
      if (Number.isFinite(result.loss) && Number.isFinite(result.gradientNorm)) {
        const gradientScale = clip === undefined ? 1 : clippingFactor(result.gradientNorm, clip);
        state = await update(state, gradients, { ...numbers, gradientScale });
      }
      for (const gradient of Object.values(gradients)) gradient.release();
      return result;
    },
    async read(kinds = allKinds) {
      const read: Record<string, Record<string, TensorValue>> = {};
      for (const kind of kinds) {
        const group: Record<string, TensorValue> = {};
        for (const [key, tensor] of Object.entries(state[kind] ?? {}))
          group[key] = await runtime.download(tensor);
        read[kind] = group;
      }
      return read;
    },
    close,
  };
}
