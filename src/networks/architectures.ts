import type { Architecture } from './architecture.js';
import { dbsnlArchitecture } from './dbsnl.js';
import { deamnetArchitecture } from './deamnet.js';
import { dncnnArchitecture } from './dncnn.js';
import { studentArchitecture } from './student-unet.js';
import { unetArchitecture } from './unet.js';
import { nafnetArchitecture } from './nafnet.js';
import { restormerArchitecture } from './restormer.js';
import { resunetArchitecture } from './resunet.js';

/** Every architecture that denoises, by name. Adding one is adding its file and a line here. */
export const architectures: Readonly<Record<string, Architecture>> = {
  [dbsnlArchitecture.name]: dbsnlArchitecture,
  [studentArchitecture.name]: studentArchitecture,
  [unetArchitecture.name]: unetArchitecture,
  [resunetArchitecture.name]: resunetArchitecture,
  [dncnnArchitecture.name]: dncnnArchitecture,
  [deamnetArchitecture.name]: deamnetArchitecture,
  [nafnetArchitecture.name]: nafnetArchitecture,
  [restormerArchitecture.name]: restormerArchitecture,
};
