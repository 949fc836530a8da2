import { OptionError } from '../../errors.js';
import { type DiscriminatorName, type GameOptions, gameOptions } from './game-options.js';
import type { LossOptions } from './loss-options.js';

/** What an adversarial training is told. */
type Asked = GameOptions & LossOptions;

/** Whether a discriminator looks through CLIP or another backbone. */
export const looksThroughEye = (name: DiscriminatorName): boolean => name === 'feature' || name === 'prompt';

/** What was given of some options, as messages name it; what is on by itself is not given by being on. */
const givenOf = (options: Asked, names: readonly string[]): string | undefined => {
  const values = new Map<string, unknown>(Object.entries(options));
  const name = names.find((one) => values.get(one) !== undefined && values.get(one) !== true);
  return name !== undefined && values.get(name) === false ? `${name}: false` : name;
};

const names = Object.keys(gameOptions);

/** Refuses options of the adversarial stage where there is none: they would do nothing. */
export function refuseGameOptions(options: Asked): void {
  const weighed = (['feature', 'prompt', 'image'] as const).find(
    (name) => options.lossWeights?.[name] !== undefined,
  );
  const given = givenOf(options, names) ?? (weighed === undefined ? undefined : `lossWeights.${weighed}`);
  if (given !== undefined)
    throw new OptionError(`\`${given}\` belongs to \`stage\` sfd, and the stage pixel has no use for it`);
}

/** Refuses options of texts and of CLIP where discriminators look through a backbone that knows no text. */
export function refuseTexts(options: Asked): void {
  if (options.clip !== undefined)
    throw new OptionError('`clip` and `backbone`: discriminators look through one of them, leave one out');
  const name = givenOf(options, ['promptTokens', 'promptWords', 'promptInput', 'clipNormalisation']);
  if (name !== undefined)
    throw new OptionError(
      `\`${name}\` is for CLIP, which knows texts, and \`backbone\` names a network that does not: leave it out`,
    );
}

/** Refuses options of discriminators that do not take part. */
export function refuseAbsent(options: Asked, discriminators: readonly DiscriminatorName[]): void {
  for (const name of ['feature', 'prompt'] as const) {
    if (discriminators.includes(name)) continue;
    const weighed = options.lossWeights?.[name] === undefined ? undefined : `lossWeights.${name}`;
    const own = names.filter((one) => one.startsWith(name));
    const given = givenOf(options, own) ?? weighed;
    if (given !== undefined)
      throw new OptionError(
        `\`${given}\` is for the discriminator ${name}, which \`discriminators\` leaves out`,
      );
  }
  const eye = options.clip === undefined ? options.backbone && 'backbone' : 'clip';
  if (eye !== undefined && !discriminators.some(looksThroughEye))
    throw new OptionError(
      `\`${eye}\` is for the discriminators feature and prompt, which \`discriminators\` leaves out`,
    );
  if (options.clipNormalisation === false && !discriminators.some(looksThroughEye))
    throw new OptionError(
      '`clipNormalisation: false` is for the discriminators feature and prompt, which `discriminators` leaves out',
    );
  if (options.lossWeights?.image !== undefined && discriminators.every(looksThroughEye))
    throw new OptionError(
      '`lossWeights.image` is for a discriminator of pictures: add unet or vgg to `discriminators`',
    );
}
