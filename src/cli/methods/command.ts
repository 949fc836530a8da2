import { Command } from 'commander';
import type { TrainingPreset } from '../../api/index.js';
import {
  type InferenceMethod,
  inferenceMethods,
  learnsFromPairs,
  learnsFromPictures,
} from '../../api/choices.js';
import { printableJson } from '../../printable.js';
import type { Context } from '../context.js';
import { type Fact, factsText } from '../terminal/facts-text.js';
import type { FlagsOf } from '../../options/index.js';
import { addOptions } from '../options/add-options.js';
import { jsonOptions } from '../options/common-options.js';

/** The options of `revela methods`. */
export type MethodsFlags = FlagsOf<typeof jsonOptions>;

/** `revela methods`: its options. */
export function methodsCommand(run: (flags: MethodsFlags) => void): Command {
  const command = new Command('methods').description(
    'Lists the denoising methods: what they learn from, their networks and their presets.',
  );
  addOptions(command, undefined, jsonOptions);
  return command
    .addHelpText(
      'after',
      `
Examples:
  revela methods
  revela methods --json`,
    )
    .action(run);
}

/** `160²×16 at 0.0001, then 250²×8 at 0.00001`, and where that comes from. */
function presetText({ stages, optimiser, steps, source }: TrainingPreset): string {
  const parts = stages.map(
    ({ patch, batch, learningRate, curve }) =>
      `patches ${patch}² × ${batch}, rate ${learningRate}${curve === 'cosine' ? ' along a cosine' : ''}`,
  );
  const name = optimiser === 'adam' ? 'Adam' : 'AdamW';
  return `${parts.join(', then ')}; ${name}, ${steps.toLocaleString('en')} steps; ${source}`;
}

/** What a method learns from, for people. */
const lessons = {
  pictures: 'noisy pictures alone',
  pairs: 'clean pictures, made noisy by a model of noise',
  teacher: 'a teacher (revela distill)',
} as const;

function lessonOf(method: InferenceMethod): keyof typeof lessons {
  if (learnsFromPictures(method)) return 'pictures';
  return learnsFromPairs(method) ? 'pairs' : 'teacher';
}

function factsOf(method: InferenceMethod): Fact[] {
  const { title, defaultNetwork, needsBlindSpot, presets } = method;
  return [
    ['what', title],
    ['network', `${defaultNetwork}${needsBlindSpot ? ', which must have a blind spot' : '; any other too'}`],
    ['learns from', lessons[lessonOf(method)]],
    ...Object.entries(presets).map(([name, preset]): Fact => [name, presetText(preset)]),
  ];
}

/** Does what `revela methods` promises. */
export function runMethods({ json }: MethodsFlags, { stdout }: Context): void {
  const methods = Object.values(inferenceMethods);
  if (json !== true) {
    stdout.write(methods.map((method) => factsText(method.name, factsOf(method))).join('\n'));
    return;
  }
  const described = methods.map((method) => {
    const { name, title, defaultNetwork, needsBlindSpot, presets, inference } = method;
    return {
      ...{ name, title, defaultNetwork, needsBlindSpot, presets },
      options: inference.takes,
      learnsFrom: lessonOf(method),
    };
  });
  stdout.write(`${printableJson({ kind: 'methods', methods: described })}\n`);
}
