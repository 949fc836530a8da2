import type { DenoisingMethod } from './method.js';
import { sdap } from './sdap.js';

/** Every denoising method, by name. Adding one is adding its file and a line here. */
export const denoisingMethods: Readonly<Record<string, DenoisingMethod>> = { [sdap.name]: sdap };
