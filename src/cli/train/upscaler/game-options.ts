import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  adversarialLosses,
  clipBackbone,
  clipRn50Config,
  discriminatorNames,
  featureKernels,
  lpipsNetworks,
  promptAverages,
  promptInputs,
  torchvisionBackbones,
} from '../../../api/choices.js';
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
  addOption(command, '--calibrate-every <STEPS>', 'steps between measured gradients (default: 100)', {
    parse: wholeNumber(0),
  });
  addOption(
    command,
    '--adversarial-share <N>',
    'set their weights once, to this share of the honest gradient, such as 0.07 (default: off)',
    { parse: positiveNumber(10) },
  );
  addOption(command, '--calibrate-at <STEP>', 'the step at which that is done (default: 1000)', {
    parse: wholeNumber(1),
  });
}

/** Adds the options of `HonestOptions`. */
export function addHonestOptions(command: Command): void {
  command.optionsGroup('Losses:');
  addOption(command, '--lpips <NAME>', 'an LPIPS loss through this network (default: none)', {
    choices: lpipsNetworks,
  });
  addOption(command, '--vgg <FILE>', 'a perceptual loss through VGG19 (default: none)');
  for (const [name, of] of [
    ['pixel', 'the mean absolute error'],
    ['lpips', 'LPIPS'],
    ['perceptual', 'the perceptual loss'],
  ] as const)
    addOption(command, `--weight-${name} <N>`, `weight of ${of} (default: preset)`, weight);
}

/** Adds the options of `GameOptions` that are not those of `HonestOptions`. */
export function addGameOptions(command: Command): void {
  command.optionsGroup('Stage sfd:');
  addOption(command, '--clip <FILE>', 'what feature and prompt look through, such as RN50');
  addOption(command, '--backbone <FILE>', 'the same, of squeezenet1_1 or alexnet');
  addOption(
    command,
    '--discriminator <LIST>',
    `of ${discriminatorNames.join(', ')} (default: feature,prompt)`,
    { parse: namesOf(discriminatorNames) },
  );
  addOption(command, '--adversarial-loss <NAME>', 'vanilla or relativistic (default: vanilla)', {
    choices: adversarialLosses,
  });
  addOption(command, '--feature-layers <LIST>', `stages that feature sees: ${stageTexts.join('; ')}`, {
    parse: namesOf(stageNames),
  });
  addOption(command, '--feature-channels <N>', 'channels of its heads (default: 256)', {
    parse: wholeNumber(1, 4096),
  });
  addOption(command, '--feature-depth <N>', 'convolutions per head (default: 3)', {
    parse: wholeNumber(2, 16),
  });
  addOption(
    command,
    '--feature-kernel <N>',
    `kernel of the inner ones, ${featureKernels.join(' or ')} (default: 1)`,
    { parse: wholeNumber(1, 3) },
  );
  addSwitch(command, 'feature-scaling', 'do not normalise the features');
  addSwitch(command, 'clip-normalisation', "do not normalise CLIP's pictures");
  addOption(command, '--prompt-pairs <N>', 'pairs of learnt prompts (default: 1)', {
    parse: wholeNumber(1, 64),
  });
  addOption(command, '--prompt-tokens <N>', 'vectors per prompt (default: 16)', {
    parse: wholeNumber(1, 75),
  });
  addOption(command, '--prompt-scale <N>', 'scale of cosines (default: 100)', rate);
  addOption(command, '--prompt-loss-scale <N>', "the same in the upscaler's loss (default: equal)", rate);
  addOption(command, '--prompt-words <TEXTS>', 'such as "good photo,bad photo" (default: noise)', {
    parse: textsIn,
  });
  addOption(command, '--prompt-deviation <N>', 'deviation of the initial noise (default: 0.02)', {
    parse: positiveNumber(10),
  });
  addOption(command, '--prompt-input <NAME>', "native, or resized to CLIP's size (default: native)", {
    choices: promptInputs,
  });
  addOption(command, '--prompt-average <NAME>', 'losses or logits of pairs (default: losses)', {
    choices: promptAverages,
  });
  addOption(command, '--prompt-rate <N>', 'times the learning rate (default: 1)', rate);
  addOption(command, '--discriminator-rate <N>', 'the same of the others (default: 1)', rate);
  addOption(command, '--discriminator-betas <LIST>', 'β₁ and β₂ of their Adam (default: 0.9,0.99)', {
    parse: betasIn,
  });
  for (const [name, of] of [
    ['feature', 'deceiving feature'],
    ['prompt', 'deceiving prompt'],
    ['image', 'deceiving unet or vgg'],
  ] as const)
    addOption(command, `--weight-${name} <N>`, `weight of ${of} (default: preset)`, weight);
  addCalibrationOptions(command);
}
