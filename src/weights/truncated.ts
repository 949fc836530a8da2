import { RevelaError } from '../errors.js';

/** The error for bytes that end too early. */
export function truncated(name: string, expected: number, actual: number, atLeast = ''): RevelaError {
  return new RevelaError(
    `${name} is truncated: it should have ${atLeast}${expected} bytes and has ${actual}; copy or download it again`,
  );
}
