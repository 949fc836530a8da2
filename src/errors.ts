/**
 * An error that the user can do something about: a wrong file, option or device.
 * Its message is one line that names what was expected, what came, and what to do.
 * The command prints it without a stack and exits with code 1.
 *
 * @example
 * throw new RevelaError('photo.jpg is empty (0 bytes); copy it again from the camera');
 */
export class RevelaError extends Error {
  override readonly name: string = 'RevelaError';
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
