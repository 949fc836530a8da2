/** How the curves of one run are drawn, in all charts alike. */
export interface Stroke {
  /** A CSS colour that follows the page's light or dark theme. */
  readonly colour: string;
  /** Lengths of dashes and gaps, none of a whole line, so that colour is not the only difference. */
  readonly dashes: readonly number[];
}

/** Colours of the palette in `style.ts`, as `--run-0` and so on. */
export const colours = 8;
const dashes: readonly (readonly number[])[] = [[], [8, 3], [3, 2], [10, 3, 2, 3], [5, 5]];

/** The stroke of the run of that number. */
export function strokeOf(index: number): Stroke {
  return { colour: `var(--run-${index % colours})`, dashes: dashes[index % dashes.length] ?? [] };
}
