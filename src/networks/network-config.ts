import { RevelaError } from '../errors.js';

/** Hyper-parameters of a network, under the names of its original program, as JSON keeps them. */
export type NetworkConfig = Readonly<Record<string, number | boolean | string | readonly number[]>>;

function wrong(key: string, expected: string, value: unknown): RevelaError {
  return new RevelaError(`a network's ${key} must be ${expected}, got ${JSON.stringify(value)}`);
}

/** The number of that name, or `otherwise` where the config does not have it. */
export function numberOf(config: NetworkConfig, key: string, otherwise: number): number {
  const value = config[key] ?? otherwise;
  if (typeof value !== 'number') throw wrong(key, 'a number', value);
  return value;
}

/** The list of numbers of that name, or `otherwise`. */
export function numbersOf(
  config: NetworkConfig,
  key: string,
  otherwise: readonly number[],
): readonly number[] {
  const value = config[key] ?? otherwise;
  if (typeof value !== 'object') throw wrong(key, 'a list of numbers', value);
  return value;
}

/** The true or false of that name, or `otherwise`. */
export function flagOf(config: NetworkConfig, key: string, otherwise: boolean): boolean {
  const value = config[key] ?? otherwise;
  if (typeof value !== 'boolean') throw wrong(key, 'true or false', value);
  return value;
}

/** The text of that name, or `otherwise`. */
export function textOf(config: NetworkConfig, key: string, otherwise: string): string {
  const value = config[key] ?? otherwise;
  if (typeof value !== 'string') throw wrong(key, 'a text', value);
  return value;
}
