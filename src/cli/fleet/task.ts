import { OptionError } from '../../errors.js';
import type { FleetWork } from '../../fleet/index.js';
import { fleetDenoiseOptions, fleetScoreOptions, fleetUpscaleOptions } from '../../fleet/options.js';
import { chosen } from '../../options/index.js';
import { present } from '../../present.js';
import { flagOf } from '../../options/index.js';
import { type SubmitFlags, workOptions } from './command.js';

type Kind = FleetWork['work'];

const kinds: readonly Kind[] = ['denoise', 'upscale', 'score'];

const optionsOf: Readonly<Record<Kind, Readonly<Record<string, object>>>> = {
  denoise: { ...workOptions.both, ...workOptions.denoise },
  upscale: { ...workOptions.both, ...workOptions.upscale },
  score: workOptions.score,
};

/**
 * What the flags ask for.
 *
 * @param weights the name of the weights as the library takes it
 * @throws OptionError where they ask for nothing, for several things, or have options of another one
 */
export function taskOf(flags: SubmitFlags, weights: string | undefined): FleetWork {
  const [work, ...more] = kinds.filter((kind) => flags[kind] === true);
  if (work === undefined || more.length > 0)
    throw new OptionError(
      'say what is to be done with the pictures: one of --denoise, --upscale and --score',
    );
  for (const kind of kinds)
    for (const [name, option] of Object.entries(optionsOf[kind]))
      if (name in flags && !Object.hasOwn(optionsOf[work], name))
        throw new OptionError(`${flagOf(name, option)} is for --${kind}: leave it out`);
  if (work === 'denoise')
    return { work, options: { ...chosen(fleetDenoiseOptions, flags), ...present({ weights }) } };
  if (work === 'score') return { work, options: chosen(fleetScoreOptions, flags) };
  const { denoise: _, ...others } = flags;
  const enlarging = chosen(fleetUpscaleOptions, { ...others, ...present({ denoise: flags.clean }) });
  return { work, options: { ...enlarging, ...present({ weights }) } };
}
