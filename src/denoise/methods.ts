import { amsnet, amsnetP } from './amsnet.js';
import { apBsn } from './ap-bsn.js';
import type { DenoisingMethod } from './method.js';
import { sdap } from './sdap.js';

const all: readonly DenoisingMethod[] = [sdap, amsnet, amsnetP, apBsn];

/** Every denoising method, by name. Adding one is adding its file and naming it above. */
export const denoisingMethods: Readonly<Record<string, DenoisingMethod>> = Object.fromEntries(
  all.map((method) => [method.name, method]),
);
