import type { PickleValue } from './pickle-values.js';
import type { ReadStorage } from './storages.js';

/** The kinds of files that PyTorch writes: since version 1.6, before, and with the program of the model in it. */
export type PytorchFormat = 'pytorch' | 'pytorch-legacy' | 'torchscript';

/** A PyTorch file whose pickle was read and whose numbers were not. */
export interface Checkpoint {
  readonly format: PytorchFormat;
  readonly value: PickleValue;
  readonly readStorage: ReadStorage;
}
