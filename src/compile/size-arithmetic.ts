import type { BilinearForm } from './bilinear-form.js';
import type { Emitter } from './emitter.js';
import { onnxTypes } from './emitter.js';
import type { VaryingInitialiser } from './varying-initialisers.js';

/** Axes of `[batch, channels, height, width]`. */
const [HEIGHT, WIDTH] = [2, 3] as const;

const key = ({ constant, perRow, perColumn, perCell }: BilinearForm): string =>
  [constant, perRow, perColumn, perCell].join();

/**
 * Emits the integers of a graph that follow the size of its picture. Each is an int64 tensor of one element, so that
 * Concat makes shapes of them; each is computed once.
 */
export class SizeArithmetic {
  /** Of the picture as it comes in. */
  readonly height: string;
  readonly width: string;
  readonly #rows: string;
  readonly #columns: string;
  readonly #known = new Map<string, string>();

  /**
   * @param picture the name of the input, `[1, channels, height, width]`
   * @param multiple the picture is padded to whole multiples of this
   * @param border and by so many pixels on all sides before
   */
  constructor(
    private readonly emit: Emitter,
    picture: string,
    private readonly multiple: number,
    private readonly border: number,
  ) {
    this.height = emit.node('Shape', [picture], { start: HEIGHT, end: HEIGHT + 1 });
    this.width = emit.node('Shape', [picture], { start: WIDTH, end: WIDTH + 1 });
    this.#rows = this.#cells(this.height);
    this.#columns = this.#cells(this.width);
  }

  /** ⌈(size + 2·border) / multiple⌉ */
  #cells(size: string): string {
    const more = 2 * this.border + this.multiple - 1;
    const up = more === 0 ? size : this.emit.node('Add', [size, this.emit.integers([more])]);
    if (this.multiple === 1) return up;
    return this.emit.node('Div', [up, this.emit.integers([this.multiple])]);
  }

  /** Of the picture after padding. */
  get paddedHeight(): string {
    return this.integer({ constant: 0, perRow: this.multiple, perColumn: 0, perCell: 0 });
  }

  get paddedWidth(): string {
    return this.integer({ constant: 0, perRow: 0, perColumn: this.multiple, perCell: 0 });
  }

  /** One integer, `[1]`. */
  integer(form: BilinearForm): string {
    const { emit } = this;
    const known = this.#known.get(key(form));
    if (known !== undefined) return known;
    const terms: string[] = [];
    const times = (value: string, factor: number): void => {
      if (factor !== 0) terms.push(factor === 1 ? value : emit.node('Mul', [value, emit.integers([factor])]));
    };
    times(this.#rows, form.perRow);
    times(this.#columns, form.perColumn);
    if (form.perCell !== 0) times(this.#area(), form.perCell);
    if (form.constant !== 0 || terms.length === 0) terms.push(emit.integers([form.constant]));
    const name = terms.reduce((sum, term) => emit.node('Add', [sum, term]));
    this.#known.set(key(form), name);
    return name;
  }

  #area(): string {
    const known = this.#known.get('area');
    const area = known ?? this.emit.node('Mul', [this.#rows, this.#columns]);
    this.#known.set('area', area);
    return area;
  }

  /** Emits what stands in for an initialiser, under its name. */
  define({ name, kind, extents, forms }: VaryingInitialiser): void {
    if (kind === 'integers') {
      const parts = this.#parts(forms);
      this.emit.node('Concat', parts, { axis: 0 }, { output: name });
      return;
    }
    const [form] = forms;
    if (form === undefined) throw new RangeError(`${name} is the reciprocal of nothing`);
    const shaped = this.emit.node('Reshape', [this.integer(form), this.emit.integers(extents)]);
    const real = this.emit.node('Cast', [shaped], { to: onnxTypes.float32 });
    this.emit.node('Reciprocal', [real], {}, { output: name });
  }

  /** The pieces of a list; neighbours that do not vary are one piece. */
  #parts(forms: readonly BilinearForm[]): readonly string[] {
    const parts: string[] = [];
    let constants: number[] = [];
    const flush = (): void => {
      if (constants.length > 0) parts.push(this.emit.integers(constants));
      constants = [];
    };
    for (const form of forms) {
      const { constant, perRow, perColumn, perCell } = form;
      if (perRow === 0 && perColumn === 0 && perCell === 0) {
        constants.push(constant);
        continue;
      }
      flush();
      parts.push(this.integer(form));
    }
    flush();
    return parts;
  }
}
