/** Complex numbers in two arrays of the same length. */
export interface Complex {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/**
 * The two-dimensional discrete Fourier transform of `[height, width]` in place, of any size (fast where the sides have
 * small prime factors).
 *
 * @param direction `forward` has e^(−2πi …) and no factor, `backward` e^(2πi …) and 1 / (width · height), as MATLAB's
 *   `fft2` and `ifft2`
 */
export function transform2d(
  { real, imaginary }: Complex,
  width: number,
  height: number,
  direction: 'forward' | 'backward',
): void {
  // Swapping the parts before and after turns a forward transform into a backward one.
  const [re, im] = direction === 'forward' ? [real, imaginary] : [imaginary, real];
  const across = planOf(width);
  for (let y = 0; y < height; y++) {
    across.run(re.subarray(y * width, (y + 1) * width), im.subarray(y * width, (y + 1) * width));
  }
  const down = planOf(height);
  const [columnRe, columnIm] = [new Float64Array(height), new Float64Array(height)];
  for (let x = 0; x < width; x++) {
    for (let y = 0, i = x; y < height; y++, i += width) {
      columnRe[y] = re[i] ?? 0;
      columnIm[y] = im[i] ?? 0;
    }
    down.run(columnRe, columnIm);
    for (let y = 0, i = x; y < height; y++, i += width) {
      re[i] = columnRe[y] ?? 0;
      im[i] = columnIm[y] ?? 0;
    }
  }
  if (direction === 'forward') return;
  const area = width * height;
  for (let i = 0; i < area; i++) {
    real[i] = (real[i] ?? 0) / area;
    imaginary[i] = (imaginary[i] ?? 0) / area;
  }
}

/** A transform of one length: its prime factors, the roots of unity, and room to work in. */
function planOf(length: number) {
  const factors = primeFactors(length);
  const cosines = new Float64Array(length).map((_, i) => Math.cos((2 * Math.PI * i) / length));
  const sines = new Float64Array(length).map((_, i) => -Math.sin((2 * Math.PI * i) / length));
  const [inRe, inIm] = [new Float64Array(length), new Float64Array(length)];
  const [outRe, outIm] = [new Float64Array(length), new Float64Array(length)];
  const most = Math.max(1, ...factors);
  const [termRe, termIm] = [new Float64Array(most), new Float64Array(most)];

  /** Of the inputs at `from`, `from + stride` …, `size` of them, into the outputs from `to` on (decimation in time). */
  function part(from: number, stride: number, to: number, size: number, depth: number): void {
    const factor = factors[depth] ?? 1;
    const sub = size / factor;
    if (sub > 1)
      for (let r = 0; r < factor; r++) part(from + r * stride, stride * factor, to + r * sub, sub, depth + 1);
    else
      for (let r = 0; r < factor; r++) {
        outRe[to + r] = inRe[from + r * stride] ?? 0;
        outIm[to + r] = inIm[from + r * stride] ?? 0;
      }
    if (factor === 2) inPairs(to, sub, stride);
    else inOdds(to, sub, stride, factor);
  }

  /** The outputs `to + k` and `to + sub + k` of two halves: the sum and the difference of one and the other, turned. */
  function inPairs(to: number, sub: number, stride: number): void {
    for (let k = to, root = 0; k < to + sub; k++, root += stride) {
      const c = cosines[root] ?? 0;
      const s = sines[root] ?? 0;
      const a = outRe[k] ?? 0;
      const b = outIm[k] ?? 0;
      const x = outRe[k + sub] ?? 0;
      const y = outIm[k + sub] ?? 0;
      const turnedRe = x * c - y * s;
      const turnedIm = x * s + y * c;
      outRe[k] = a + turnedRe;
      outIm[k] = b + turnedIm;
      outRe[k + sub] = a - turnedRe;
      outIm[k + sub] = b - turnedIm;
    }
  }

  /**
   * The outputs `to + k`, `to + k + sub` … of an odd number of parts. Of the roots of unity those of j and −j have the same cosine
   * and opposite sines: sums and differences of two parts do for two outputs.
   */
  function inOdds(to: number, sub: number, stride: number, factor: number): void {
    const step = length / factor;
    for (let k = 0; k < sub; k++) {
      const ownRe = outRe[to + k] ?? 0;
      const ownIm = outIm[to + k] ?? 0;
      let sumRe = ownRe;
      let sumIm = ownIm;
      for (let r = 1, root = k * stride; r < factor; r++, root += k * stride) {
        const x = outRe[to + k + r * sub] ?? 0;
        const y = outIm[to + k + r * sub] ?? 0;
        const c = cosines[root] ?? 0;
        const s = sines[root] ?? 0;
        const turnedRe = x * c - y * s;
        const turnedIm = x * s + y * c;
        termRe[r] = turnedRe;
        termIm[r] = turnedIm;
        sumRe += turnedRe;
        sumIm += turnedIm;
      }
      outRe[to + k] = sumRe;
      outIm[to + k] = sumIm;
      for (let i = 1; 2 * i < factor; i++) {
        let evenRe = ownRe;
        let evenIm = ownIm;
        let oddRe = 0;
        let oddIm = 0;
        for (let j = 1, root = i * step; 2 * j < factor; j++) {
          const c = cosines[root] ?? 0;
          const s = sines[root] ?? 0;
          const a = termRe[j] ?? 0;
          const b = termIm[j] ?? 0;
          const x = termRe[factor - j] ?? 0;
          const y = termIm[factor - j] ?? 0;
          evenRe += (a + x) * c;
          evenIm += (b + y) * c;
          oddRe += (b - y) * s;
          oddIm += (a - x) * s;
          root += i * step;
          if (root >= length) root -= length;
        }
        outRe[to + k + i * sub] = evenRe - oddRe;
        outIm[to + k + i * sub] = evenIm + oddIm;
        outRe[to + k + (factor - i) * sub] = evenRe + oddRe;
        outIm[to + k + (factor - i) * sub] = evenIm - oddIm;
      }
    }
  }

  return {
    run(real: Float64Array, imaginary: Float64Array): void {
      inRe.set(real);
      inIm.set(imaginary);
      part(0, 1, 0, length, 0);
      real.set(outRe);
      imaginary.set(outIm);
    },
  };
}

function primeFactors(length: number): number[] {
  const factors: number[] = [];
  let rest = length;
  for (let candidate = 2; rest > 1; candidate++) {
    if (candidate * candidate > rest) candidate = rest;
    for (; rest % candidate === 0; rest /= candidate) factors.push(candidate);
  }
  return factors;
}
