import {
  type ClipConfig,
  clipConfigOf,
  clipImage,
  clipText,
  embedClipTokens,
  foldClip,
} from '#src/networks/index.js';
import { scopeOf } from '#src/nn/index.js';
import type { Runtime } from '#src/runtime/index.js';
import type { Tensor, TensorRecord, TensorValue } from '#src/tensor/index.js';
import { absolute, add, gradientsOf, mean, multiply, slice, sum, trace } from '#src/tensor/index.js';
import {
  type Check,
  expectTensor,
  type Fixture,
  grouped,
  metadataJson,
  relativeError,
  specsOf,
  tensorsUnder,
  tolerances,
} from './fixture.js';
import { hashedParameters } from './hashed-parameters.js';
import { run } from './run.js';

const GRADIENT = 'grad_image_of_mean_abs_layer3_plus_sumsq_features';

/** The size that the shapes say, with the heads that they do not say taken from the fixture; the rest must agree with it. */
export function clipConfigFor(
  fixture: Fixture,
  stateDict: Readonly<Record<string, TensorValue>>,
): ClipConfig {
  const shapes = Object.entries(stateDict).map(([key, { shape }]) => [key, shape] as const);
  const deduced = clipConfigOf(Object.fromEntries(shapes));
  if (deduced === undefined) throw new Error('the state dict is not recognised as a CLIP with a ResNet');
  const stated = metadataJson(fixture, 'config');
  if (typeof stated !== 'object' || stated === null) throw new Error('the config is no object');
  const heads: unknown = Reflect.get(stated, 'transformer_heads');
  const config = { ...deduced, transformer_heads: Number(heads) };
  for (const [key, value] of Object.entries(stated))
    if (key in config && JSON.stringify(Reflect.get(config, key)) !== JSON.stringify(value))
      throw new Error(`${key} is ${JSON.stringify(value)}, deduced was ${Reflect.get(config, key)}`);
  return config;
}

/** Place of the largest token number of every text: the end of the text. */
function endsOf({ data, shape: [texts = 0, tokens = 0] }: TensorValue): readonly number[] {
  return Array.from({ length: texts }, (_, text) => {
    const row = Array.from(data.subarray(text * tokens, (text + 1) * tokens), Number);
    return row.indexOf(Math.max(...row));
  });
}

/** Everything of pictures that a fixture may hold, by its names. */
function imageResults(config: ClipConfig, weights: TensorRecord, image: Tensor) {
  const { embedding, positionalEmbedding, ...features } = clipImage(config)(scopeOf(weights), image);
  if (positionalEmbedding === undefined) throw new Error('the picture is not of the size of the table');
  const { layer3, layer4 } = features;
  const loss = add(mean(absolute(layer3)), sum(multiply(positionalEmbedding, positionalEmbedding)));
  const [gradient = loss] = gradientsOf(loss, [image]);
  return {
    image_features: positionalEmbedding,
    feature: { ...features, attnpool: positionalEmbedding },
    layer3_channel_means: mean(layer3, { axes: [2, 3] }),
    layer4_channel_means: mean(layer4, { axes: [2, 3] }),
    layer3_crop: slice(layer3, { axis: 1, start: 0, length: 16 }),
    [GRADIENT]: gradient,
    embedding,
  };
}

async function imageChecks(
  fixture: Fixture,
  runtime: Runtime,
  config: ClipConfig,
  stateDict: Readonly<Record<string, TensorValue>>,
): Promise<Check[]> {
  const parameters = foldClip(config, stateDict);
  const image = fixture.tensors['image'] ?? expectTensor(fixture, 'image_crop_224');
  const given = (name: string): boolean => fixture.tensors[name] !== undefined;
  const program = trace((declare) => {
    const weights = declare.inputs('param', specsOf(parameters));
    const { feature, ...results } = imageResults(config, weights, declare.input('image', image.shape));
    const named = Object.entries(feature).map(([name, tensor]) => [`feature/${name}`, tensor] as const);
    return Object.fromEntries([...Object.entries(results), ...named].filter(([name]) => given(name)));
  });
  const results = await run(runtime, program, { ...grouped('param', parameters), image });
  return Object.keys(program.outputs).map((what) => ({
    what,
    error: relativeError(results[what], expectTensor(fixture, what)),
    tolerance: what === GRADIENT ? tolerances.gradient : forwardTolerance(fixture),
  }));
}

async function textCheck(
  fixture: Fixture,
  runtime: Runtime,
  config: ClipConfig,
  stateDict: Readonly<Record<string, TensorValue>>,
): Promise<Check> {
  const tokens = fixture.tensors['token_ids'] ?? expectTensor(fixture, 'tokens');
  const program = trace((declare) => {
    const scope = scopeOf(declare.inputs('param', specsOf(stateDict)));
    const embedded = embedClipTokens(config)(scope, declare.input('tokens', tokens.shape, tokens.dtype));
    return { text_features: clipText(config, endsOf(tokens))(scope, embedded) };
  });
  const { text_features } = await run(runtime, program, { ...grouped('param', stateDict), tokens });
  return {
    what: 'text_features',
    error: relativeError(text_features, expectTensor(fixture, 'text_features')),
    tolerance: forwardTolerance(fixture),
  };
}

const isFull = (fixture: Fixture): boolean => fixture.metadata['parameters_from'] === 'hash';

const forwardTolerance = (fixture: Fixture): number =>
  isFull(fixture) ? tolerances.forwardFullSize : tolerances.forward;

/** Compares CLIP's features of a picture, their gradient with respect to its pixels, and features of texts. */
export async function checkClip(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  const stateDict = isFull(fixture) ? hashedParameters(fixture) : tensorsUnder(fixture, 'param/');
  const config = clipConfigFor(fixture, stateDict);
  return [
    ...(await imageChecks(fixture, runtime, config, stateDict)),
    await textCheck(fixture, runtime, config, stateDict),
  ];
}
