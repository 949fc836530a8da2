import type { Option } from './option.js';

const hyphened = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/**
 * The flag of an option.
 *
 * @example
 * flagOf('baseChannels'); // '--base-channels'
 */
export const flagOf = (name: string, { flag }: Pick<Option, 'flag'> = {}): string =>
  `--${flag ?? hyphened(name)}`;

/** Whether each field of an option's object has a flag of its own. */
export const hasFlagOfParts = ({ parts, read }: Option): boolean => parts !== undefined && read === undefined;
