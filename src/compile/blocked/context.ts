import type { Tensor } from '../../tensor/index.js';
import type { Emitter } from '../emitter.js';
import type { Block } from './block.js';
import type { Values } from './values.js';
import type { WinogradForms } from './winograd-plan.js';

/** What the lowerings to blocked form work with. */
export interface BlockedContext {
  readonly emit: Emitter;
  readonly values: Values;
  readonly block: Block;
  /** How many tensors and outputs of the program need this one. */
  uses(tensor: Tensor): number;
  readonly winograd: WinogradForms;
}
