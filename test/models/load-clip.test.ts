import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadClip } from '#src/api/index.js';
import { clipImage, clipText, clipTokenVectors } from '#src/networks/index.js';
import { scopeOf } from '#src/nn/index.js';
import type { TensorValue } from '#src/tensor/index.js';
import { trace } from '#src/tensor/index.js';
import type { StoredTensor } from '#src/weights/index.js';
import { readSafetensors, writePytorch, writeSafetensors } from '#src/weights/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { sharedFolder } from '../shared.js';
import { refusal, temporaryFolder } from '../weights/files.js';

const cpu = cpuRuntime();
const path = temporaryFolder();
const fixture = fileURLToPath(new URL('../fixtures/networks/clip_resnet_small.safetensors', import.meta.url));

type Tensors = Map<string, StoredTensor>;

/** The state dict of the small CLIP whose features are known, as a file holds it. */
async function stateDict(): Promise<Tensors> {
  const { tensors } = await readSafetensors(fixture);
  return new Map(
    [...tensors].flatMap(([key, tensor]) =>
      key.startsWith('param/') ? [[key.slice('param/'.length), tensor] as const] : [],
    ),
  );
}

/** Writes the state dict with changes, and gives the line that refuses to load it. */
async function refused(name: string, change: (tensors: Tensors) => void): Promise<string> {
  const tensors = await stateDict();
  change(tensors);
  await writeSafetensors(path(name), { tensors, metadata: {} });
  const line = await refusal(() => loadClip(path(name)));
  expect(line).toContain(path(name));
  return line;
}

const single = (shape: readonly number[]): StoredTensor => ({
  dtype: 'F32',
  shape,
  data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)),
});

function distance(a: TensorValue | undefined, b: StoredTensor | undefined): number {
  const [x, y] = [Array.from(a?.data ?? [], Number), Array.from(b?.data ?? [], Number)];
  expect(x.length).toBe(y.length);
  return Math.hypot(...x.map((value, i) => value - (y[i] ?? 0))) / Math.hypot(...y);
}

describe('a file of a CLIP', () => {
  test('gives the features that the original program computes', async () => {
    await writePytorch(path('clip.pth'), await stateDict());
    const { name, config, image, text, logitScale } = await loadClip(path('clip.pth'));
    expect(name).toBe('ResNet 1,2,1,1 of 8');
    expect(config).toMatchObject({ embed_dim: 16, image_resolution: 64, vision_layers: [1, 2, 1, 1] });
    expect(logitScale).toBeCloseTo(1 / 0.07, 3);
    const { tensors } = await readSafetensors(fixture);
    const [picture, ids] = [tensors.get('image'), tensors.get('token_ids')];
    if (!(picture?.data instanceof Float32Array) || ids === undefined) throw new Error('no picture');
    const texts = [0, 77].map((start) => Array.from(ids.data.slice(start, start + 77), Number));
    const ends = texts.map((tokens) => tokens.indexOf(Math.max(...tokens)));
    const table = text['token_embedding.weight'];
    if (table === undefined) throw new Error('no table');
    // Shapes do not tell that this one has two heads, being narrower than any that was published.
    const heads = { ...config, transformer_heads: 2 };
    const vectors = clipTokenVectors(table, texts);
    const program = trace(({ input, inputs }) => {
      const scope = scopeOf(inputs('image', image));
      const { layer1, positionalEmbedding } = clipImage(config)(scope, input('x', picture.shape));
      const features = clipText(heads, ends)(scopeOf(inputs('text', text)), input('vectors', vectors.shape));
      return { layer1, embedding: positionalEmbedding ?? layer1, features };
    });
    const fed = (group: string, values: typeof image) =>
      Object.fromEntries(Object.entries(values).map(([key, value]) => [`${group}/${key}`, value]));
    const x: TensorValue = { data: picture.data, shape: picture.shape, dtype: 'float32' };
    const results = await run(cpu(), program, { ...fed('image', image), ...fed('text', text), x, vectors });
    expect(distance(results['layer1'], tensors.get('feature/layer1'))).toBeLessThan(1e-5);
    expect(distance(results['embedding'], tensors.get('image_features'))).toBeLessThan(1e-5);
    expect(distance(results['features'], tensors.get('text_features'))).toBeLessThan(1e-5);
  });

  test.each<readonly [string, (key: string) => string]>([
    ['after parallel training', (key) => `module.${key}`],
    ['inside a larger model', (key) => `model.clip_model.${key}`],
    [
      'of open_clip with a text encoder of its own',
      (key) => (/^(visual\.|logit_scale)/.test(key) ? key : `text.${key}`),
    ],
    [
      'of open_clip after parallel training',
      (key) => (/^(visual\.|logit_scale)/.test(key) ? `module.${key}` : `module.text.${key}`),
    ],
  ])('is read %s', async (_, rename) => {
    const original = await stateDict();
    await writePytorch(path('plain.pth'), original);
    const renamed = new Map([...original].map(([key, tensor]) => [rename(key), tensor]));
    await writePytorch(path('renamed.pth'), renamed);
    expect(await loadClip(path('renamed.pth'))).toEqual(await loadClip(path('plain.pth')));
  });

  test('may hold what is no parameter', async () => {
    const tensors = await stateDict();
    for (const key of ['input_resolution', 'context_length', 'vocab_size'])
      tensors.set(key, { dtype: 'I64', shape: [], data: BigInt64Array.of(64n) });
    tensors.set('attn_mask', single([77, 77]));
    await writeSafetensors(path('more.safetensors'), { tensors, metadata: {} });
    expect((await loadClip(path('more.safetensors'))).config.context_length).toBe(77);
  });
});

describe('published formats', () => {
  test('TorchScript, as OpenAI published CLIP, gives what its state dict gives', async (context) => {
    const archive = await loadClip(sharedFolder(context, 'weights', 'clip_small_torchscript.pt'));
    const state = sharedFolder(context, 'weights', 'clip_small_torchscript_state.safetensors');
    expect(archive).toEqual(await loadClip(state));
    expect(archive.config).toMatchObject({
      image_resolution: 64,
      vision_layers: [1, 2, 1, 1],
      transformer_layers: 2,
    });
  });

  test('a checkpoint of Lightning, one of PyTorch before 1.6, and half precision with a prefix', async (context) => {
    const load = (name: string) => loadClip(sharedFolder(context, 'weights', name));
    const checkpoint = await load('checkpoints_small_clip.ckpt');
    expect(await load('checkpoints_legacy.pth')).toEqual(checkpoint);
    const half = await load('checkpoints_half_prefixed.pth');
    expect(half.config).toEqual(checkpoint.config);
    const key = 'visual.layer2.1.conv2.weight';
    const [a, b] = [half, checkpoint].map(({ image }) => Array.from(image[key]?.data ?? [], Number));
    const differences = (a ?? []).map((value, i) => Math.abs(value - (b?.[i] ?? Number.NaN)));
    expect(differences).toHaveLength(16 * 16 * 9);
    expect(Math.max(...differences) / Math.max(...(b ?? []).map(Math.abs))).toBeLessThan(2e-3);
    expect(Math.max(...differences)).toBeGreaterThan(0);
  });
});

describe('what cannot be used is refused in one line', () => {
  test.each<readonly [string, string]>([
    ['OpenAI’s and open_clip’s ViT', 'visual.class_embedding'],
    ['one of Hugging Face', 'vision_model.embeddings.class_embedding'],
    ['open_clip’s with an encoder of timm', 'visual.trunk.stem.0.weight'],
  ])('a CLIP with a vision transformer: %s', async (_, key) => {
    const line = await refused('vit.safetensors', (tensors) => {
      for (const name of [...tensors.keys()]) if (name.startsWith('visual.')) tensors.delete(name);
      tensors.set(key, single([8]));
    });
    expect(line).toMatch(
      /vision transformer or another image encoder, which is not supported; give .*RN50\.pt/,
    );
  });

  test('another network', async () => {
    const line = await refused('other.safetensors', (tensors) => {
      tensors.clear();
      tensors.set('conv_first.weight', single([1]));
    });
    expect(line).toMatch(
      /holds no CLIP; its first tensors are conv_first\.weight; give a CLIP with a ResNet/,
    );
  });

  test('the image encoder without the text encoder', async () => {
    const line = await refused('half.safetensors', (tensors) => {
      for (const key of [...tensors.keys()]) if (!key.startsWith('visual.')) tensors.delete(key);
    });
    expect(line).toMatch(/lack positional_embedding, token_embedding\.weight, .* and 1 more; save the whole/);
  });

  test('missing tensors', async () => {
    const line = await refused('missing.safetensors', (tensors) =>
      tensors.delete('visual.layer3.0.bn2.running_var'),
    );
    expect(line).toMatch(/CLIP ResNet 1,2,1,1 of 8 weights lack visual\.layer3\.0\.bn2\.running_var/);
  });

  test('tensors that CLIP does not have', async () => {
    const line = await refused('extra.safetensors', (tensors) =>
      tensors.set('prompt_learner.ctx', single([16, 16])),
    );
    expect(line).toMatch(/has no prompt_learner\.ctx/);
  });

  test('tensors of another shape', async () => {
    const line = await refused('shape.safetensors', (tensors) => tensors.set('ln_final.bias', single([3])));
    expect(line).toMatch(/ln_final\.bias must be \[16\], got \[3\]/);
  });

  test.each([Number.NaN, Number.NEGATIVE_INFINITY])('%d among the numbers', async (value) => {
    const line = await refused('broken.safetensors', (tensors) => {
      const tensor = tensors.get('visual.layer1.0.conv2.weight');
      if (tensor?.data instanceof Float32Array) tensor.data[3] = value;
    });
    expect(line).toMatch(/contains (NaN|-Infinity) in tensor visual\.layer1\.0\.conv2\.weight/);
  });

  test('a negative variance', async () => {
    const line = await refused('variance.safetensors', (tensors) => {
      const tensor = tensors.get('visual.bn1.running_var');
      if (tensor?.data instanceof Float32Array) tensor.data[0] = -1;
    });
    expect(line).toMatch(/negative variance in visual\.bn1\.running_var/);
  });

  test('a file that is not there', async () => {
    expect(await refusal(() => loadClip(path('nowhere.pt')))).toMatch(/nowhere\.pt.*does not exist/);
  });
});
