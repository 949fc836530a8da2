import {
  type ClipImageConfig,
  type ClipStage,
  clipImage,
  clipStages,
  normaliseForClip,
} from '../networks/index.js';
import type { Optimiser } from '../nn/index.js';
import { applyNetwork, isSpectralVector, powerIterated, scopeOf } from '../nn/index.js';
import type { Tensor, TensorRecord, TensorValue } from '../tensor/index.js';
import {
  add,
  gradientsOf,
  grouped,
  groupOf,
  l1Loss,
  multiply,
  sqrt,
  stopGradient,
  sum,
  total,
} from '../tensor/index.js';
import {
  accuracy,
  type AdversarialLoss,
  deceptionLoss,
  type Judge,
  perceptualLoss,
  saturation,
  type Sight,
  verdictLoss,
  type View,
} from '../upscale/index.js';
import type { AdversarialObjective, GeneratorTurn, OpponentsTurn, Players } from './adversarial.js';
import { pairFeeds, pairShapes } from './pairs.js';
import type { PixelLesson } from './pixel-objective.js';

/** A judge with its share in what the generator minimises, and what moves it. */
export interface SeatedJudge {
  readonly judge: Judge;
  readonly weight: number;
  readonly optimiser: Optimiser;
  /** Its learning rate, as a multiple of the generator's. */
  readonly rate: number;
}

/** Everything that an adversarial training of an upscaler is made of, besides what its pixel stage is. */
export interface SfdGame extends PixelLesson {
  readonly judges: readonly SeatedJudge[];
  readonly loss: AdversarialLoss;
  /** Weight of the mean absolute error. */
  readonly pixel: number;
  /** Weight of the perceptual loss; 0 where there is no VGG19. */
  readonly perceptual: number;
  /** CLIP's image encoder, where a judge looks through it. */
  readonly clip?: {
    readonly config: ClipImageConfig;
    readonly parameters: Readonly<Record<string, TensorValue>>;
  };
  readonly vgg?: Readonly<Record<string, TensorValue>>;
  /** More that judges need and nobody learns, by `group/key`. */
  readonly frozen: Readonly<Record<string, TensorValue>>;
}

const norm = (x: Tensor): Tensor => sqrt(sum(multiply(x, x)));
const isStage = (sight: Sight): sight is ClipStage => clipStages.some((stage) => stage === sight);

/**
 * SFD's adversarial training (CVPR 2025) as a game: a generator that enlarges, against judges of CLIP's features.
 *
 *     L_G = λp·|G(low) − high| + λv·perceptual + Σ λj·deception of judge j
 *
 * CLIP sees each picture once a step: what it saw of the made and of the real pictures in the generator's turn is what the
 * judges then learn from. The weights λ and the losses are *inferred*; see docs/sfd.md.
 */
export function sfdObjective(game: SfdGame): AdversarialObjective {
  const { network, scale, size, pairs, judges } = game;
  const shapes = pairShapes(size, scale);
  const sights = new Set(judges.flatMap(({ judge }) => [...judge.sights]));
  const throughClip = [...sights].some((sight) => sight !== 'image');

  /** What judges see of a picture. */
  const look = (picture: Tensor, frozen: TensorRecord): View => {
    const view: Partial<Record<Sight, Tensor>> = { image: picture };
    if (!throughClip || game.clip === undefined) return view;
    const seen = clipImage(game.clip.config)(
      scopeOf(groupOf(frozen, 'clip-image')),
      normaliseForClip(picture),
    );
    for (const sight of sights) {
      if (isStage(sight)) view[sight] = seen[sight];
      else if (sight === 'embedding') view.embedding = seen.embedding;
    }
    return view;
  };

  const generate = ({ generator, opponents, frozen }: Players, fed: TensorRecord): GeneratorTurn => {
    const { low, high, sharpened = high } = fed;
    if (low === undefined || high === undefined || sharpened === undefined)
      throw new RangeError('the pairs were not given');
    const made = applyNetwork(network, generator, low);
    const pixel = l1Loss(made, sharpened);
    const vgg = groupOf(frozen, 'vgg');
    const perceptual = game.perceptual === 0 ? undefined : perceptualLoss(vgg, made, sharpened);
    const honest = total([
      multiply(pixel, game.pixel),
      ...(perceptual === undefined ? [] : [multiply(perceptual, game.perceptual)]),
    ]);
    const [fake, real] = [look(made, frozen), look(high, frozen)];
    const deceptions = judges.map(({ judge, weight }) => {
      const verdict = judge.judging(opponents[judge.name] ?? {}, frozen);
      const verdicts = { real: verdict(real), fake: verdict(fake) };
      return { judge, weight, loss: deceptionLoss(verdicts, game.loss) };
    });
    const adversarial = total(deceptions.map(({ weight, loss }) => multiply(loss, weight)));
    const [honestSlope = made] = gradientsOf(honest, [made]);
    const [adversarialSlope = made] = gradientsOf(adversarial, [made]);
    const shown = (view: View): TensorRecord =>
      Object.fromEntries(
        [...sights].flatMap((sight) => {
          const tensor = view[sight];
          return tensor === undefined ? [] : [[sight, stopGradient(tensor)]];
        }),
      );
    return {
      made,
      slope: add(honestSlope, adversarialSlope),
      loss: add(honest, adversarial),
      numbers: {
        pixelLoss: pixel,
        ...(perceptual === undefined ? {} : { perceptualLoss: perceptual }),
        ...Object.fromEntries(deceptions.map(({ judge, loss }) => [`${judge.name}Deception`, loss])),
        honestGradient: norm(honestSlope),
        adversarialGradient: norm(adversarialSlope),
      },
      seen: { ...grouped('fake', shown(fake)), ...grouped('real', shown(real)) },
    };
  };

  const oppose = ({ opponents, frozen }: Omit<Players, 'generator'>, seen: TensorRecord): OpponentsTurn => {
    const [real, fake]: View[] = [groupOf(seen, 'real'), groupOf(seen, 'fake')];
    const losses: Record<string, Tensor> = {};
    const numbers: Record<string, Tensor> = {};
    const buffers: Record<string, TensorRecord> = {};
    for (const { judge } of judges) {
      // One step of power iteration before each pass, as PyTorch's spectral norm does it; without vectors nothing changes.
      const first = powerIterated(opponents[judge.name] ?? {});
      const second = powerIterated(first);
      const onReal = judge.judging(first, frozen);
      const onFake = second === first ? onReal : judge.judging(second, frozen);
      const verdicts = { real: onReal(real ?? {}), fake: onFake(fake ?? {}) };
      losses[judge.name] = verdictLoss(verdicts, game.loss);
      numbers[`${judge.name}Accuracy`] = accuracy(verdicts, game.loss);
      numbers[`${judge.name}Saturation`] = saturation(verdicts, game.loss);
      buffers[judge.name] = Object.fromEntries(
        Object.entries(second).filter(([key]) => isSpectralVector(key)),
      );
    }
    return { losses, numbers, buffers };
  };

  return {
    inputs: {
      low: { shape: shapes.low },
      high: { shape: shapes.high },
      ...(game.sharpened ? { sharpened: { shape: shapes.high } } : {}),
    },
    opponents: Object.fromEntries(
      judges.map(({ judge: { name, parameters, buffers }, optimiser, rate }) => [
        name,
        { optimiser, rate, parameters, buffers },
      ]),
    ),
    frozen: {
      ...game.frozen,
      ...grouped('clip-image', game.clip?.parameters ?? {}),
      ...grouped('vgg', game.vgg ?? {}),
    },
    generate,
    oppose,
    feeds: (step) => pairFeeds(pairs, step, shapes),
  };
}
