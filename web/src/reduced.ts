/** Pixels for a canvas, of any of the browser's kinds. */
interface Shown {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/**
 * Of how many pixels along each side one is drawn, where a picture is shown so many pixels of the screen wide: as many, in powers of two, as leave
 * no pixel of the screen without one of its own. A photograph of 24 megapixels that is seen whole takes a quarter or less of its memory.
 */
export function everyFor(width: number, across: number): number {
  if (across <= 0) return 1;
  let every = 1;
  while (2 * every * across <= width) every *= 2;
  return every;
}

/** The means of squares of pixels, by their opacity; those at the right and the lower edge may be smaller. */
export function reduced({ data, width, height }: Shown, every: number): Shown {
  if (every === 1) return { data, width, height };
  const [columns, rows] = [Math.ceil(width / every), Math.ceil(height / every)];
  const means = new Uint8ClampedArray(4 * columns * rows);
  const sums = new Uint32Array(4 * columns);
  for (let row = 0; row < rows; row++) {
    const [top, bottom] = [row * every, Math.min(height, (row + 1) * every)];
    sums.fill(0);
    for (let y = top; y < bottom; y++)
      for (let x = 0, from = 4 * y * width; x < width; x++, from += 4) {
        const to = 4 * Math.floor(x / every);
        const opacity = data[from + 3] ?? 0;
        for (let c = 0; c < 3; c++) sums[to + c] = (sums[to + c] ?? 0) + opacity * (data[from + c] ?? 0);
        sums[to + 3] = (sums[to + 3] ?? 0) + opacity;
      }
    for (let column = 0; column < columns; column++) {
      const [from, to] = [4 * column, 4 * (row * columns + column)];
      const opacity = sums[from + 3] ?? 0;
      for (let c = 0; opacity > 0 && c < 3; c++) means[to + c] = (sums[from + c] ?? 0) / opacity;
      means[to + 3] = opacity / ((bottom - top) * Math.min(every, width - column * every));
    }
  }
  return { data: means, width: columns, height: rows };
}
