export { type Afterwards, type AfterwardsSettings, anyAfterwards } from './afterwards.js';
export { anyCamera, type Camera, type CameraSettings, drawCamera, photograph, type Shot } from './camera.js';
export { type Demosaicking, demosaic, demosaickings } from './demosaic.js';
export { between, happens, keyByWeight, oneOf, type Range } from './draws.js';
export { addFilmGrain, anyFilm, drawFilm, type Film, type FilmSettings } from './film-grain.js';
export { compressJpeg } from './jpeg.js';
export type { Mosaic } from './mosaic.js';
export {
  applyNoise,
  drawNoiseProcess,
  type NoiseProcess,
  type NoiseSettings,
  type NoiseSource,
  nearProcess,
} from './noise-process.js';
export { addNoise, anyNoise, cameraNoise, filmGrain, noisyPair, withAmount } from './noisy-pair.js';
export { clamp, crop, roundTo } from './planes.js';
export { fillNormals } from './random-normals.js';
export { expose, type SensorNoise } from './sensor.js';
export { decodeBy, encodeBy, type ToneCurve, type ToneCurveShape, toneCurve } from './tone-curve.js';
export { type Calibration, type CalibrationOptions, calibrateNoise } from './calibrate.js';
export { noiseFeatures } from './noise-features.js';
