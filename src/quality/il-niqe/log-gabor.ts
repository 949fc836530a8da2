/** How log-Gabor filters are made; IL-NIQE's numbers stand in `il-niqe-maps.ts`. */
export interface LogGaborSettings {
  readonly scales: number;
  readonly orientations: number;
  /** Of the first scale, in pixels. */
  readonly shortestWave: number;
  /** From scale to scale. */
  readonly waveFactor: number;
  /** Width of the radial Gaussian, as the ratio of its deviation to the centre. */
  readonly radialWidth: number;
  /** Ratio of the angle between orientations to the deviation of the angular Gaussian. */
  readonly angularRatio: number;
}

/**
 * Log-Gabor filters in the frequency domain (Field, 1987), in the order of a discrete Fourier transform:
 *
 *     exp(−ln(r λ)² / (2 ln(width)²)) · exp(−Δθ² / (2 σθ²))
 *
 * with r in cycles per pixel, λ the wavelength of the scale, Δθ the angle to the orientation. Only one half plane is
 * passed, so the responses are complex: an even and an odd filter each.
 *
 * @returns a function that gives `[height, width]` of a scale and an orientation
 */
export function logGaborFilters(
  width: number,
  height: number,
  settings: LogGaborSettings,
): (scale: number, orientation: number) => Float64Array {
  const [across, down] = [frequencies(width), frequencies(height)];
  const logRadius = new Float64Array(width * height);
  const angle = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [across[x] ?? 0, down[y] ?? 0];
      logRadius[y * width + x] = Math.log(Math.sqrt(u * u + v * v));
      angle[y * width + x] = Math.atan2(-v, u);
    }
  }
  const radial = Array.from({ length: settings.scales }, (_, scale) => {
    const wave = settings.shortestWave * settings.waveFactor ** scale;
    const spread = 2 * Math.log(settings.radialWidth) ** 2;
    // At the frequency 0 the logarithm is −∞ and the filter 0.
    return logRadius.map((log) => Math.exp(-((log + Math.log(wave)) ** 2) / spread));
  });
  const deviation = Math.PI / settings.orientations / settings.angularRatio;
  const angular = Array.from({ length: settings.orientations }, (_, orientation) => {
    const towards = (orientation * Math.PI) / settings.orientations;
    return angle.map((own) => {
      const away = Math.atan2(Math.sin(own - towards), Math.cos(own - towards));
      return Math.exp(-(away * away) / (2 * deviation * deviation));
    });
  });
  return (scale, orientation) => {
    const spread = angular[orientation];
    if (spread === undefined) throw new RangeError(`there is no orientation ${orientation}`);
    return (radial[scale] ?? new Float64Array()).map((value, i) => value * (spread[i] ?? 0));
  };
}

/**
 * The frequencies of a transform in its order: 0 … ½, then the negative ones. With an odd number of them the original
 * divides by one less.
 */
function frequencies(size: number): Float64Array {
  const odd = size % 2;
  const positive = (size + odd) / 2;
  return Float64Array.from({ length: size }, (_, i) => (i < positive ? i : i - size) / (size - odd));
}
