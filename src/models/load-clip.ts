import { RevelaError } from '../errors.js';
import { inSharedMemory, inThread } from '../in-thread.js';
import {
  type ClipConfig,
  clipConfigOf,
  clipName,
  clipStateDictShapes,
  clipTextParameters,
  foldClip,
  type StateDictShapes,
} from '../networks/index.js';
import type { TensorValue } from '../tensor/index.js';
import { modelPath, readWeightsFile, type StoredTensor } from '../weights/index.js';
import { expectTensors, few } from './expected-tensors.js';
import { float32Parameters } from './float32-parameters.js';

/** A CLIP with a ResNet, ready for `clipImage` and `clipText`. */
export interface ClipWeights {
  /** What OpenAI calls it: `RN50`. */
  readonly name: string;
  readonly config: ClipConfig;
  /** Parameters of the image encoder by state-dict key, batch normalisation folded into its convolutions. */
  readonly image: Readonly<Record<string, TensorValue>>;
  /** Parameters of the text encoder by state-dict key, with the table of tokens, `token_embedding.weight`. */
  readonly text: Readonly<Record<string, TensorValue>>;
  /** What cosines are multiplied by to become logits: the exponential of what the file stores, about 100. */
  readonly logitScale: number;
}

const SUPPORTED =
  "a CLIP with a ResNet: OpenAI's RN50.pt, RN101.pt, RN50x4.pt, RN50x16.pt, RN50x64.pt, or open_clip's";

/** Tensors that files hold beside the parameters: counters, sizes, and a mask that follows from them. */
const besides = /(?:^|\.)(?:num_batches_tracked|input_resolution|context_length|vocab_size|attn_mask)$/;

/** open_clip's models with a text encoder of their own put this before its names. */
const TEXT = /^text\.(?=transformer\.|token_embedding\.|positional_embedding$|ln_final\.|text_projection$)/;

/** Entries under OpenAI's names, without what is no parameter. */
function renamed<Tensor>(entries: Iterable<readonly [string, Tensor]>): [string, Tensor][] {
  const kept: [string, Tensor][] = [];
  for (const [key, tensor] of entries) if (!besides.test(key)) kept.push([key.replace(TEXT, ''), tensor]);
  return kept;
}

const shapesOf = (shapes: StateDictShapes): StateDictShapes =>
  Object.fromEntries(renamed(Object.entries(shapes)));

/** Why tensors are not those of a CLIP that this program knows. */
function objection(path: string, keys: readonly string[]): RevelaError {
  const has = (pattern: RegExp): boolean => keys.some((key) => pattern.test(key));
  if (has(/(?:^|\.)vision_model\./) || has(/(?:^|\.)visual\.(?:class_embedding|transformer\.|trunk\.)/))
    return new RevelaError(
      `${path} holds a CLIP with a vision transformer or another image encoder, which is not supported; give ${SUPPORTED}`,
    );
  const prefix = keys.map((key) => /^(.*\.)?(?=visual\.layer1\.)/.exec(key)).find((match) => match !== null);
  if (prefix === undefined)
    return new RevelaError(`${path} holds no CLIP; its first tensors are ${few(keys)}; give ${SUPPORTED}`);
  const found = new Set(keys.map((key) => key.slice(prefix[0].length).replace(TEXT, '')));
  const whole = [
    'visual.conv3.weight',
    'visual.layer4.0.conv1.weight',
    'visual.attnpool.positional_embedding',
    'positional_embedding',
    'token_embedding.weight',
    'transformer.resblocks.0.ln_1.weight',
    'text_projection',
  ];
  const missing = whole.filter((name) => !found.has(name));
  return new RevelaError(
    missing.length > 0
      ? `${path}: CLIP weights lack ${few(missing)}; save the whole state dict, both encoders in it`
      : `${path} holds a CLIP whose sizes do not fit each other; give ${SUPPORTED}`,
  );
}

/**
 * Reads a CLIP with a ResNet: OpenAI's TorchScript files, open_clip's checkpoints, or state dicts of either as safetensors
 * or PyTorch files, in any precision, with any prefix before all names. Its size is deduced from the tensors.
 * Batch normalisation is folded into the convolutions.
 *
 * @throws RevelaError, one line, for a file that is no CLIP, a CLIP with a vision transformer, tensors that are missing,
 *   unknown or of another shape, NaN or infinity
 *
 * @example
 * const { config, image, text, logitScale } = await loadClip('RN50.pt');
 */
export async function loadClip(named: string): Promise<ClipWeights> {
  const path = await modelPath(named);
  return await clipAside(path);
}

/** The CLIP of a file; see {@link loadClip}. */
export async function clipOfFile(path: string): Promise<ClipWeights> {
  const file = await readWeightsFile(path, {
    recognises: (shapes) => clipConfigOf(shapesOf(shapes)) !== undefined,
  });
  const tensors = new Map<string, StoredTensor>(renamed(file.tensors));
  const config = clipConfigOf(
    Object.fromEntries([...tensors].map(([key, { shape }]) => [key, shape] as const)),
  );
  if (config === undefined) throw objection(path, [...file.tensors.keys()]);
  const name = clipName(config);
  expectTensors(path, `CLIP ${name}`, clipStateDictShapes(config), Object.fromEntries(tensors));
  const stateDict = float32Parameters(tensors, path);
  for (const [key, { data }] of Object.entries(stateDict))
    if (key.endsWith('.running_var') && data.some((variance: number | bigint) => variance < 0))
      throw new RevelaError(`${path} has a negative variance in ${key}; copy or download it again`);
  const text = [...clipTextParameters(config).keys()].flatMap((key) => {
    const value = stateDict[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    name,
    config,
    image: await shared(foldClip(config, stateDict)),
    text: await shared(Object.fromEntries(text)),
    logitScale: Math.exp(Number(stateDict['logit_scale']?.data[0])),
  };
}

/** Parameters in memory that threads share: those that run them need no copies. */
async function shared(
  parameters: Readonly<Record<string, TensorValue>>,
): Promise<Readonly<Record<string, TensorValue>>> {
  const moved: Record<string, TensorValue> = {};
  for (const [key, value] of Object.entries(parameters))
    moved[key] =
      value.data instanceof Float32Array ? { ...value, data: await inSharedMemory(value.data) } : value;
  return moved;
}

/** A hundred million numbers are looked at, and many of them changed: the caller is not kept waiting for that. */
const clipAside = inThread(new URL('./load-clip.js', import.meta.url), clipOfFile);
