import type { Shape, Tensor, TensorRecord, TensorSpec, TensorValue } from '../tensor/index.js';
import { formatShape, input, sameShape } from '../tensor/index.js';
import type { Initialiser } from './initialisers.js';
import { createRandom, mix32 } from '../random.js';

/** The parameters a layer asks for, by name below where it stands in the network. */
export interface ParameterScope {
  /** The parameter `name`; its shape and first values are declared where it is used, and nowhere else. */
  parameter(name: string, shape: Shape, initialiser: Initialiser): Tensor;
  /** The scope `name` inside this one: `scope.at('body').at(0)` names parameters `body.0.…`. */
  at(name: string | number): ParameterScope;
}

/**
 * A network: a function from parameters and an image batch to an image batch. Paths of parameters are the
 * state-dict keys of the published checkpoints.
 */
export type Network = (parameters: ParameterScope, x: Tensor) => Tensor;

/** Shape and first values of every parameter, by state-dict key, in order of use. */
export type ParameterDeclarations = ReadonlyMap<
  string,
  { readonly shape: Shape; readonly initialiser: Initialiser }
>;

function scoped(
  path: string,
  find: (key: string, shape: Shape, initialiser: Initialiser) => Tensor,
): ParameterScope {
  const below = (name: string | number): string => (path === '' ? `${name}` : `${path}.${name}`);
  return {
    parameter: (name, shape, initialiser) => find(below(name), shape, initialiser),
    at: (name) => scoped(below(name), find),
  };
}

/**
 * Finds out which parameters a network has by running it once over symbolic tensors. What it returns does not matter: a
 * network of several results, such as one that gives features, is welcome.
 */
export function declareParameters(
  network: (parameters: ParameterScope, x: Tensor) => unknown,
  inputShape: Shape,
): ParameterDeclarations {
  const declared = new Map<string, { shape: Shape; initialiser: Initialiser; tensor: Tensor }>();
  const scope = scoped('', (key, shape, initialiser) => {
    const known = declared.get(key);
    if (known !== undefined) return known.tensor;
    const tensor = input(key, shape);
    declared.set(key, { shape, initialiser, tensor });
    return tensor;
  });
  network(scope, input('input', inputShape));
  return declared;
}

/** Shapes of declared parameters, as inputs of a program. */
export function parameterSpecs(declarations: ParameterDeclarations): Readonly<Record<string, TensorSpec>> {
  return Object.fromEntries([...declarations].map(([key, { shape }]) => [key, { shape }]));
}

/** Draws the first values of every parameter; each has a stream of its own, named by its key. */
export function initialiseParameters(
  declarations: ParameterDeclarations,
  seed: number,
): Readonly<Record<string, TensorValue>> {
  return Object.fromEntries(
    [...declarations].map(([key, { shape, initialiser }]) => {
      let stream = 0;
      for (const character of key) stream = mix32(stream + (character.codePointAt(0) ?? 0));
      return [
        key,
        { data: initialiser(shape, createRandom(seed, stream)), shape, dtype: 'float32' as const },
      ];
    }),
  );
}

/**
 * Parameters taken from a record, by state-dict key.
 *
 * @throws RangeError, where the network asks for a parameter, that names one that is not there or of another shape
 *
 * @example
 * const { layer3 } = clipImage(config)(scopeOf(inputs('clip', weights.image)), picture);
 */
export function scopeOf(parameters: TensorRecord): ParameterScope {
  return scoped('', (key, shape) => {
    const tensor = parameters[key];
    if (tensor === undefined)
      throw new RangeError(`the network has a parameter ${key} ${formatShape(shape)} that was not given`);
    if (!sameShape(tensor.shape, shape))
      throw new RangeError(
        `parameter ${key} must be ${formatShape(shape)}, got ${formatShape(tensor.shape)}`,
      );
    return tensor;
  });
}

/** The network with its parameters taken from a record, by state-dict key. */
export function applyNetwork(network: Network, parameters: TensorRecord, x: Tensor): Tensor {
  return network(scopeOf(parameters), x);
}
