import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** The folder of the models of this user. */
export const defaultModelFolder = (): string => modelFolder(process.platform, process.env, homedir);

/**
 * The folder of the models: what `REVELA_MODELS` says, otherwise one in the folder that the system has for what can be
 * fetched again.
 *
 * @param home tells the user's own folder; asked only where it is needed
 */
export function modelFolder(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
  home: () => string,
): string {
  const { REVELA_MODELS: chosen = '', XDG_CACHE_HOME: cache = '', LOCALAPPDATA: local = '' } = environment;
  if (chosen !== '') return chosen;
  if (platform === 'win32')
    return win32.join(local === '' ? win32.join(home(), 'AppData', 'Local') : local, 'revela', 'models');
  if (platform === 'darwin') return posix.join(home(), 'Library', 'Caches', 'revela', 'models');
  // A relative XDG_CACHE_HOME is to be ignored, says the specification of these folders.
  return posix.join(posix.isAbsolute(cache) ? cache : posix.join(home(), '.cache'), 'revela', 'models');
}
