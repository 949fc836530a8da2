import { isLanguage, type Language } from './language/languages.js';

/** What can be done with pictures. */
export type Task = 'denoise' | 'upscale2' | 'upscale4';

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
  readonly format: Format;
  /** `undefined`: the browser's. */
  readonly language: Language | undefined;
}

export const firstSettings: Settings = {
  task: 'denoise',
  strength: undefined,
  luma: 100,
  chroma: 100,
  detail: 50,
  format: 'png',
  language: undefined,
};

export const isTask = (value: string | null): value is Task =>
  value === 'denoise' || value === 'upscale2' || value === 'upscale4';

export const isFormat = (value: string | null): value is Format =>
  value === 'png' || value === 'jpeg' || value === 'webp';

/** How many times as large a task makes a picture. */
export const scaleOf = (task: Task): 1 | 2 | 4 => (task === 'upscale4' ? 4 : task === 'upscale2' ? 2 : 1);

function percentOf(text: string | null): number | undefined {
  if (text === null || !/^\d{1,3}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= 100 ? value : undefined;
}

/**
 * The settings of an address; what cannot be used is as it is at first.
 *
 * @example
 * settingsOf('?task=upscale2&format=jpeg');
 */
export function settingsOf(search: string): Settings {
  const given = new URLSearchParams(search);
  const [task, format, language] = [given.get('task'), given.get('format'), given.get('lang')];
  return {
    task: isTask(task) ? task : firstSettings.task,
    strength: percentOf(given.get('strength')),
    luma: percentOf(given.get('luma')) ?? firstSettings.luma,
    chroma: percentOf(given.get('chroma')) ?? firstSettings.chroma,
    detail: percentOf(given.get('detail')) ?? firstSettings.detail,
    format: isFormat(format) ? format : firstSettings.format,
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
