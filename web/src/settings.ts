import type { EngineChoice } from 'revela/web';
import { isLanguage, type Language } from './language/languages.js';

/** What can be done with pictures. */
export type Task = 'denoise' | 'upscale2' | 'upscale4' | 'score' | 'compare';

/** What stands on the right of a comparison. */
export type Side = 'picture' | 'difference';

/** The kinds of files that are written. */
export type Format = 'png' | 'jpeg' | 'webp';

/** All that can be set: it stands in the address of the page, but for what is as it is at first. */
export interface Settings {
  readonly task: Task;
  /** 0 to 100; `undefined`: as is natural for each picture. */
  readonly strength: number | undefined;
  readonly luma: number;
  readonly chroma: number;
  readonly detail: number;
  /** How crisp the edges of what is enlarged become, 0 to 100; `undefined`: as is usual for the weights. */
  readonly sharpen: number | undefined;
  /** How much of noise and blocks is taken away as pictures are enlarged, 0 to 100; `undefined`: all, by the weights that are best for each. */
  readonly denoise: number | undefined;
  readonly format: Format;
  readonly side: Side;
  /** How many times as large a difference is shown, 1 to 32. */
  readonly gain: number;
  /** Whether the ranking names only the best of each burst. */
  readonly best: boolean;
  /** What computes; `auto`: a graphics card where it computes right, else WebAssembly. */
  readonly engine: EngineChoice;
  /** `undefined`: the browser's. */
  readonly language: Language | undefined;
}

export const firstSettings: Settings = {
  task: 'denoise',
  strength: undefined,
  luma: 100,
  chroma: 100,
  detail: 50,
  sharpen: undefined,
  denoise: undefined,
  format: 'png',
  side: 'picture',
  gain: 8,
  best: false,
  engine: 'auto',
  language: undefined,
};

const tasks: readonly (string | null)[] = ['denoise', 'upscale2', 'upscale4', 'score', 'compare'];

export const isTask = (value: string | null): value is Task => tasks.includes(value);

/** Whether a task tells of pictures, and makes none of them. */
export const isMeasuring = (task: Task): task is 'score' | 'compare' =>
  task === 'score' || task === 'compare';

export const isSide = (value: string | null): value is Side => value === 'picture' || value === 'difference';

const isEngine = (value: string | null): value is EngineChoice =>
  value === 'auto' || value === 'webassembly' || value === 'webgpu';

export const isFormat = (value: string | null): value is Format =>
  value === 'png' || value === 'jpeg' || value === 'webp';

/** How many times as large a task makes a picture. */
export const scaleOf = (task: Task): 1 | 2 | 4 => (task === 'upscale4' ? 4 : task === 'upscale2' ? 2 : 1);

/** A whole number between two others. */
function numberOf(text: string | null, least: number, most: number): number | undefined {
  if (text === null || !/^\d{1,3}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}

const percentOf = (text: string | null): number | undefined => numberOf(text, 0, 100);

/**
 * The settings of an address; what cannot be used is as it is at first.
 *
 * @example
 * settingsOf('?task=upscale2&format=jpeg');
 */
export function settingsOf(search: string): Settings {
  const given = new URLSearchParams(search);
  const [task, format, language] = [given.get('task'), given.get('format'), given.get('lang')];
  const [side, engine] = [given.get('side'), given.get('engine')];
  return {
    task: isTask(task) ? task : firstSettings.task,
    strength: percentOf(given.get('strength')),
    luma: percentOf(given.get('luma')) ?? firstSettings.luma,
    chroma: percentOf(given.get('chroma')) ?? firstSettings.chroma,
    detail: percentOf(given.get('detail')) ?? firstSettings.detail,
    sharpen: percentOf(given.get('sharpen')),
    denoise: percentOf(given.get('denoise')),
    format: isFormat(format) ? format : firstSettings.format,
    side: isSide(side) ? side : firstSettings.side,
    gain: numberOf(given.get('gain'), 1, 32) ?? firstSettings.gain,
    best: given.get('best') === 'true',
    engine: isEngine(engine) ? engine : firstSettings.engine,
    language: isLanguage(language) ? language : undefined,
  };
}

/** The address of settings, from its `?` on; empty where all is as it is at first. */
export function addressOf({ language, ...others }: Settings): string {
  const given = new URLSearchParams();
  const first: Readonly<Record<string, unknown>> = { ...firstSettings };
  for (const [name, value] of Object.entries(others))
    if (value !== undefined && value !== first[name]) given.set(name, String(value));
  if (language !== undefined) given.set('lang', language);
  return given.size === 0 ? '' : `?${given}`;
}
