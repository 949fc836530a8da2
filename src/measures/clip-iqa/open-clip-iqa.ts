import { type DeviceOptions, deviceOptions, onDevice } from '../../apply/index.js';
import { loadClip } from '../../models/index.js';
import { present } from '../../present.js';
import { sfdRuleDefault } from '../../quality/index.js';
import { longSideDefault, tileDefault } from '../critic/long-side.js';
import { lookingOptions } from '../critic/looking-options.js';
import { criticMeasure, type OpenCritic } from '../critic/open-critic.js';
import { checked, type OptionsOf } from '../../options/index.js';
import { clipIqaMeasure, clipIqaOptions } from './clip-iqa-facts.js';
import { directionsOfTokens } from './prompt-directions.js';
import { tokensOfPairs } from './prompt-tokens.js';

const own = { ...clipIqaOptions, ...lookingOptions };

/** Options of {@link openClipIqa}. */
export interface ClipIqaOptions extends DeviceOptions, OptionsOf<typeof own> {}

/**
 * Opens CLIP-IQA (Wang et al., AAAI 2023): how much more a picture looks like "Good photo." than like "Bad photo." to
 * CLIP. In [0, 1], higher is better; nothing is trained. Other pairs of opposites may be given.
 *
 * @throws RevelaError for anything that the user can mend: a file that holds no CLIP, a text without words or longer than
 *   the context, a wrong option, an absent device
 *
 * @example
 * const measure = await openClipIqa({ clip: 'RN50.pt', pairs: [{ good: 'Sharp photo.', bad: 'Blurry photo.' }] });
 * console.log(await measure.score('photo.jpg')); // 0.7
 * await measure.close();
 */
export async function openClipIqa(options: ClipIqaOptions): Promise<OpenCritic> {
  return clipIqaFor(checked('openClipIqa', { ...deviceOptions, ...own }, options));
}

/** The same, of options that were checked, and may be those of another function. */
export async function clipIqaFor(options: ClipIqaOptions): Promise<OpenCritic> {
  const { clip: given = 'RN50', longSide = longSideDefault, tile = tileDefault, signal } = options;
  const clip = typeof given === 'string' ? await loadClip(given) : given;
  const tokens = await tokensOfPairs(options.pairs, clip.config.context_length);
  return onDevice(options, async (runtime) =>
    criticMeasure(runtime, {
      measure: clipIqaMeasure,
      critic: {
        config: { clip: clip.config, promptScale: clip.logitScale },
        image: clip.image,
        directions: await directionsOfTokens(runtime, clip, tokens),
        rule: sfdRuleDefault,
      },
      ...{ longSide, tile },
      ...present({ signal }),
    }),
  );
}
