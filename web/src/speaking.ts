import { tellEngine } from './engine.js';
import { isLanguage, language, languages, preferredLanguage, speak } from './language/index.js';
import { tellOffline } from './offline.js';
import { parts } from './parts.js';
import type { Queue } from './queue.js';
import type { Settings } from './settings.js';

/** Speaks the language that was chosen, or the browser's; the page is told anew. */
export function speakAsChosen(queue: Queue, settings: Pick<Settings, 'language'>): void {
  speak(settings.language ?? preferredLanguage(navigator.languages));
  parts.language.value = language();
  tellEngine();
  tellOffline();
  queue.changed();
}

/** Opens the choice of a language. */
export function openSpeaking(
  queue: Queue,
  settings: () => Settings,
  change: (changed: Partial<Settings>) => void,
): void {
  for (const [tag, name] of Object.entries(languages)) parts.language.append(new Option(name, tag));
  parts.language.addEventListener('change', () => {
    const { value } = parts.language;
    if (isLanguage(value)) change({ language: value });
    speakAsChosen(queue, settings());
  });
}
