import { globalNorm } from '../nn/index.js';
import type { Program, Tensor, TensorRecord, TensorSpec, TensorValue } from '../tensor/index.js';
import { gradientsOf, grouped, rematerialise, trace } from '../tensor/index.js';
import type { AdversarialObjective } from './game.js';

type Values = Readonly<Record<string, TensorValue>>;
type Specs = Readonly<Record<string, TensorSpec>>;

/** Every opponent's parameters and buffers, as inputs of a program. */
function opponentInputs(
  { opponents }: AdversarialObjective,
  inputs: (group: string, specs: Specs) => TensorRecord,
): Readonly<Record<string, TensorRecord>> {
  return Object.fromEntries(
    Object.entries(opponents).map(([name, { parameters, buffers }]) => [
      name,
      inputs(`opponent/${name}`, { ...parameters, ...buffers }),
    ]),
  );
}

const scalars = (names: Readonly<Record<string, unknown>>): Specs =>
  Object.fromEntries(Object.keys(names).map((name) => [name, { shape: [] }]));

/** The generator's loss and its gradients, and what the opponents will look at. */
export function generatorProgram(objective: AdversarialObjective, parameters: Values): Program {
  return trace(({ input, inputs }) => {
    const generator = inputs('parameter', parameters);
    const players = {
      generator,
      opponents: opponentInputs(objective, inputs),
      weights: inputs('weight', scalars(objective.opponents)),
      frozen: inputs('frozen', objective.frozen),
    };
    const fed = Object.entries(objective.inputs).map(
      ([name, { shape, dtype }]) => [name, input(name, shape, dtype)] as const,
    );
    const { made, slope, loss, norms, numbers, seen } = objective.generate(players, Object.fromEntries(fed));
    const keys = Object.keys(generator);
    // The numbers too: some are of the slope, and what is computed twice for one must not be so once more for the other.
    const measured = { ...grouped('number', numbers), ...grouped('norm', norms) };
    const found = rematerialise(loss, [
      ...gradientsOf(made, Object.values(generator), slope),
      ...Object.values(measured),
    ]);
    const under = (list: readonly string[], from: number): TensorRecord =>
      Object.fromEntries(list.map((key, index) => [key, found[from + index] ?? loss]));
    const gradient = under(keys, 0);
    return {
      ...{ loss, gradientNorm: globalNorm(gradient), gradient, seen },
      ...under(Object.keys(measured), keys.length),
    };
  });
}

/** The opponents' losses and gradients, and their new buffers. */
export function opponentsProgram(objective: AdversarialObjective, seen: Specs): Program {
  return trace(({ inputs }) => {
    const opponents = opponentInputs(objective, inputs);
    const frozen = inputs('frozen', objective.frozen);
    const turn = objective.oppose({ opponents, frozen }, inputs('seen', seen));
    const gradient: Record<string, Tensor> = {};
    const norm: Record<string, Tensor> = {};
    for (const [name, { parameters }] of Object.entries(objective.opponents)) {
      const [loss, learnt] = [turn.losses[name], opponents[name] ?? {}];
      if (loss === undefined) throw new RangeError(`the opponent ${name} has no loss`);
      const keys = Object.keys(parameters);
      const found = gradientsOf(
        loss,
        keys.flatMap((key) => learnt[key] ?? []),
      );
      const own = Object.fromEntries(found.map((tensor, index) => [keys[index] ?? '', tensor]));
      norm[name] = globalNorm(own);
      Object.assign(gradient, grouped(name, own));
    }
    const buffer: Record<string, Tensor> = {};
    for (const [name, buffers] of Object.entries(turn.buffers)) Object.assign(buffer, grouped(name, buffers));
    return { loss: turn.losses, norm, gradient, buffer, number: turn.numbers };
  });
}
