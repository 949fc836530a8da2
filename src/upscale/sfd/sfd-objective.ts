import type { Optimiser } from '../../nn/index.js';
import { applyNetwork, isSpectralVector, pairShapes, powerIterated } from '../../nn/index.js';
import { present } from '../../present.js';
import type { Tensor, TensorRecord } from '../../tensor/index.js';
import {
  add,
  gradientsOf,
  grouped,
  groupOf,
  multiply,
  sqrt,
  stopGradient,
  sum,
  total,
} from '../../tensor/index.js';
import type {
  AdversarialObjective,
  Calibration,
  GeneratorTurn,
  OpponentsTurn,
  Players,
} from '../../training/index.js';
import { type HonestLosses, honestFrozen, honestTerms } from '../honest-losses.js';
import type { Judge, View } from '../judge.js';
import type { PixelLesson } from '../pixel-objective.js';
import type { AdversarialLoss } from './adversarial-loss.js';
import { accuracy, deceptionLoss, saturation, verdictLoss } from './discriminators.js';
import { type Eye, semanticView } from './semantic-view.js';

/** A judge with its share in what the generator minimises, and what moves it. */
export interface SeatedJudge {
  readonly judge: Judge;
  readonly weight: number;
  /** What its logits are multiplied by in what the generator minimises, and nowhere else; default 1. */
  readonly deceptionScale?: number;
  readonly optimiser: Optimiser;
  /** Its learning rate, as a multiple of the generator's. */
  readonly rate: number;
}

/** The groups of the backbone and of the networks of honest losses among what is frozen. */
export const sfdFrozen = { eye: 'eye', ...honestFrozen } as const;

/** Everything that an adversarial training of an upscaler is made of, besides what its pixel stage is. */
export interface SfdGame extends PixelLesson {
  readonly judges: readonly SeatedJudge[];
  readonly loss: AdversarialLoss;
  readonly honest: HonestLosses;
  /** The backbone, where a judge looks through one. */
  readonly eye?: Eye;
  /** What nobody learns, by `group/key`: the groups of {@link sfdFrozen} where there are such, and what judges need. */
  readonly frozen: AdversarialObjective['frozen'];
  readonly frozenValues: AdversarialObjective['frozenValues'];
  /** How the judges' gradients are measured, and set in proportion to that of the perceptual loss, or of the pixels without one. */
  readonly calibration?: Calibration;
}

const norm = (x: Tensor): Tensor => sqrt(sum(multiply(x, x)));

const named = (suffix: string, tensors: TensorRecord): TensorRecord =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${name}${suffix}`, tensor]));

/** Verdicts as sharp or as soft as a scale makes them. */
const scaled = (logits: readonly Tensor[], scale: number): readonly Tensor[] =>
  scale === 1 ? logits : logits.map((tensor) => multiply(tensor, scale));

/**
 * SFD's adversarial training (CVPR 2025) as a game: a generator that enlarges, against judges of a backbone's features, CLIP's in the paper.
 *
 *     L_G = λp·|G(low) − high| + λv·perceptual + λl·LPIPS + Σ λj·deception of judge j
 *
 * The backbone sees each picture once a step: what it saw of the made and of the real pictures in the generator's turn is what the
 * judges then learn from. The weights λ and the losses are *inferred*; see docs/sfd.md.
 */
export function sfdObjective(game: SfdGame): AdversarialObjective {
  const { network, scale, size, judges } = game;
  const shapes = pairShapes(size, scale);
  const sights = new Set(judges.flatMap(({ judge }) => [...judge.sights]));
  const throughEye = [...sights].some((sight) => sight !== 'image');

  /** What judges see of a picture. */
  const look = (picture: Tensor, frozen: TensorRecord): View => {
    if (!throughEye || game.eye === undefined) return { image: picture };
    return { image: picture, ...semanticView(game.eye, groupOf(frozen, sfdFrozen.eye), picture, sights) };
  };

  const generate = ({ generator, opponents, weights, frozen }: Players, fed: TensorRecord): GeneratorTurn => {
    const { low, high, sharpened = high } = fed;
    if (low === undefined || high === undefined || sharpened === undefined)
      throw new RangeError('the pairs were not given');
    const made = applyNetwork(network, generator, low);
    const terms = honestTerms(game.honest, frozen, made, sharpened, scale);
    const honest = terms.map(({ name, loss, weight }) => {
      const weighed = multiply(loss, weight);
      const [slope = made] = gradientsOf(weighed, [made]);
      return { name, loss, weighed, slope, norm: norm(slope) };
    });
    const honestSlope = total(honest.map(({ slope }) => slope));
    const [fake, real] = [look(made, frozen), look(high, frozen)];
    const deceptions = judges.map(({ judge, deceptionScale = 1 }) => {
      const verdict = judge.judging(opponents[judge.name] ?? {}, frozen);
      const verdicts = {
        real: scaled(verdict(real), deceptionScale),
        fake: scaled(verdict(fake), deceptionScale),
      };
      return [judge.name, deceptionLoss(verdicts, game.loss)] as const;
    });
    const adversarial = total(deceptions.map(([name, loss]) => multiply(loss, weights[name] ?? 0)));
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
      loss: add(total(honest.map(({ weighed }) => weighed)), adversarial),
      // That of a perceptual loss where there is one: they stand last.
      norms: { adversarial: norm(adversarialSlope), reference: honest.at(-1)?.norm ?? norm(honestSlope) },
      numbers: {
        ...named('Loss', Object.fromEntries(honest.map(({ name, loss }) => [name, loss]))),
        ...named('Deception', Object.fromEntries(deceptions)),
        ...named('Gradient', Object.fromEntries(honest.map((term) => [term.name, term.norm]))),
        honestGradient: norm(honestSlope),
        adversarialGradient: norm(adversarialSlope),
      },
      seen: { ...grouped('fake', shown(fake)), ...grouped('real', shown(real)) },
    };
  };

  const oppose = (
    { opponents, frozen }: Pick<Players, 'opponents' | 'frozen'>,
    seen: TensorRecord,
  ): OpponentsTurn => {
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
      judges.map(({ judge: { name, parameters, buffers }, optimiser, rate, weight }) => [
        name,
        { optimiser, rate, weight, parameters, buffers },
      ]),
    ),
    frozen: game.frozen,
    frozenValues: game.frozenValues,
    ...present({ calibration: game.calibration }),
    generate,
    oppose,
  };
}
