import type { Tensor, TensorRecord, TensorValue } from '../../tensor/index.js';

/** A measure as a loss: less is better. */
export interface LossProgram {
  readonly needsReference: boolean;
  /** The channels that it looks at; left out: any number. */
  readonly channels?: number;
  /** The least side of a picture, and what sides must be multiples of. */
  readonly least: number;
  readonly multiple: number;
  /** Numbers that nobody learns, by group and name. */
  readonly constants: Readonly<Record<string, Readonly<Record<string, TensorValue>>>>;
  /** The mean over the batch, a scalar. */
  loss(constants: Readonly<Record<string, TensorRecord>>, pictures: Tensor, references: Tensor): Tensor;
}

/** A loss of pixels alone, which compares. */
export const lossOfPixels = (
  least: number,
  loss: (pictures: Tensor, references: Tensor) => Tensor,
): LossProgram => ({
  ...{ needsReference: true, least, multiple: 1, constants: {} },
  loss: (_, pictures, references) => loss(pictures, references),
});

/** What is the same of all measures that judge pictures alone. */
export const judgesAlone = (multiple: number) =>
  ({ needsReference: false, channels: 3, least: multiple, multiple }) as const;
