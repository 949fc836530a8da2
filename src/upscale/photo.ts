import { bicubicResize, type Planes, resize } from '../pixels/index.js';
import { addNoise, anyNoise, between, clamp, happens, type NoiseSettings, oneOf } from '../noise/index.js';
import type { Random } from '../random.js';
import { blur, type Pause } from './blur.js';
import { type BlurSettings, drawBlurKernel } from './draw-blur-kernel.js';

/** What small photographs are drawn from. */
export interface PhotoSettings {
  readonly blur: BlurSettings;
  readonly blurProbability: number;
  readonly noise: NoiseSettings;
}

/**
 * Small photographs as they are: a little blur, made small by one of the usual ways, noise of a camera or film where there
 * is some, sharpened now and then, and JPEG once or twice. Milder than {@link realEsrgan}'s second-order degradation, which
 * teaches to paint over what is still there.
 */
export const anyPhoto: PhotoSettings = {
  blur: {
    sizes: [7, 9, 11, 13],
    sincProbability: 0.05,
    families: {
      isotropic: 0.6,
      anisotropic: 0.3,
      generalisedIsotropic: 0.05,
      generalisedAnisotropic: 0.02,
      plateauIsotropic: 0.02,
      plateauAnisotropic: 0.01,
    },
    sigma: [0.2, 2],
    generalisedBeta: [0.5, 4],
    plateauBeta: [1, 2],
  },
  blurProbability: 0.6,
  noise: {
    ...anyNoise,
    sources: { camera: 0.5, film: 0.08, gaussian: 0.07, none: 0.35 },
    // The large picture is the truth: its brightness stays.
    camera: { ...anyNoise.camera, exposureProbability: 0, shot: [1e-5, 1e-2] },
    film: { ...anyNoise.film, strength: [0.01, 0.08] },
    gaussianSigma: [0.5, 20],
    afterwards: { ...anyNoise.afterwards, sharpened: 0.2, jpeg: 0.75, secondJpeg: 0.2 },
  },
};

/** The same without noise and JPEG: pictures that were only made small. */
export const cleanPhoto: PhotoSettings = {
  ...anyPhoto,
  noise: {
    ...anyPhoto.noise,
    sources: { camera: 0, film: 0, gaussian: 0, none: 1 },
    afterwards: { denoised: 0, sharpened: 0, smaller: 0, larger: 0, jpeg: 0, secondJpeg: 0 },
  },
};

/** A small photograph, and what it was before noise and JPEG. */
export interface SmallPhoto {
  /** Multiples of 1/255. */
  readonly photo: Planes;
  /** In [0, 1]; as soft as the photograph. */
  readonly clean: Planes;
}

/**
 * Makes a small photograph of a large one; everything is drawn from `random`.
 *
 * @param planes 1 or 3 channels, in [0, 1], both sides multiples of the scale
 * @returns planes smaller by the scale
 */
export async function smallPhoto(
  planes: Planes,
  scale: number,
  random: Random,
  { settings = anyPhoto, pause }: { readonly settings?: PhotoSettings; readonly pause?: Pause } = {},
): Promise<SmallPhoto> {
  const kernel = drawBlurKernel(random, settings.blur);
  const soft = happens(random, settings.blurProbability) ? await blur(planes, kernel, pause) : planes;
  const to = { width: planes.width / scale, height: planes.height / scale };
  const small = reduced(soft, to, random);
  clamp(small.data);
  await pause?.();
  return { photo: await addNoise(small, random, settings.noise), clean: small };
}

/** By MATLAB's bicubic, by the mean of what a pixel covers, or by bilinear in two steps, as programs do it. */
function reduced(
  planes: Planes,
  to: { readonly width: number; readonly height: number },
  random: Random,
): Planes {
  switch (oneOf(random, ['bicubic', 'bicubic', 'area', 'bilinear'])) {
    case 'bicubic':
      return { ...planes, ...to, data: bicubicResize(planes.data, planes, to) };
    case 'area':
      return resize(planes, to, 'area');
    default: {
      const factor = between(random, [1, 2]);
      const midway = {
        width: Math.round(to.width * factor),
        height: Math.round(to.height * factor),
      };
      return resize(resize(planes, midway, 'area'), to, 'bilinear');
    }
  }
}
