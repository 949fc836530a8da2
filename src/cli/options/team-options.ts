import type { RunOptions } from '../../api/index.js';
import { OptionError } from '../../errors.js';
import { roundOptions, teamOptions } from '../../fleet/options.js';
import { chosen, flagOf, type FlagsOf, path, text } from '../../options/index.js';
import { present } from '../../present.js';

const fleet = text({
  ...{ value: 'URL', expected: 'an address', usual: 'this machine alone' },
  words: 'train over machines: redis://USER:PASSWORD@HOST:PORT of their queue',
});

const others = {
  queue: text({ value: 'NAME', words: 'name of the queue', usual: 'training' }),
  shared: path({
    ...{ value: 'FOLDER', usual: 'the current folder' },
    words: 'where this machine has the shared folder, or s3://BUCKET/FOLDER for what members need',
  }),
  ...roundOptions,
};

/** Who trains with this machine, and how they are waited for: also of a run that goes on. */
export const fleetOptions = { fleet, ...others };

/** The options of a new training over machines. */
export const togetherOptions = { fleet, ...teamOptions, ...others };

/** The options of a training over machines, as typed. */
export type TeamFlags = FlagsOf<typeof togetherOptions>;

/**
 * Those who train with this machine, where the flags name them.
 *
 * @throws OptionError for flags of a training over machines without the address
 */
export async function teamOf(flags: TeamFlags): Promise<Pick<RunOptions, 'team'>> {
  const { fleet: redis, queue, shared, quorum, roundSeconds } = flags;
  if (redis === undefined) {
    const [name] = Object.keys(togetherOptions).filter((one) => Object.hasOwn(flags, one));
    if (name === undefined) return {};
    throw new OptionError(`${flagOf(name)} is for training over machines: give --fleet URL, or leave it out`);
  }
  const { openTeam } = await import('../../fleet/index.js');
  return {
    team: openTeam({
      ...{ redis, ...chosen(teamOptions, flags) },
      ...present({ queue, shared, quorum, roundSeconds }),
    }),
  };
}
