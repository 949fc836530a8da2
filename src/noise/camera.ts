import type { Random } from '../random.js';
import { cameraMatrix } from './colour-matrix.js';
import { type Demosaicking, demosaic } from './demosaic.js';
import { type Development, develop, mosaicLight, sensorLight } from './develop.js';
import { between, happens, keyByWeight, type Range } from './draws.js';
import type { Planes } from '../pixels/index.js';
import { expose, type SensorNoise } from './sensor.js';
import { toneCurve } from './tone-curve.js';

/** What cameras are drawn from. Ranges are drawn from evenly, those of `shot` and `exposure` in their logarithm. */
export interface CameraSettings {
  /** Shot noise: variance for each unit of signal. */
  readonly shot: Range;
  /** ln b = slope · ln a + offset, and a normal deviation (Brooks et al., CVPR 2019, section 3.1). */
  readonly read: { readonly slope: number; readonly offset: number; readonly deviation: number };
  /** By how much the scene is darker than the picture, before noise. */
  readonly exposure: Range;
  readonly exposureProbability: number;
  readonly redGain: Range;
  readonly blueGain: Range;
  readonly gamma: Range;
  readonly contrast: Range;
  /** Each of six off-diagonal values of the colour matrix. */
  readonly crosstalk: Range;
  readonly bandingProbability: number;
  readonly hotPixelProbability: number;
  /** How the colours are found; `none` for sensors that see all three at a place, and binned ones. */
  readonly demosaicking: Readonly<Record<Demosaicking | 'none', number>>;
}

/** Base to extreme sensitivity of the cameras of the last twenty years; docs/noise.md holds it against charts. */
export const anyCamera: CameraSettings = {
  shot: [1e-5, 3e-2],
  read: { slope: 2.18, offset: 1.2, deviation: 0.4 },
  exposure: [0.08, 1.2],
  exposureProbability: 0.7,
  redGain: [1.1, 2.7],
  blueGain: [1.1, 2.7],
  gamma: [1.9, 2.7],
  contrast: [-0.1, 0.8],
  crosstalk: [-0.55, 0.02],
  bandingProbability: 0.15,
  hotPixelProbability: 0.1,
  demosaicking: { bilinear: 0.25, malvar: 0.35, 'hamilton-adams': 0.3, none: 0.1 },
};

/** A camera as it was set for one picture. */
export interface Camera extends Development {
  readonly noise: SensorNoise;
  readonly demosaicking: Demosaicking | 'none';
}

const logarithmic = (random: Random, [least, most]: Range): number =>
  Math.exp(between(random, [Math.log(least), Math.log(most)]));

/** Draws a camera. */
export function drawCamera(random: Random, settings: CameraSettings = anyCamera): Camera {
  const { slope, offset, deviation } = settings.read;
  const shot = logarithmic(random, settings.shot);
  const read = Math.exp(slope * Math.log(shot) + offset + deviation * random.normal());
  const share = (): number => between(random, settings.crosstalk);
  const matrix = cameraMatrix([share(), share() / 2, share() / 2, share(), share() / 4, share()]);
  const gains = [between(random, settings.redGain), 1, between(random, settings.blueGain)] as const;
  const curve = toneCurve({
    gamma: between(random, settings.gamma),
    contrast: between(random, settings.contrast),
  });
  const darker = logarithmic(random, settings.exposure);
  const exposure = happens(random, settings.exposureProbability) ? darker : 1;
  const bands = happens(random, settings.bandingProbability) ? between(random, [0.1, 0.6]) : 0;
  const stripes = happens(random, settings.bandingProbability / 3) ? between(random, [0.05, 0.3]) : 0;
  const hot = happens(random, settings.hotPixelProbability) ? 10 ** between(random, [-4.5, -3]) : 0;
  return {
    ...{ curve, matrix, gains, exposure },
    noise: {
      ...{ shot, read, hotPixels: hot },
      rowBanding: bands * Math.sqrt(read),
      columnBanding: stripes * Math.sqrt(read),
      steps: 2 ** (10 + 2 * random.integer(3)) - 1,
      clipsBlack: happens(random, 0.5),
    },
    demosaicking: keyByWeight(random, settings.demosaicking),
  };
}

/**
 * Draws a camera like a given one: its noise and gains are multiplied by the exponential of a normal number times the spread,
 * and each other part is drawn anew now and then.
 */
export function nearCamera(
  { noise, gains, demosaicking, matrix, curve, exposure }: Camera,
  random: Random,
  settings: CameraSettings,
  spread: number,
): Camera {
  const other = drawCamera(random, settings);
  const moved = (value: number, by = spread): number => value * Math.exp(by * random.normal());
  const [red, green, blue] = gains;
  return {
    noise: {
      ...noise,
      shot: moved(noise.shot),
      read: moved(noise.read, 2 * spread),
      clipsBlack: happens(random, 0.2) ? other.noise.clipsBlack : noise.clipsBlack,
    },
    gains: [Math.max(1, moved(red, spread / 2)), green, Math.max(1, moved(blue, spread / 2))],
    demosaicking: happens(random, 0.15) ? other.demosaicking : demosaicking,
    matrix: happens(random, 0.3) ? other.matrix : matrix,
    curve: happens(random, 0.3) ? other.curve : curve,
    exposure,
  };
}

/** A picture as a camera makes it of a scene, and as it would be without noise. */
export interface Shot {
  readonly clean: Planes;
  readonly noisy: Planes;
}

/**
 * Photographs a picture: back to linear light and to the sensor's own colours, exposed as darkly as the camera was set,
 * noise in the mosaic, and forward again (after Brooks et al., "Unprocessing images for learned raw denoising", CVPR
 * 2019). The clean picture goes the same way without noise, mosaic included: what the camera's own processing does to
 * details is no noise.
 *
 * @param planes red, green, blue in [0, 1]
 * @returns pictures of the same size, in [0, 1]
 */
export function photograph(planes: Planes, camera: Camera, random: Random): Shot {
  const { demosaicking } = camera;
  const light = demosaicking === 'none' ? sensorLight(planes, camera) : mosaicLight(planes, camera);
  const exposed = new Float32Array(light);
  expose(exposed, planes, camera.noise, random);
  const { width, height } = planes;
  const finished = (data: Float32Array<ArrayBuffer>): Planes => {
    const colours = demosaicking === 'none' ? data : demosaic({ width, height, data }, demosaicking);
    develop(colours, camera);
    return { channels: 3, width, height, data: colours };
  };
  return { clean: finished(light), noisy: finished(exposed) };
}
