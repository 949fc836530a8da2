import { OptionError, optionError } from '../../errors.js';
import { present } from '../../present.js';
import { CLIP_STRIDE, clipBackbone, clipMarks, clipTokenVectors } from '../../networks/index.js';
import { grouped, type TensorSpec, type TensorValue } from '../../tensor/index.js';
import { sfdFrozen, promptFrozen, type PromptWords } from '../../upscale/index.js';
import {
  checkFrozen,
  backboneNamed,
  type LoadedBackbone,
  loadBackbone,
  type ClipWeights,
  loadClip,
} from '../../models/index.js';
import type { GameSettings } from './game-settings.js';
import { loadHonest } from './honest-settings.js';
import { promptWords } from './prompt-words.js';

/** The networks that nobody learns, where the game has them. */
export interface FrozenNetworks {
  /** What discriminators look through. */
  readonly eye?: LoadedBackbone;
  /** The CLIP of it, whose text encoder prompts need. */
  readonly clip?: ClipWeights;
  /** Those that losses look through, by `group/key`. */
  readonly honest: Readonly<Record<string, TensorValue>>;
  /** What CLIP's table has for the words that prompts begin with. */
  readonly words?: PromptWords;
}

/**
 * Reads CLIP and what losses look through, and checks that they are those of the run and suit it.
 *
 * @param patch side of the patches
 * @throws RevelaError for files that are missing, others than those that the run began with, or of no use to it
 */
export async function loadFrozen(game: GameSettings, patch: number): Promise<FrozenNetworks> {
  for (const file of [game.clip, game.backbone]) if (file !== null) await checkFrozen(file);
  checkPatch(patch, game);
  const clip = game.clip === null ? undefined : await loadClip(game.clip.path);
  const eye = game.backbone === null ? clip && clipEye(clip) : await loadBackbone(game.backbone);
  if (clip !== undefined) checkPrompts(game, clip);
  const words = clip === undefined ? undefined : await promptWords(game, clip);
  return {
    ...present({ eye, clip, words }),
    honest: await loadHonest(game, patch),
  };
}

/** CLIP's image encoder as discriminators look through it. */
export const clipEye = ({ config, image }: ClipWeights): LoadedBackbone => ({
  backbone: clipBackbone(config),
  parameters: image,
});

/** What a game has of them on its device, by `group/key`. */
export function frozenTensors(
  { discriminators }: Pick<GameSettings, 'discriminators'>,
  { eye, clip, honest }: FrozenNetworks,
): Readonly<Record<string, TensorValue>> {
  return {
    ...(eye && grouped(sfdFrozen.eye, eye.parameters)),
    ...(discriminators.includes('prompt') && clip && textTensors(clip)),
    ...honest,
  };
}

/** CLIP's text encoder and the vectors of its start and end token, as the judge of prompts needs them. */
function textTensors({ config, text }: ClipWeights): Readonly<Record<string, TensorValue>> {
  const { 'token_embedding.weight': table, ...encoder } = text;
  if (table === undefined) throw new RangeError('CLIP has no table of tokens');
  const { start, end } = clipMarks(config);
  const marks = clipTokenVectors(table, [[start], [end]]);
  return {
    ...grouped(promptFrozen.text, encoder),
    ...grouped(promptFrozen.marks, { vectors: { ...marks, shape: [2, config.transformer_width] } }),
  };
}

/** Tensors without their numbers. */
export function specsOf(
  tensors: Readonly<Record<string, TensorValue>>,
): Readonly<Record<string, TensorSpec>> {
  return Object.fromEntries(
    Object.entries(tensors).map(([key, { shape, dtype }]) => [key, { shape, dtype }]),
  );
}

/**
 * Gives what is at hand to whoever asks first, and reads it again for others: between times nobody holds it, because what
 * is frozen takes hundreds of megabytes, and lives on the device.
 */
export function handedOver<Value>(first: Value, again: () => Promise<Value>): () => Promise<Value> {
  let held: Value | undefined = first;
  return async () => {
    const value = held ?? (await again());
    held = undefined;
    return value;
  };
}

/** Of CLIP, which halves a picture five times. */
const clipSight = { title: 'CLIP', leastSide: CLIP_STRIDE } as const;

function checkPatch(patch: number, { clip, backbone }: GameSettings): void {
  const seeing = clip !== null ? clipSight : backbone !== null ? backboneNamed(backbone.name) : undefined;
  if (seeing !== undefined && patch < seeing.leastSide)
    throw optionError('patch', `at least ${seeing.leastSide} for ${seeing.title}`, patch, {
      code: 'ERR_OUT_OF_RANGE',
    });
}

function checkPrompts({ discriminators, prompt }: GameSettings, { config, name }: ClipWeights): void {
  // The start and the end take a token each.
  const most = config.context_length - 2;
  if (discriminators.includes('prompt') && prompt.tokens > most)
    throw new OptionError(
      `\`promptTokens\` must be at most ${most}, which is what CLIP ${name} reads, got ${prompt.tokens}`,
    );
}
