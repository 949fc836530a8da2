import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  discriminatorNames,
  lpipsNetworks,
  adversarialLosses,
  promptAverages,
  promptInputs,
} from '../../../api/index.js';
import { clipBackbone, clipRn50Config, featureKernels, torchvisionBackbones } from '../../../api/methods.js';
import { numberFrom, positiveNumber, wholeNumber } from '../../options/numbers.js';
import { addOption } from '../../options/options.js';

/** Reads names of a list, separated by commas. */
const namesOf =
  <T extends string>(known: readonly T[]) =>
  (text: string): readonly T[] =>
    text.split(',').map((part) => {
      const name = known.find((one) => one === part.trim());
      if (name === undefined)
        throw new InvalidArgumentError(`Expected names of ${known.join(', ')}, separated by commas`);
      return name;
    });

/** Reads texts, separated by commas. */
function textsIn(text: string): readonly string[] {
  const texts = text.split(',').map((part) => part.trim());
  if (texts.includes('') || texts.length % 2 !== 0)
    throw new InvalidArgumentError(
      'Expected texts in pairs, of a good picture and of a bad one, such as "good photo,bad photo"',
    );
  return texts;
}

/** Reads two numbers such as `0.9,0.99`. */
function betasIn(text: string): readonly [number, number] {
  const [first, second, ...rest] = text.split(',').map(numberFrom(0, 0.999999));
  if (first === undefined || second === undefined || rest.length > 0)
    throw new InvalidArgumentError('Expected two numbers such as 0.9,0.99');
  return [first, second];
}

/** Adds an option that is on by itself, and can be turned off: `--no-NAME`. Of what was not typed nothing is passed on. */
function addSwitch(command: Command, name: string, description: string): void {
  command.addOption(new Option(`--${name}`).hideHelp());
  addOption(command, `--no-${name}`, description);
}

/** All that discriminators can look through. */
const backbones = [clipBackbone(clipRn50Config), ...torchvisionBackbones];
const stageNames = [...new Set(backbones.flatMap(({ stages }) => stages.map(({ name }) => name)))];
const stageTexts = backbones.map(
  ({ title, stages, usualStages }) =>
    `of ${title} ${stages.map(({ name }) => name).join(', ')} (default: ${usualStages.join(',')})`,
);

const weight = { parse: numberFrom(0, 1e6) };
const rate = { parse: positiveNumber(1000) };

function addCalibrationOptions(command: Command): void {
  addOption(
    command,
    '--calibrate-every <STEPS>',
    "steps between two measurements of each discriminator's gradient at the enlarged picture; 0 for none (default: 100)",
    { parse: wholeNumber(0) },
  );
  addOption(
    command,
    '--adversarial-share <N>',
    "set the discriminators' weights once, so that each gradient is this share of that of the perceptual loss, or of the pixel loss without --lpips and --vgg; such as 0.07 (default: they stay)",
    { parse: positiveNumber(10) },
  );
  addOption(command, '--calibrate-at <STEP>', 'after which step they are set (default: 1000)', {
    parse: wholeNumber(1),
  });
}

/** Adds the options of `HonestOptions`. */
export function addHonestOptions(command: Command): void {
  command.optionsGroup('Losses:');
  addOption(
    command,
    '--lpips <NAME>',
    'LPIPS as a loss, through squeeze, alex or vgg, whose files revela models pull brings (default: none, or squeeze where --weight-lpips is given)',
    { choices: lpipsNetworks },
  );
  addOption(
    command,
    '--vgg <FILE>',
    'the perceptual loss through VGG19: its weights, a file, or a name that revela models knows (default: none)',
  );
  for (const [name, of] of [
    ['pixel', 'of the mean absolute error'],
    ['lpips', 'of LPIPS'],
    ['perceptual', 'of the perceptual loss'],
  ] as const)
    addOption(command, `--weight-${name} <N>`, `weight ${of} (default: by the preset)`, weight);
}

/** Adds the options of `GameOptions` that are not those of `HonestOptions`. */
export function addGameOptions(command: Command): void {
  command.optionsGroup('Stage sfd:');
  addOption(
    command,
    '--clip <FILE>',
    'what feature and prompt look through: weights of CLIP, a file, or a name that revela models knows, such as RN50 (they need this or --backbone)',
  );
  addOption(
    command,
    '--backbone <FILE>',
    "look through torchvision's SqueezeNet 1.1 or AlexNet instead, such as squeezenet1_1; they know no text, and prompts are pairs of vectors (this project's own variation)",
  );
  addOption(
    command,
    '--discriminator <LIST>',
    `who judges, of ${discriminatorNames.join(', ')}, separated by commas (default: feature,prompt)`,
    { parse: namesOf(discriminatorNames) },
  );
  addOption(command, '--adversarial-loss <NAME>', 'how verdicts count (default: vanilla)', {
    choices: adversarialLosses,
  });
  addOption(command, '--feature-layers <LIST>', `stages that feature looks at: ${stageTexts.join('; ')}`, {
    parse: namesOf(stageNames),
  });
  addOption(command, '--feature-channels <N>', 'channels of its heads (default: 256)', {
    parse: wholeNumber(1, 4096),
  });
  addOption(command, '--feature-depth <N>', 'convolutions of each head (default: 3)', {
    parse: wholeNumber(2, 16),
  });
  addOption(
    command,
    '--feature-kernel <N>',
    `side of the kernels between the first and the last, ${featureKernels.join(' or ')} (default: 1)`,
    { parse: wholeNumber(1, 3) },
  );
  addSwitch(
    command,
    'feature-scaling',
    'show it features of any size (default: brought to a mean square of 1 on fixed patches)',
  );
  addSwitch(
    command,
    'clip-normalisation',
    "show CLIP pictures as they are (default: normalised by CLIP's mean and deviation)",
  );
  addOption(command, '--prompt-pairs <N>', 'pairs of prompts that are learnt (default: 1)', {
    parse: wholeNumber(1, 64),
  });
  addOption(command, '--prompt-tokens <N>', 'learnt vectors of each prompt (default: 16)', {
    parse: wholeNumber(1, 75),
  });
  addOption(
    command,
    '--prompt-scale <N>',
    'what differences of cosines are multiplied by (default: 100)',
    rate,
  );
  addOption(
    command,
    '--prompt-loss-scale <N>',
    'the same in what the upscaler minimises, and nowhere else (default: as --prompt-scale)',
    rate,
  );
  addOption(
    command,
    '--prompt-words <TEXTS>',
    'begin with words, such as "good photo,bad photo", more pairs behind (default: with noise)',
    { parse: textsIn },
  );
  addOption(
    command,
    '--prompt-deviation <N>',
    'standard deviation of the noise that prompts begin with (default: 0.02)',
    { parse: positiveNumber(10) },
  );
  addOption(
    command,
    '--prompt-input <NAME>',
    "native: pictures at their own size, without CLIP's table of places; resized: at CLIP's size, with it (default: native)",
    { choices: promptInputs },
  );
  addOption(command, '--prompt-average <NAME>', 'what is averaged over several pairs (default: losses)', {
    choices: promptAverages,
  });
  addOption(
    command,
    '--prompt-rate <N>',
    'learning rate of the prompts, as a multiple of the rate (default: 1)',
    rate,
  );
  addOption(
    command,
    '--discriminator-rate <N>',
    'learning rate of the other discriminators, as a multiple of the rate (default: 1)',
    rate,
  );
  addOption(
    command,
    '--discriminator-betas <LIST>',
    "β₁ and β₂ of all discriminators' Adam (default: 0.9,0.99)",
    { parse: betasIn },
  );
  for (const [name, of] of [
    ['feature', 'of deceiving the discriminator feature'],
    ['prompt', 'of deceiving the discriminator prompt'],
    ['image', 'of deceiving a discriminator of pictures'],
  ] as const)
    addOption(command, `--weight-${name} <N>`, `weight ${of} (default: by the preset)`, weight);
  addCalibrationOptions(command);
}
