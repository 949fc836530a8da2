/** Windows are half as wide as patches lie apart: nothing of an edge, however soft, is in them. */
const share = 0.45;
/** Larger windows would only take longer. */
const largestSide = 96;

/** The centres of the patches of a place of `places.mjs`, in pixels, and the side of the windows around them. */
export function centresOf([columns, rows, ...corners], width, height) {
  const at = (corner) => ({
    x: (corners[2 * corner] * width) / 1000,
    y: (corners[2 * corner + 1] * height) / 1000,
  });
  const [topLeft, topRight, bottomLeft, bottomRight] = [0, 1, 2, 3].map(at);
  const centres = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const [right, down] = [column / (columns - 1), row / (rows - 1)];
      const mix = (axis) =>
        (1 - down) * ((1 - right) * topLeft[axis] + right * topRight[axis]) +
        down * ((1 - right) * bottomLeft[axis] + right * bottomRight[axis]);
      centres.push({ x: mix('x'), y: mix('y') });
    }
  const apart = Math.min((topRight.x - topLeft.x) / (columns - 1), (bottomLeft.y - topLeft.y) / (rows - 1));
  return { centres, side: Math.min(largestSide, 8 * Math.floor((share * apart) / 8)) };
}
