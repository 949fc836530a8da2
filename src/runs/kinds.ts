import type { Schema } from './schema.js';
import { denoiserKind } from './denoiser/train-denoiser.js';
import { scorerKind } from './scorer/train-scorer.js';
import { distillationKind } from './student/distill.js';
import { upscalerKind } from './upscaler/train-upscaler.js';

/** Every kind of training that fills run folders. A new one is its file, and its line here. */
export const runKinds = [denoiserKind, distillationKind, upscalerKind, scorerKind] as const;

type AnyKind = (typeof runKinds)[number];

/** The names of the kinds, as settings and programs say them. */
export type RunKindName = AnyKind['name'];

type SettingsOf<Kind> = Kind extends { readonly schema: Schema<infer Settings> } ? Settings : never;

/** The settings of a run of any kind. */
export type AnySettings = SettingsOf<AnyKind>;
