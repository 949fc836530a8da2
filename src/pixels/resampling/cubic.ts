/**
 * Keys' cubic convolution kernel, which reaches from −2 to 2. The smaller a, the more it sharpens: −½ is MATLAB's and the
 * only one that follows a parabola, −¾ is PyTorch's and OpenCV's.
 *
 * @returns the weight at a distance
 */
export function keysCubic(a: number): (x: number) => number {
  return (x) => {
    const d = Math.abs(x);
    if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
    if (d < 2) return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
    return 0;
  };
}
