import type { Tensor, TensorRecord } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';

/** Attributes of a case, as the metadata gives them. */
export type CaseAttributes = Readonly<Record<string, unknown>>;

function number(attributes: CaseAttributes, name: string, otherwise?: number): number {
  const value = attributes[name] ?? otherwise;
  if (typeof value !== 'number') throw new Error(`attribute ${name} is missing`);
  return value;
}

function size(attributes: CaseAttributes): readonly [number, number] {
  const value = attributes['size'];
  if (!Array.isArray(value)) throw new Error('attribute size is missing');
  const [height, width]: unknown[] = value;
  if (typeof height !== 'number' || typeof width !== 'number')
    throw new Error('attribute size must be two numbers');
  return [height, width];
}

class Inputs {
  constructor(private readonly tensors: TensorRecord) {}
  get(name: string): Tensor {
    const tensor = this.tensors[name];
    if (tensor === undefined) throw new Error(`input ${name} is missing`);
    return tensor;
  }
  find(name: string): Tensor | undefined {
    return this.tensors[name];
  }
  affine(): t.Affine {
    return { weight: this.get('w'), bias: this.get('b') };
  }
}

type Case = (inputs: Inputs, attributes: CaseAttributes) => Tensor;

const ofX =
  (operation: (x: Tensor) => Tensor): Case =>
  (inputs) =>
    operation(inputs.get('x'));

const ofAB =
  (operation: (a: Tensor, b: Tensor) => Tensor): Case =>
  (inputs) =>
    operation(inputs.get('a'), inputs.get('b'));

const sides = (a: CaseAttributes): t.Sides => ({
  left: number(a, 'left'),
  right: number(a, 'right'),
  top: number(a, 'top'),
  bottom: number(a, 'bottom'),
});

const convolution: Case = (inputs, a) =>
  t.conv2d(inputs.get('x'), inputs.get('w'), inputs.find('b'), {
    stride: number(a, 'stride', 1),
    dilation: number(a, 'dilation', 1),
    padding: number(a, 'padding', 0),
    groups: number(a, 'groups', 1),
  });

const transposedConvolution: Case = (inputs, a) => {
  const product = t.convTranspose2d(inputs.get('x'), inputs.get('w'), {
    stride: number(a, 'stride', 1),
    padding: number(a, 'padding', 0),
    outputPadding: number(a, 'output_padding', 0),
  });
  return t.add(product, t.reshape(inputs.get('b'), [1, -1, 1, 1]));
};

/** Multi-head self-attention with separate projections, as `[batch, tokens, width]`. */
const attention: Case = (inputs, a) => {
  const heads = number(a, 'heads');
  const project = (name: string): Tensor => t.splitHeads(t.matmul(inputs.get('x'), inputs.get(name)), heads);
  const attended = t.scaledDotProductAttention(project('wq'), project('wk'), project('wv'));
  return t.matmul(t.mergeHeads(attended), inputs.get('wo'));
};

/** Cases by the beginning of their names; the longest match counts. */
const cases: Readonly<Record<string, Case>> = {
  conv2d: convolution,
  conv_transpose2d: transposedConvolution,
  matmul: ofAB((a, b) => t.matmul(a, b)),
  linear: (inputs) => t.linear(inputs.get('x'), inputs.get('w'), inputs.find('b')),
  relu: ofX(t.relu),
  leaky_relu_02: ofX((x) => t.leakyRelu(x, 0.2)),
  gelu: ofX(t.gelu),
  quick_gelu: ofX(t.quickGelu),
  sigmoid: ofX(t.sigmoid),
  tanh: ofX(t.tanh),
  silu: ofX(t.silu),
  softplus: ofX(t.softplus),
  exp: ofX(t.exp),
  abs: ofX(t.absolute),
  erf: ofX(t.erf),
  sqrt: ofX(t.sqrt),
  log: ofX(t.log),
  pow_1_5: ofX((x) => t.power(x, 1.5)),
  softmax_last: ofX(t.softmax),
  log_softmax_last: ofX(t.logSoftmax),
  layer_norm_last: (inputs, a) => t.layerNorm(inputs.get('x'), inputs.affine(), number(a, 'eps')),
  layer_norm_channels_nchw: (inputs, a) =>
    t.layerNormChannels(inputs.get('x'), inputs.affine(), number(a, 'eps')),
  batch_norm_train: (inputs, a) => t.batchNormTraining(inputs.get('x'), inputs.affine(), number(a, 'eps')),
  group_norm: (inputs, a) =>
    t.groupNorm(inputs.get('x'), number(a, 'groups'), inputs.affine(), number(a, 'eps')),
  instance_norm: (inputs, a) => t.instanceNorm(inputs.get('x'), undefined, number(a, 'eps')),
  max_pool_2x2: ofX((x) => t.maxPool2d(x, { kernel: 2 })),
  max_pool_3x3_stride2_ceil: ofX((x) => t.maxPool2d(x, { kernel: 3, stride: 2, ceil: true })),
  avg_pool_2x2: ofX((x) => t.avgPool2d(x, 2)),
  global_avg_pool: ofX(t.globalAvgPool),
  upsample_nearest_2: ofX((x) => t.upsampleNearest(x, 2)),
  upsample_bilinear_2: ofX((x) => {
    const [, , height, width] = t.imageShape(x, 'upsample');
    return t.resizeBilinear(x, [height * 2, width * 2]);
  }),
  resize_bilinear: (inputs, a) => t.resizeBilinear(inputs.get('x'), size(a)),
  resize_bicubic: (inputs, a) => t.resizeBicubic(inputs.get('x'), size(a)),
  pixel_shuffle_2: ofX((x) => t.pixelShuffle(x, 2)),
  pixel_unshuffle_2: ofX((x) => t.pixelUnshuffle(x, 2)),
  pad_reflect: (inputs, a) => t.padReflect(inputs.get('x'), sides(a)),
  pad_replicate: (inputs, a) => t.padReplicate(inputs.get('x'), sides(a)),
  pad_zero: (inputs, a) => t.padZero(inputs.get('x'), sides(a)),
  concat_channels: ofAB((a, b) => t.concat([a, b], 1)),
  split_then_mul: ofX((x) => {
    const half = t.extent(x.shape, 1) / 2;
    const part = (start: number): Tensor => t.slice(x, { axis: 1, start, length: half });
    return t.multiply(part(0), part(half));
  }),
  transpose_0213: ofX((x) => t.transpose(x, [0, 2, 1, 3])),
  // The slice the fixture was made with: x[:, :, ::2, 1::2].
  slice_step2: ofX((x) =>
    t.slice(x, { axis: 2, start: 0, length: 3, step: 2 }, { axis: 3, start: 1, length: 3, step: 2 }),
  ),
  gather_rows: (inputs) => t.gather(inputs.get('table'), inputs.get('ids')),
  where: (inputs) => t.where(t.cast(inputs.get('cond'), 'bool'), inputs.get('a'), inputs.get('b')),
  sum_axes: ofX((x) => t.sum(x, { axes: [0, 2] })),
  mean_keepdim: ofX((x) => t.mean(x, { axes: [1, 2], keepAxes: true })),
  var_biased: ofX((x) => t.variance(x, [-1])),
  max_axis: ofX((x) => t.max(x, -1)),
  add_broadcast: ofAB(t.add),
  mul_broadcast: ofAB(t.multiply),
  div_broadcast: ofAB(t.divide),
  l2_normalize: ofX((x) => t.l2Normalise(x)),
  cosine_similarity_matrix: ofAB((a, b) =>
    t.matmul(t.l2Normalise(a), t.l2Normalise(b), { transposeB: true }),
  ),
  loss_l1: ofAB(t.l1Loss),
  loss_mse: ofAB(t.mseLoss),
  loss_charbonnier: (inputs, a) => t.charbonnierLoss(inputs.get('a'), inputs.get('b'), number(a, 'eps')),
  loss_bce_logits_real: ofX((x) => t.binaryCrossEntropyWithLogits(x, 1)),
  loss_bce_logits_fake: ofX((x) => t.binaryCrossEntropyWithLogits(x, 0)),
  loss_cross_entropy: (inputs) => t.crossEntropy(inputs.get('x'), inputs.get('target')),
  attention: attention,
};

/** Builds the operator of a case from its inputs; undefined for a case this program does not know. */
export function operatorCase(
  name: string,
): ((inputs: TensorRecord, attributes: CaseAttributes) => Tensor) | undefined {
  const matches = Object.keys(cases).filter((prefix) => name === prefix || name.startsWith(`${prefix}_`));
  const longest = matches.sort((a, b) => b.length - a.length)[0];
  const build = longest === undefined ? undefined : cases[longest];
  return build && ((inputs, attributes) => build(new Inputs(inputs), attributes));
}
