import {
  type ClipConfig,
  type ClipStage,
  clipImage,
  clipStages,
  clipText,
  featureDiscriminator,
  foldClip,
  normaliseForClip,
} from '#src/networks/index.js';
import { isSpectralVector, powerIterated, scopeOf } from '#src/nn/index.js';
import type { Runtime } from '#src/runtime/index.js';
import type { Tensor, TensorRecord, TensorValue } from '#src/tensor/index.js';
import { add, gather, gradientsOf, multiply, reshape, trace } from '#src/tensor/index.js';
import { deceptionLoss, promptEnds, promptLogits, promptVectors, verdictLoss } from '#src/upscale/index.js';
import { clipConfigFor } from './clip.js';
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
import { configReader } from './networks.js';
import { run } from './run.js';

/** The share of both losses in what the generator minimises, as the fixture's description has them. */
const SHARES = { feature: 0.01, prompt: 0.005 };

/** Feature scales and z-logits are CLIP's own: see the fixture's description. */
function stagesOf(fixture: Fixture): readonly ClipStage[] {
  const config = metadataJson(fixture, 'config');
  const layers: unknown =
    typeof config === 'object' && config !== null ? Reflect.get(config, 'layers') : undefined;
  if (!Array.isArray(layers)) throw new Error('the config has no layers');
  return clipStages.filter((stage) => layers.includes(stage));
}

/** The learnt parameters of the heads, in order. */
const learntKeys = (head: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(head).filter((key) => !isSpectralVector(key));

interface Setting {
  readonly fixture: Fixture;
  readonly config: ClipConfig;
  readonly clip: Readonly<Record<string, TensorValue>>;
  readonly image: Readonly<Record<string, TensorValue>>;
  readonly head: Readonly<Record<string, TensorValue>>;
}

/** One exchange: the discriminators' losses and gradients on both pictures, then the generator's. */
function exchange({ fixture, config, clip, image, head }: Setting) {
  const read = configReader(fixture);
  const [context, real, fake] = ['context', 'real', 'fake'].map((name) => expectTensor(fixture, name));
  if (context === undefined || real === undefined || fake === undefined) throw new Error('no pictures');
  return trace(({ input, inputs }) => {
    const text = scopeOf(inputs('clip', specsOf(clip)));
    const visual = inputs('image', specsOf(image));
    const learnt = inputs('head', specsOf(head));
    const vectors = input('context', context.shape);
    const pictures = { real: input('real', real.shape), fake: input('fake', fake.shape) };

    const seen = (picture: Tensor) => clipImage(config)(scopeOf(visual), normaliseForClip(picture));
    const features = { real: seen(pictures.real), fake: seen(pictures.fake) };
    const discriminator = featureDiscriminator({ layers: stagesOf(fixture), hidden: read('hidden') });

    const marks = gather(
      text
        .at('token_embedding')
        .parameter('weight', [config.vocab_size, config.transformer_width], () => new Float32Array()),
      input('marks', [2], 'int64'),
    );
    const texts = clipText(config, promptEnds(context))(text, promptVectors(vectors, marks));
    const z = (embedding: Tensor): Tensor => promptLogits(embedding, texts, read('scale'));
    const prompts = { real: [z(features.real.embedding)], fake: [z(features.fake.embedding)] };

    const first = powerIterated(learnt);
    const second = powerIterated(first);
    const verdicts = {
      real: discriminator(scopeOf(first), { ...features.real }),
      fake: discriminator(scopeOf(second), { ...features.fake }),
    };
    const feature = verdictLoss(verdicts, 'vanilla');
    const prompt = verdictLoss(prompts, 'vanilla');
    const keys = learntKeys(head);
    const slopes = gradientsOf(
      feature,
      keys.flatMap((key) => learnt[key] ?? []),
    );
    const [contextSlope = vectors] = gradientsOf(prompt, [vectors]);

    // The generator is judged by the discriminator as the exchange left it.
    const judge = discriminator(scopeOf(second), { ...features.fake });
    const deception = {
      feature: deceptionLoss({ real: judge, fake: judge }, 'vanilla'),
      prompt: deceptionLoss(prompts, 'vanilla'),
    };
    const total = add(multiply(deception.feature, SHARES.feature), multiply(deception.prompt, SHARES.prompt));
    const [fakeSlope = total] = gradientsOf(total, [pictures.fake]);
    const batch = real.shape[0] ?? 1;
    return {
      ...named('feature_logits_real_', verdicts.real),
      ...named('feature_logits_fake_', verdicts.fake),
      image_features_real: features.real.embedding,
      image_features_fake: features.fake.embedding,
      text_features: texts,
      prompt_logit_real: reshape(prompts.real[0] ?? total, [batch]),
      prompt_logit_fake: reshape(prompts.fake[0] ?? total, [batch]),
      loss_feature_discriminator: feature,
      loss_prompt_discriminator: prompt,
      grad_context: contextSlope,
      grad_head: Object.fromEntries(slopes.map((slope, i) => [keys[i], slope])),
      head_after_discriminator_step: vectorsOf(second),
      loss_generator_feature: deception.feature,
      loss_generator_prompt: deception.prompt,
      grad_fake: fakeSlope,
    };
  });
}

const named = (prefix: string, tensors: readonly Tensor[]): TensorRecord =>
  Object.fromEntries(tensors.map((tensor, i) => [`${prefix}${i}`, tensor]));

const vectorsOf = (parameters: TensorRecord): TensorRecord =>
  Object.fromEntries(Object.entries(parameters).filter(([key]) => isSpectralVector(key)));

/** Compares one adversarial exchange of SFD's reconstruction: both players' losses, all gradients, and spectral norms. */
export async function sfdDiscriminators(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  const clip = tensorsUnder(fixture, 'clip/');
  const config = clipConfigFor(fixture, clip);
  const head = tensorsUnder(fixture, 'head/');
  const image = foldClip(config, clip);
  const read = configReader(fixture);
  const program = exchange({ fixture, config, clip, image, head });
  const marks = BigInt64Array.of(BigInt(read('start_token')), BigInt(read('end_token')));
  const results = await run(runtime, program, {
    ...grouped('clip', clip),
    ...grouped('image', image),
    ...grouped('head', head),
    ...Object.fromEntries(['context', 'real', 'fake'].map((name) => [name, expectTensor(fixture, name)])),
    marks: { data: marks, shape: [2], dtype: 'int64' },
  });
  return Object.keys(program.outputs).map((what) => ({
    what,
    error: relativeError(results[what], expectTensor(fixture, what)),
    tolerance: toleranceOf(what),
  }));
}

/**
 * A prompt's logit is the difference of two cosines that are nearly the same, in which rounding counts ten times as much as
 * in each of them.
 */
function toleranceOf(what: string): number {
  if (what.startsWith('grad')) return tolerances.gradient;
  return what.startsWith('prompt_logit') ? 10 * tolerances.forward : tolerances.forward;
}
