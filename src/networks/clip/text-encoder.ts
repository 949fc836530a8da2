import { RevelaError } from '../../errors.js';
import type { ParameterScope } from '../../nn/index.js';
import { constantValue, kaimingUniform, normalWith } from '../../nn/index.js';
import type { Affine, Tensor, TensorValue } from '../../tensor/index.js';
import {
  add,
  concat,
  constant,
  formatShape,
  gather,
  layerNorm,
  linear,
  matmul,
  mergeHeads,
  multiply,
  quickGelu,
  reshape,
  slice,
  softmax,
  splitHeads,
} from '../../tensor/index.js';
import type { ClipConfig } from './configuration.js';

/** What the text encoder needs to know of a CLIP. */
export type ClipTextConfig = Pick<
  ClipConfig,
  | 'embed_dim'
  | 'context_length'
  | 'vocab_size'
  | 'transformer_width'
  | 'transformer_heads'
  | 'transformer_layers'
>;

/** Far enough below any score that its exponential is 0. */
const NEVER = -1e9;

/** 0 where a token may look: at itself and what is before it. */
function causalMask(tokens: number): Tensor {
  const data = Float32Array.from({ length: tokens * tokens }, (_, i) =>
    i % tokens > Math.floor(i / tokens) ? NEVER : 0,
  );
  return constant(data, [tokens, tokens]);
}

function affine(scope: ParameterScope, width: number): Affine {
  return {
    weight: scope.parameter('weight', [width], constantValue(1)),
    bias: scope.parameter('bias', [width], constantValue(0)),
  };
}

function attention(scope: ParameterScope, x: Tensor, mask: Tensor, heads: number): Tensor {
  const width = x.shape[2] ?? 1;
  const all = linear(
    x,
    scope.parameter('in_proj_weight', [3 * width, width], kaimingUniform),
    scope.parameter('in_proj_bias', [3 * width], constantValue(0)),
  );
  const third = (index: number): Tensor =>
    splitHeads(slice(all, { axis: 2, start: index * width, length: width }), heads);
  const query = multiply(third(0), 1 / Math.sqrt(width / heads));
  const scores = add(matmul(query, third(1), { transposeB: true }), mask);
  const out = scope.at('out_proj');
  return linear(
    mergeHeads(matmul(softmax(scores), third(2))),
    out.parameter('weight', [width, width], kaimingUniform),
    out.parameter('bias', [width], constantValue(0)),
  );
}

function perceptron(scope: ParameterScope, x: Tensor): Tensor {
  const width = x.shape[2] ?? 1;
  const [into, back] = [scope.at('c_fc'), scope.at('c_proj')];
  const hidden = linear(
    x,
    into.parameter('weight', [4 * width, width], kaimingUniform),
    into.parameter('bias', [4 * width], constantValue(0)),
  );
  return linear(
    quickGelu(hidden),
    back.parameter('weight', [width, 4 * width], kaimingUniform),
    back.parameter('bias', [width], constantValue(0)),
  );
}

/** y = x + attention(LN x), z = y + perceptron(LN y) */
function block(scope: ParameterScope, x: Tensor, mask: Tensor, heads: number): Tensor {
  const width = x.shape[2] ?? 1;
  const y = add(x, attention(scope.at('attn'), layerNorm(x, affine(scope.at('ln_1'), width)), mask, heads));
  return add(y, perceptron(scope.at('mlp'), layerNorm(y, affine(scope.at('ln_2'), width))));
}

/** How many tokens are given and needed, and where each text ends; checked. */
function extents(embedded: Tensor, ends: readonly number[], config: ClipTextConfig) {
  const { context_length, transformer_width } = config;
  const [texts, given, width] = embedded.shape;
  if (embedded.shape.length !== 3 || width !== transformer_width || ends.length !== texts)
    throw new RangeError(
      `CLIP's text encoder takes [texts, tokens, ${transformer_width}] and an end for every text, got ${formatShape(embedded.shape)} and ${ends.length} ends`,
    );
  const needed = Math.max(...ends) + 1;
  if (needed > context_length)
    throw new RevelaError(
      `a text of ${needed} tokens is longer than the ${context_length} that this CLIP reads; shorten it`,
    );
  if (ends.some((end) => !Number.isInteger(end) || end < 0) || needed > (given ?? 0))
    throw new RangeError(`texts of ${given} tokens cannot end at tokens ${ends.join(', ')}`);
  return { texts: ends.length, needed };
}

/**
 * The text encoder of CLIP (Radford et al., ICML 2021) from vectors of tokens: a transformer in which a token looks at those
 * before it alone, read at the token that ends each text. What follows the last end cannot matter and is not computed: a
 * prompt of 16 vectors takes 18 tokens instead of 77.
 *
 * Gradients flow to the vectors, so that they may be learnt in place of words (CoOp, IJCV 2022):
 * `[start, V₁ … Vₘ, end]`, without positions, which are added here.
 *
 * @param ends index of the end token of every text, counted from the start token, which is 0
 * @returns a function from parameters and vectors `[texts, tokens, transformer_width]` to text features
 *   `[texts, embed_dim]`, not of length 1
 * @throws RevelaError for a text that is longer than the context
 *
 * @example
 * const prompt = concat([start, context, end], 1); // [1, 18, 512]
 * const feature = clipText(config, [17])(scopeOf(parameters), prompt);
 */
export function clipText(
  config: ClipTextConfig,
  ends: readonly number[],
): (parameters: ParameterScope, embedded: Tensor) => Tensor {
  const { transformer_width: width, context_length, transformer_heads, transformer_layers } = config;
  return (parameters, embedded) => {
    const { texts, needed } = extents(embedded, ends, config);
    const positions = parameters.parameter('positional_embedding', [context_length, width], normalWith(0.01));
    const used = slice(positions, { axis: 0, start: 0, length: needed });
    const mask = causalMask(needed);
    const blocks = parameters.at('transformer').at('resblocks');
    let x = add(slice(embedded, { axis: 1, start: 0, length: needed }), used);
    for (let i = 0; i < transformer_layers; i++) x = block(blocks.at(i), x, mask, transformer_heads);
    const atEnds = concat(
      ends.map((end, text) =>
        slice(x, { axis: 0, start: text, length: 1 }, { axis: 1, start: end, length: 1 }),
      ),
      0,
    );
    const normalised = layerNorm(reshape(atEnds, [texts, width]), affine(parameters.at('ln_final'), width));
    const projection = parameters.parameter(
      'text_projection',
      [width, config.embed_dim],
      normalWith(1 / Math.sqrt(width)),
    );
    return matmul(normalised, projection);
  };
}

/**
 * The vectors of tokens, by CLIP's table: token numbers `[texts, tokens]` (int32 or int64) → `[texts, tokens,
 * transformer_width]`, as {@link clipText} takes them. The table of RN50 is 100 MB; for texts that are known beforehand,
 * {@link clipTokenVectors} looks them up without the device.
 */
export function embedClipTokens(
  config: ClipTextConfig,
): (parameters: ParameterScope, tokens: Tensor) => Tensor {
  return (parameters, tokens) => {
    const { vocab_size, transformer_width } = config;
    const shape = [vocab_size, transformer_width];
    return gather(parameters.at('token_embedding').parameter('weight', shape, normalWith(0.02)), tokens);
  };
}

/**
 * The vectors of texts' tokens, looked up in CLIP's table: `[texts, tokens, transformer_width]`. Shorter texts are filled
 * up with token 0, which is behind their ends.
 *
 * @param table `token_embedding.weight`, `[vocab_size, transformer_width]`
 * @param texts token numbers of every text
 * @throws RevelaError for a token that the table does not have
 *
 * @example
 * const vectors = clipTokenVectors(table, [[49406, 886, 1125, 269, 49407]]);
 */
export function clipTokenVectors(table: TensorValue, texts: readonly (readonly number[])[]): TensorValue {
  const [words = 0, width = 0] = table.shape;
  const tokens = Math.max(...texts.map((text) => text.length));
  const data = new Float32Array(texts.length * tokens * width);
  texts.forEach((text, row) => {
    for (let i = 0; i < tokens; i++) {
      const token = text[i] ?? 0;
      if (!Number.isInteger(token) || token < 0 || token >= words)
        throw new RevelaError(
          `token ${token} is none of the ${words} words of this CLIP: it is cut down or has another vocabulary than the texts; take a whole one, such as RN50`,
        );
      const at = (row * tokens + i) * width;
      for (let j = 0; j < width; j++) data[at + j] = Number(table.data[token * width + j]);
    }
  });
  return { data, shape: [texts.length, tokens, width], dtype: 'float32' };
}
