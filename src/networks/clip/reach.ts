import {
  convolutionStep,
  type PathStep,
  poolingStep,
  receptiveFieldReach,
  stridedConvolutionStep,
} from '../receptive-field.js';
import { type ClipConfig, type ClipStage, clipStages } from './configuration.js';

/** The 3×3 convolutions of a stage; where the size halves, the pool comes after the first. */
const stagePath = (count: number, halving: boolean): readonly PathStep[] =>
  Array.from({ length: count }, (_, block) =>
    halving && block === 0 ? [convolutionStep(3), poolingStep] : [convolutionStep(3)],
  ).flat();

/**
 * How many pixels to each side of a position's own a stage of CLIP's image encoder looks, at most: 48 at RN50's `layer2`,
 * 140 at its `layer3`, 228 at its `layer4`.
 *
 * @example
 * clipReach(clipRn50Config, 'layer3');
 */
export function clipReach({ vision_layers }: Pick<ClipConfig, 'vision_layers'>, stage: ClipStage): number {
  const stem = [stridedConvolutionStep, convolutionStep(3), convolutionStep(3), poolingStep];
  const stages = clipStages.slice(0, clipStages.indexOf(stage) + 1);
  const path = stages.flatMap((_, index) => stagePath(vision_layers[index] ?? 0, index > 0));
  return receptiveFieldReach([...stem, ...path]);
}

/** How many pixels apart neighbouring positions of a stage are: 4, 8, 16 and 32. */
export const clipStageStride = (stage: ClipStage): number => 4 * 2 ** clipStages.indexOf(stage);
