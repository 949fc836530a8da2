import { type Picture, reflectPad } from '#src/images/index.js';
import type { ClipWeights } from '#src/api/index.js';
import { clipImage, clipMarks, clipText, clipTokenVectors, normaliseForClip } from '#src/networks/index.js';
import { scopeOf } from '#src/nn/index.js';
import type { SfdTermName } from '#src/quality/index.js';
import type { Runtime } from '#src/runtime/index.js';
import { grouped, type TensorValue, trace } from '#src/tensor/index.js';
import { resize } from '#src/pixels/index.js';
import type { SafetensorsFile } from '#src/weights/index.js';
import { run } from '../compile/running.js';

const numbers = (value: { readonly data: Iterable<number | bigint> } | undefined): number[] => {
  if (value === undefined) throw new Error('a tensor is missing');
  return Array.from(value.data, Number);
};

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** A 1×1 convolution of one position, its weight divided by uᵀ·W·v where it has these vectors. */
function convolved(judges: SafetensorsFile, key: string, x: readonly number[]): number[] {
  const { tensors } = judges;
  const spectral = tensors.get(`${key}.weight_orig`);
  const weight = numbers(spectral ?? tensors.get(`${key}.weight`));
  const bias = numbers(tensors.get(`${key}.bias`));
  const product = (row: number, vector: readonly number[]): number =>
    vector.reduce((sum, value, i) => sum + value * (weight[row * vector.length + i] ?? 0), 0);
  let sigma = 1;
  if (spectral !== undefined) {
    const [u, v] = [numbers(tensors.get(`${key}.weight_u`)), numbers(tensors.get(`${key}.weight_v`))];
    sigma = u.reduce((sum, value, row) => sum + value * product(row, v), 0);
  }
  return bias.map((b, row) => product(row, x) / sigma + b);
}

const leaky = (values: readonly number[]): number[] => values.map((x) => (x > 0 ? x : 0.2 * x));

function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

/** Mean over positions, each of which counts by the share of it that lies in the picture. */
function overPicture(
  logits: readonly number[],
  { rows, columns, stride }: { readonly rows: number; readonly columns: number; readonly stride: number },
  { width, height }: Picture,
): number {
  let [sum, all] = [0, 0];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      let pixels = 0;
      for (let y = row * stride; y < Math.min(height, (row + 1) * stride); y++)
        for (let x = column * stride; x < Math.min(width, (column + 1) * stride); x++) pixels++;
      sum += pixels * (logits[row * columns + column] ?? Number.NaN);
      all += pixels;
    }
  return sum / all;
}

/**
 * SFD-IQA's terms of a picture, in loops over numbers from CLIP's features on: heads, spectral normalisation, means, and
 * cosines.
 */
export async function sfdTermsInLoops(
  runtime: Runtime,
  clip: ClipWeights,
  judges: SafetensorsFile,
  picture: Picture,
): Promise<Partial<Record<SfdTermName, number>>> {
  const config = JSON.parse(judges.metadata['config'] ?? '{}');
  const context = judges.tensors.get('prompt/context');
  const [right, bottom] = [-picture.width & 31, -picture.height & 31];
  const [height, width] = [picture.height + bottom, picture.width + right];
  const x: TensorValue = {
    data: reflectPad(picture.data, 3, picture.height, picture.width, { top: 0, left: 0, right, bottom }),
    shape: [1, 3, height, width],
    dtype: 'float32',
  };
  const vectors = context === undefined ? undefined : promptsOf(clip, context);
  const { image_resolution: side } = clip.config;
  const { data } = resize(picture, { width: side, height: side }, 'bilinear');
  const resized: TensorValue = { data, shape: [1, 3, side, side], dtype: 'float32' };
  const normalised = config.clipNormalisation ?? true;
  const program = trace(({ input, inputs }) => {
    const scope = scopeOf(inputs('image', clip.image));
    const look = (name: string, { shape }: TensorValue) => {
      const given = input(name, shape);
      return clipImage(clip.config)(scope, normalised ? normaliseForClip(given) : given);
    };
    const { layer2, layer3, ...whole } = look('x', x);
    if (vectors === undefined) return { layer2, layer3 };
    const embedding =
      config.prompt.input === 'resized'
        ? (look('resized', resized).positionalEmbedding ?? whole.embedding)
        : whole.embedding;
    const ends = Array.from({ length: vectors.shape[0] ?? 0 }, () => (vectors.shape[1] ?? 0) - 1);
    const read = clipText(clip.config, ends)(
      scopeOf(inputs('text', clip.text)),
      input('vectors', vectors.shape),
    );
    return { layer2, layer3, embedding, read };
  });
  const seen = await run(runtime, program, {
    ...grouped('image', clip.image),
    ...grouped('text', clip.text),
    ...{ x, resized },
    ...(vectors === undefined ? {} : { vectors }),
  });
  return {
    ...(judges.tensors.has('feature/0.0.bias') ? featureTerms(judges, config.feature, seen, picture) : {}),
    ...(seen['read'] === undefined ? {} : promptTerms(seen, config.prompt)),
  };
}

function promptsOf(
  clip: ClipWeights,
  context: { shape: readonly number[]; data: Iterable<number | bigint> },
): TensorValue {
  const [texts = 0, tokens = 0, width = 0] = context.shape;
  const { start, end } = clipMarks(clip.config);
  const table = clip.text['token_embedding.weight'];
  if (table === undefined) throw new Error('no table');
  const [first, last] = [[[start]], [[end]]].map((token) => numbers(clipTokenVectors(table, token)));
  const learnt = numbers(context);
  const data = Array.from({ length: texts }, (_, text) => [
    ...(first ?? []),
    ...learnt.slice(text * tokens * width, (text + 1) * tokens * width),
    ...(last ?? []),
  ]).flat();
  return { data: Float32Array.from(data), shape: [texts, tokens + 2, width], dtype: 'float32' };
}

function featureTerms(
  judges: SafetensorsFile,
  { layers, scales }: { readonly layers: readonly string[]; readonly scales: readonly number[] },
  seen: Readonly<Record<string, TensorValue>>,
  picture: Picture,
): Partial<Record<SfdTermName, number>> {
  const each = layers.map((layer, index) => {
    const value = seen[layer];
    const [, channels = 0, rows = 0, columns = 0] = value?.shape ?? [];
    const features = numbers(value);
    const logits = Array.from({ length: rows * columns }, (_, place) => {
      const x = Array.from(
        { length: channels },
        (_unused, c) => (features[c * rows * columns + place] ?? Number.NaN) * (scales[index] ?? Number.NaN),
      );
      const first = leaky(convolved(judges, `feature/${index}.0`, x));
      const second = leaky(convolved(judges, `feature/${index}.2`, first));
      return convolved(judges, `feature/${index}.4`, second)[0] ?? Number.NaN;
    });
    const grid = { rows, columns, stride: layer === 'layer2' ? 8 : 16 };
    return {
      byPosition: overPicture(logits.map(sigmoid), grid, picture),
      logit: overPicture(logits, grid, picture),
    };
  });
  return {
    featureByPosition: meanOf(each.map(({ byPosition }) => byPosition)),
    featureByPicture: meanOf(each.map(({ logit }) => sigmoid(logit))),
    featureLogit: meanOf(each.map(({ logit }) => logit)),
  };
}

function promptTerms(
  seen: Readonly<Record<string, TensorValue>>,
  { scale, average }: { readonly scale: number; readonly average?: string },
): Partial<Record<SfdTermName, number>> {
  const f = unit(numbers(seen['embedding']));
  const [texts = 0, width = 0] = seen['read']?.shape ?? [];
  const read = numbers(seen['read']);
  const cosines = Array.from({ length: texts }, (_, text) =>
    dot(f, unit(read.slice(text * width, (text + 1) * width))),
  );
  const z = Array.from(
    { length: texts / 2 },
    (_, pair) => scale * ((cosines[2 * pair] ?? Number.NaN) - (cosines[2 * pair + 1] ?? Number.NaN)),
  );
  const prompt = average === 'logits' ? sigmoid(meanOf(z)) : meanOf(z.map(sigmoid));
  return { prompt, promptLogit: meanOf(z) };
}
