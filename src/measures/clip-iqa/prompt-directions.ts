import { RevelaError } from '../../errors.js';
import { clipMarks, clipText, clipTokenVectors, promptDirections } from '../../networks/index.js';
import { scopeOf } from '../../nn/index.js';
import type { AntonymPair } from '../../quality/index.js';
import { neededFeeds, type Runtime } from '../../runtime/index.js';
import {
  formatShape,
  grouped,
  type Tensor,
  type TensorRecord,
  type TensorValue,
  trace,
} from '../../tensor/index.js';
import { promptEnds, promptVectors } from '../../upscale/index.js';
import type { ClipWeights } from '../../models/index.js';

/** What is needed of a CLIP to read texts. */
export type ClipReader = Pick<ClipWeights, 'config' | 'text'>;

function tableOf({ text }: ClipReader): TensorValue {
  const table = text['token_embedding.weight'];
  if (table === undefined) throw new RangeError('CLIP has no table of tokens');
  return table;
}

/** Texts as the text encoder takes them. */
interface Texts {
  /** Where each of them ends. */
  readonly ends: readonly number[];
  readonly feeds: Readonly<Record<string, TensorValue>>;
  /** Makes the vectors of their tokens, `[2·pairs, tokens, width]`, of what is fed. */
  vectors(fed: TensorRecord): Tensor;
}

/** Reads texts once with CLIP's text encoder and keeps what comparing pictures with them needs: `[pairs, embed_dim]`. */
async function directionsOf(
  runtime: Runtime,
  { config, text }: ClipReader,
  { ends, feeds, vectors }: Texts,
): Promise<TensorValue> {
  const program = trace(({ inputs }) => {
    const read = clipText(config, ends)(scopeOf(inputs('text', text)), vectors(inputs('fed', feeds)));
    return { directions: promptDirections(read) };
  });
  const executable = await runtime.load(program);
  try {
    const given = { ...grouped('text', text), ...grouped('fed', feeds) };
    const { directions } = (await executable.run(neededFeeds(executable, given))).fetched;
    if (directions === undefined) throw new RangeError('the text encoder gave nothing');
    return directions;
  } finally {
    await executable.release();
  }
}

/** What was fed under a name. */
function fedAs(fed: TensorRecord, name: string): Tensor {
  const tensor = fed[name];
  if (tensor === undefined) throw new RangeError(`the texts have no ${name}`);
  return tensor;
}

/**
 * The directions of texts, given as the numbers of their tokens with the start and the end among them.
 *
 * @throws RevelaError for tokens that this CLIP does not have, and for a text that is longer than its context
 */
export function directionsOfTokens(
  runtime: Runtime,
  clip: ClipReader,
  pairs: readonly AntonymPair<readonly number[]>[],
): Promise<TensorValue> {
  const texts = pairs.flatMap(({ good, bad }) => [good, bad]);
  return directionsOf(runtime, clip, {
    ends: texts.map((text) => text.length - 1),
    feeds: { vectors: clipTokenVectors(tableOf(clip), texts) },
    vectors: (fed) => fedAs(fed, 'vectors'),
  });
}

/**
 * The directions of learnt prompts: `[start, V₁ … Vₘ, end]`.
 *
 * @param context the vectors V, `[2·pairs, M, width]`
 * @throws RevelaError if they are not those of this CLIP
 */
export function directionsOfContext(
  runtime: Runtime,
  clip: ClipReader,
  context: TensorValue,
): Promise<TensorValue> {
  const { transformer_width: width } = clip.config;
  const [texts = 0, , own] = context.shape;
  if (context.shape.length !== 3 || texts === 0 || texts % 2 !== 0 || own !== width)
    throw new RevelaError(
      `the prompts must be [2·pairs, tokens, ${width}] for this CLIP, got ${formatShape(context.shape)}; take the discriminators and the CLIP of one run`,
    );
  const { start, end } = clipMarks(clip.config);
  const marks = { ...clipTokenVectors(tableOf(clip), [[start], [end]]), shape: [2, width] };
  return directionsOf(runtime, clip, {
    ends: promptEnds(context),
    feeds: { context, marks },
    vectors: (fed) => promptVectors(fedAs(fed, 'context'), fedAs(fed, 'marks')),
  });
}
