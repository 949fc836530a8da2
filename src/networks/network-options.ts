import { OptionError, optionError } from '../errors.js';

/** What values an option that says a network's size may have. */
export interface SizeLimits {
  readonly smallest?: number;
  readonly largest: number;
  /** The value must be a multiple of this. */
  readonly multiple?: number;
}

/**
 * The value of an option that says a network's size.
 *
 * @throws OptionError that names the option, if the value is no whole number within the limits
 *
 * @example
 * sizeOption(baseChannels, '--base-channels', { largest: 512, multiple: 2 });
 */
export function sizeOption(
  value: number,
  option: string,
  { multiple = 1, smallest = multiple, largest }: SizeLimits,
): number {
  if (!Number.isInteger(value) || value < smallest || value > largest || value % multiple !== 0)
    throw optionError(
      option,
      `${multiple === 1 ? 'a whole number' : multiple === 2 ? 'an even whole number' : `a multiple of ${multiple}`} from ${smallest} to ${largest}`,
      value,
      { code: 'ERR_OUT_OF_RANGE' },
    );
  return value;
}

/**
 * Refuses an option that an architecture has no use for.
 *
 * @throws OptionError that names the option and the network
 */
export function refuseOption(value: number | undefined, option: string, network: string): void {
  if (value !== undefined)
    throw new OptionError(`\`${option}\` does not apply to ${network}, whose depth is fixed; leave it out`);
}

/**
 * How many channels the pictures of a new network have.
 *
 * @throws OptionError if it is neither 1 nor 3
 */
export function pictureChannels(channels = 3): 1 | 3 {
  if (channels !== 1 && channels !== 3) throw optionError('channels', '3 for colour or 1 for grey', channels);
  return channels;
}
