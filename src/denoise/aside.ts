import { muchInThread } from '../in-thread.js';
import { withoutJpeg } from './compression/without-jpeg.js';
import { keepDetail } from './keep-detail.js';
import { flatBesideEdges } from './measure-noise/flat-beside-edges.js';
import { measureNoise } from './measure-noise/measure-noise.js';
import { tellingPlaces } from './measure-noise/telling-places.js';
import { mixedAnswers } from './restrain/mixed-answers.js';
import { restrainByNoise } from './restrain/restrain-by-noise.js';
import { takenAway } from './restrain/taken-away.js';

/** Every pixel that is looked at for its noise is transformed with its surroundings, so that a small picture is much work too. */
const TIMES = 8;

/** {@link measureNoise}, for large pictures in another thread. */
export const measureNoiseAside = muchInThread(
  new URL('./measure-noise/measure-noise.js', import.meta.url),
  measureNoise,
  ({ channels, width, height }) => TIMES * channels * width * height,
);

/** {@link flatBesideEdges}, of large pictures in another thread. */
export const flatBesideEdgesAside = muchInThread(
  new URL('./measure-noise/flat-beside-edges.js', import.meta.url),
  flatBesideEdges,
  ({ width, height, channels }) => 4 * channels * width * height,
);

/** {@link tellingPlaces}, for large pictures in another thread. */
export const tellingPlacesAside = muchInThread(
  new URL('./measure-noise/telling-places.js', import.meta.url),
  tellingPlaces,
  ({ data }) => TIMES * data.length,
);

/** {@link keepDetail}, for large pictures in another thread. */
export const keepDetailAside = muchInThread(
  new URL('./keep-detail.js', import.meta.url),
  keepDetail,
  (_, denoised) => denoised.length,
);

/** {@link restrainByNoise}, for large pictures in another thread. */
export const restrainByNoiseAside = muchInThread(
  new URL('./restrain/restrain-by-noise.js', import.meta.url),
  restrainByNoise,
  (_, denoised) => denoised.length,
);

/** {@link takenAway}, of large pictures in another thread. */
export const takenAwayAside = muchInThread(
  new URL('./restrain/taken-away.js', import.meta.url),
  takenAway,
  (_, denoised) => denoised.length,
);

/** {@link mixedAnswers}, of large pictures in another thread. */
export const mixedAnswersAside = muchInThread(
  new URL('./restrain/mixed-answers.js', import.meta.url),
  mixedAnswers,
  (_, answer) => answer.length,
  (_, answer, other) => [answer, other],
);

/** {@link withoutJpeg}, of large pictures in another thread. */
export const withoutJpegAside = muchInThread(
  new URL('./compression/without-jpeg.js', import.meta.url),
  withoutJpeg,
  ({ data }) => TIMES * data.length,
);
