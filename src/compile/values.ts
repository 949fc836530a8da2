import { BLOCKED } from './blocked-domain.js';
import type { Tensor } from '../tensor/index.js';
import { extent } from '../tensor/index.js';
import { fromBatchLast, toBatchLast } from './batch-last.js';
import { blockedFromPhased, phasedFromBlocked } from './blocked/row-order.js';
import { transformedBack, transformedImage } from './blocked/winograd.js';
import type { Emitter } from './emitter.js';
import { onnxTypes } from './emitter.js';
import { type Form, Forms } from './plan/forms.js';
import { rowsOf } from './plan/image-rows.js';
import type { Layout } from './plan/layout.js';

/** Layouts are changed of floats only. */
function asFloats({ dtype }: Tensor, name: string, emit: Emitter, reorder: (name: string) => string): string {
  if (dtype === 'float32') return reorder(name);
  const floats = emit.node('Cast', [name], { to: onnxTypes.float32 });
  return emit.node('Cast', [reorder(floats)], { to: onnxTypes[dtype] });
}

function toPlain(tensor: Tensor, { layout, known: name }: Form<string>, emit: Emitter): string {
  if (layout === 'batch-last') return fromBatchLast(name, tensor.shape, emit);
  const channels = extent(tensor.shape, 1);
  return asFloats(tensor, name, emit, (x) => emit.node('ReorderOutput', [x], { channels }, BLOCKED));
}

function toBlocked(tensor: Tensor, { layout, known: name }: Form<string>, emit: Emitter): string {
  return layout === 'phased'
    ? blockedFromPhased(name, rowsOf(tensor, emit.block), emit)
    : asFloats(tensor, name, emit, (x) => emit.node('ReorderInput', [x], {}, BLOCKED));
}

function toPhased(tensor: Tensor, { layout, known: name }: Form<string>, emit: Emitter): string {
  const rows = rowsOf(tensor, emit.block);
  return layout === 'points' ? transformedBack(name, 1, rows, emit) : phasedFromBlocked(name, rows, emit);
}

/** Writes a value that lies in one form in another; from which, `sourceOf` says. */
const converters: {
  readonly [L in Exclude<Layout, 'points'>]: (tensor: Tensor, from: Form<string>, emit: Emitter) => string;
} = {
  plain: toPlain,
  blocked: toBlocked,
  phased: toPhased,
  transformed: (tensor, { layout, known: name }, emit) =>
    transformedImage(name, layout === 'phased' ? 'phased' : 'blocked', rowsOf(tensor, emit.block), emit),
  'batch-last': (tensor, { known: name }, emit) => toBatchLast(name, tensor.shape, emit),
};

/** The names of the values that are computed so far, in any form; a missing one is written when it is asked for. */
export const createValues = (emit: Emitter): Forms<string> =>
  new Forms<string>((tensor, from, to) => {
    if (to === 'points') throw new Error('compile: only a convolution leaves products');
    return converters[to](tensor, from, emit);
  });
