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
  const cosines = Float64Array.from({ length }, (_, i) => Math.cos((2 * Math.PI * i) / length));
  const sines = Float64Array.from({ length }, (_, i) => -Math.sin((2 * Math.PI * i) / length));
  const [inRe, inIm] = [new Float64Array(length), new Float64Array(length)];
  const [outRe, outIm] = [new Float64Array(length), new Float64Array(length)];
  const [partRe, partIm] = [new Float64Array(length), new Float64Array(length)];

  /** Of the inputs at `from`, `from + stride` …, `size` of them, into the outputs from `to` on (decimation in time). */
  function part(from: number, stride: number, to: number, size: number, depth: number): void {
    const factor = factors[depth] ?? 1;
    const sub = size / factor;
    if (sub > 1) {
      for (let r = 0; r < factor; r++) part(from + r * stride, stride * factor, to + r * sub, sub, depth + 1);
      partRe.set(outRe.subarray(to, to + size));
      partIm.set(outIm.subarray(to, to + size));
    } else {
      for (let r = 0; r < factor; r++) {
        partRe[r] = inRe[from + r * stride] ?? 0;
        partIm[r] = inIm[from + r * stride] ?? 0;
      }
    }
    for (let k = 0, within = 0; k < size; k++) {
      let sumRe = 0;
      let sumIm = 0;
      let root = 0;
      const turn = k * stride;
      for (let i = within; i < size; i += sub) {
        const c = cosines[root] ?? 0;
        const s = sines[root] ?? 0;
        const a = partRe[i] ?? 0;
        const b = partIm[i] ?? 0;
        sumRe += a * c - b * s;
        sumIm += a * s + b * c;
        root += turn;
        if (root >= length) root -= length;
      }
      outRe[to + k] = sumRe;
      outIm[to + k] = sumIm;
      within = within + 1 < sub ? within + 1 : 0;
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
