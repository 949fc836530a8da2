/** A size of a picture, in whole multiples: its padded height and width divided by the multiple. */
export interface PictureCells {
  readonly rows: number;
  readonly columns: number;
}

/**
 * A whole number that depends on a picture's size: `constant + perRow·h + perColumn·w + perCell·h·w`, with h rows and
 * w columns of cells. Extents of tensors are of this form: sizes add where tensors are joined and multiply where axes are.
 */
export interface BilinearForm {
  readonly constant: number;
  readonly perRow: number;
  readonly perColumn: number;
  readonly perCell: number;
}

const corner = { rows: [37, 43], columns: [53, 61] } as const;

/**
 * Sizes at which a program is looked at. The first four are the corners of a rectangle, which determine the form; the
 * others check it. Primes, of which no usual number of channels is a multiple, so that nothing is equal by chance.
 */
export const probes: readonly PictureCells[] = [
  { rows: corner.rows[0], columns: corner.columns[0] },
  { rows: corner.rows[1], columns: corner.columns[0] },
  { rows: corner.rows[0], columns: corner.columns[1] },
  { rows: corner.rows[1], columns: corner.columns[1] },
  { rows: 71, columns: 47 },
  { rows: 59, columns: 89 },
];

/** The value of a form for a size. */
export function evaluate(
  { constant, perRow, perColumn, perCell }: BilinearForm,
  { rows, columns }: PictureCells,
): number {
  return constant + perRow * rows + perColumn * columns + perCell * rows * columns;
}

/**
 * The form with these values at the {@link probes}; undefined where there is none.
 * From the corners of the rectangle (h, w), (h', w), (h, w'), (h', w'):
 * `perCell = (f₁₁ − f₁₀ − f₀₁ + f₀₀) / ((h' − h)(w' − w))`, then the slopes along its sides, then the constant.
 */
export function fitBilinearForm(values: readonly number[]): BilinearForm | undefined {
  const [f00 = Number.NaN, f10 = Number.NaN, f01 = Number.NaN, f11 = Number.NaN] = values;
  const {
    rows: [h0, h1],
    columns: [w0, w1],
  } = corner;
  const perCell = (f11 - f10 - f01 + f00) / ((h1 - h0) * (w1 - w0));
  const perRow = (f10 - f00) / (h1 - h0) - perCell * w0;
  const perColumn = (f01 - f00) / (w1 - w0) - perCell * h0;
  const constant = f00 - perRow * h0 - perColumn * w0 - perCell * h0 * w0;
  const form = { constant, perRow, perColumn, perCell };
  const fits =
    Object.values(form).every(Number.isSafeInteger) &&
    probes.every((probe, i) => evaluate(form, probe) === values[i]);
  return fits ? form : undefined;
}

/**
 * A form as an extent of a shape in a model: a number, or a name, such as `2*rows + 1`, with rows and columns of cells of
 * `multiple` pixels. Extents of one form have one name, by which ONNX Runtime knows that they are equal.
 */
export function extentOf(form: BilinearForm, multiple: number): number | string {
  const { constant, perRow, perColumn, perCell } = form;
  if (perRow === 0 && perColumn === 0 && perCell === 0) return constant;
  if (multiple === 1 && constant === 0 && perCell === 0) {
    if (perRow === 1 && perColumn === 0) return 'height';
    if (perRow === 0 && perColumn === 1) return 'width';
  }
  const term = (factor: number, what: string): string[] => (factor === 0 ? [] : [`${factor}${what}`]);
  return [
    ...term(perCell, '*rows*columns'),
    ...term(perRow, '*rows'),
    ...term(perColumn, '*columns'),
    ...term(constant, ''),
  ].join(' + ');
}
