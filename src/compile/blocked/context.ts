import type { Tensor } from '../../tensor/index.js';
import type { Emitter } from '../emitter.js';
import type { Values } from './values.js';
import type { WinogradForms } from './winograd.js';

/** Channels of a block: as many floats as a vector register of the processor holds. */
export type Block = 8 | 16;

/** What the lowerings to blocked form work with. */
export interface BlockedContext {
  readonly emit: Emitter;
  readonly values: Values;
  readonly block: Block;
  /** How many tensors and outputs of the program need this one. */
  uses(tensor: Tensor): number;
  readonly winograd: WinogradForms;
}
