import { errorLine } from './printable.js';

/**
 * An error that the user can do something about: a wrong file, option or device.
 * Its message is one line that names what was expected, what came, and what to do. Whatever it is made of, names out of
 * files included, it is no longer than 2,000 letters and holds no control characters.
 * The command prints it without a stack and exits with code 1.
 *
 * @example
 * throw new RevelaError('photo.jpg is empty (0 bytes); copy it again from the camera');
 */
export class RevelaError extends Error {
  override readonly name: string = 'RevelaError';

  /** @param message one line; what could break it or harm a terminal is shown as `?` */
  constructor(message: string, options?: ErrorOptions) {
    super(errorLine(message), options);
  }
}

/**
 * An option with a value that cannot be used, or that does not go with another one.
 * The command exits with code 2, as for any other wrong usage.
 *
 * @example
 * throw new OptionError('--patch must be a multiple of 5 for sdap, got 41');
 */
export class OptionError extends RevelaError {
  override readonly name: string = 'OptionError';
}
