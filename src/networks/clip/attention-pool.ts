import type { ParameterScope } from '../../nn/index.js';
import { biasUniform, kaimingNormal, kaimingUniform } from '../../nn/index.js';
import type { Tensor } from '../../tensor/index.js';
import {
  add,
  concat,
  imageShape,
  linear,
  matmul,
  mean,
  multiply,
  reshape,
  slice,
  softmax,
  transpose,
} from '../../tensor/index.js';
import { CLIP_STRIDE, type ClipConfig, clipFeatureWidth, clipPoolHeads } from './configuration.js';

type PoolConfig = Pick<ClipConfig, 'embed_dim' | 'image_resolution' | 'vision_width'>;

interface Projection {
  readonly weight: Tensor;
  readonly bias: Tensor;
}

/** Parameters of the projections of queries, keys, values and of the result. */
function projections(scope: ParameterScope, config: PoolConfig) {
  const width = clipFeatureWidth(config);
  const projection = (name: string, out: number): Projection => ({
    weight: scope.at(name).parameter('weight', [out, width], kaimingUniform),
    bias: scope.at(name).parameter('bias', [out], biasUniform(width)),
  });
  const [q, k, v] = [projection('q_proj', width), projection('k_proj', width), projection('v_proj', width)];
  return { q, k, v, c: projection('c_proj', config.embed_dim) };
}

/** `[rows, heads·part]` → `[heads, rows, part]` */
const perHead = (x: Tensor, heads: number): Tensor =>
  transpose(reshape(x, [x.shape[0] ?? 1, heads, -1]), [1, 0, 2]);

/**
 * Multi-head attention of the first token alone, x₀: for every head, softmax(q·kᵢ / √d) weighs vᵢ, where q = Wq·x₀ + bq,
 * kᵢ = Wk·xᵢ + bk and vᵢ = Wv·xᵢ + bv.
 *
 * Keys and values of the other tokens are never computed: q·kᵢ = (Wkᵀ·q)·xᵢ but for q·bk, which is the same for all i and
 * leaves the softmax as it is, and Σ aᵢ·vᵢ = Wv·(Σ aᵢ·xᵢ) + bv because the weights aᵢ add up to 1. That is exact, and for
 * a picture of 1024 × 768 pixels sixty times less work.
 *
 * @param tokens `[batch, width, tokens]`
 */
function attendFromFirst(
  tokens: Tensor,
  { q, k, v, c }: ReturnType<typeof projections>,
  heads: number,
): Tensor {
  const [batch = 1, width = 1] = tokens.shape;
  const part = width / heads;
  const first = reshape(slice(tokens, { axis: 2, start: 0, length: 1 }), [batch, width]);
  const rowsOfHeads = ({ weight }: Projection): Tensor => reshape(weight, [heads, part, width]);
  const query = multiply(linear(first, q.weight, q.bias), 1 / Math.sqrt(part));
  const inTokens = transpose(matmul(perHead(query, heads), rowsOfHeads(k)), [1, 0, 2]);
  const weights = softmax(matmul(inTokens, tokens));
  const gathered = transpose(matmul(weights, tokens, { transposeB: true }), [1, 0, 2]);
  const values = matmul(gathered, rowsOfHeads(v), { transposeB: true });
  const merged = add(reshape(transpose(values, [1, 0, 2]), [batch, width]), v.bias);
  return linear(merged, c.weight, c.bias);
}

/**
 * CLIP's attention pool: the mean of all positions asks all positions and itself, without and with a learnt vector for
 * each place added first. Without these, any size will do (CLIP-IQA, AAAI 2023).
 *
 * @param x the last stage's features `[batch, 32·W, rows, columns]`
 * @returns `[batch, embed_dim]` each
 */
export function attentionPool(
  scope: ParameterScope,
  x: Tensor,
  config: PoolConfig,
): { readonly embedding: Tensor; readonly positionalEmbedding?: Tensor } {
  const [batch, width, rows, columns] = imageShape(x, 'CLIP');
  const side = config.image_resolution / CLIP_STRIDE;
  // Normal with variance 1 / width, as the original draws it.
  const places = scope.parameter('positional_embedding', [side * side + 1, width], kaimingNormal(1));
  const parameters = projections(scope, config);
  const heads = clipPoolHeads(config);
  const positions = reshape(x, [batch, width, rows * columns]);
  const tokens = concat([mean(positions, { axes: [2], keepAxes: true }), positions], 2);
  const embedding = attendFromFirst(tokens, parameters, heads);
  if (rows !== side || columns !== side) return { embedding };
  const placed = add(tokens, transpose(places, [1, 0]));
  return { embedding, positionalEmbedding: attendFromFirst(placed, parameters, heads) };
}

/**
 * The attention pool alone, without the positional table: for features that were computed piece by piece.
 *
 * @returns a function from parameters and the last stage's features `[batch, 32·W, rows, columns]`, the whole picture's, to
 *   the embedding `[batch, embed_dim]`, not of length 1
 *
 * @example
 * const embedding = clipPool(config)(scopeOf(parameters), layer4);
 */
export function clipPool(config: PoolConfig): (parameters: ParameterScope, layer4: Tensor) => Tensor {
  return (parameters, layer4) =>
    attentionPool(parameters.at('visual').at('attnpool'), layer4, config).embedding;
}

/**
 * What the attention pool would give if it looked at one position alone: Wc·(Wv·x + bv) + bc at each. These vectors lie
 * where the embedding lies, and texts can be compared with places in a picture (MaskCLIP, ECCV 2022).
 *
 * @returns a function from parameters and the last stage's features `[batch, 32·W, rows, columns]` to
 *   `[batch, rows·columns, embed_dim]`, not of length 1
 */
export function clipPlaces(config: PoolConfig): (parameters: ParameterScope, layer4: Tensor) => Tensor {
  return (parameters, layer4) => {
    const [batch, width, rows, columns] = imageShape(layer4, 'CLIP');
    const { v, c } = projections(parameters.at('visual').at('attnpool'), config);
    const places = transpose(reshape(layer4, [batch, width, rows * columns]), [0, 2, 1]);
    return linear(linear(places, v.weight, v.bias), c.weight, c.bias);
  };
}
