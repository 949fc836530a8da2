import type { OptionsOf } from '../options/index.js';
import type { Planes } from '../pixels/index.js';
import type { QualityMeasure } from '../quality/arithmetic.js';
import type { LossProgram } from './loss/loss-program.js';
import type { NoOptions, OptionTable } from './measure-option.js';

/** A measure that compares two pictures by their pixels, in another thread: it needs nothing else. */
export interface PixelMeasure<Options extends OptionTable = NoOptions> {
  readonly kind: 'pixels';
  readonly facts: QualityMeasure;
  readonly options: Options;
  /** @throws RevelaError if the pictures differ in size, are too small, or hold a value that is not a number */
  compare(picture: Planes, reference: Planes, options: OptionsOf<Options>): number;
  loss?(): Promise<LossProgram>;
}
