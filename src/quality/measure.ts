/** What is to be known about a measure of quality before it is used: for lists, help texts and tables. */
export interface QualityMeasure<Name extends string = string> {
  /** As options and columns have it: `niqe`. */
  readonly name: Name;
  /** As people write it: `NIQE`. */
  readonly title: string;
  /** What it measures, in a sentence. */
  readonly summary: string;
  /** Whether a good picture has a high or a low value. */
  readonly better: 'higher' | 'lower';
  /** The least and the greatest value there can be; infinite where there is no limit. */
  readonly range: readonly [least: number, greatest: number];
  /** Where the values of photographs usually lie, if that is much narrower. */
  readonly usual?: readonly [from: number, to: number];
  /** Whether it compares with a reference of the same size, or judges a picture alone. */
  readonly needsReference: boolean;
  /** Whether it has learnt from what people said of pictures. */
  readonly fromOpinions: boolean;
  /** Whether it says which places of a picture are good. */
  readonly hasMap: boolean;
  /** Pictures with a shorter side are refused. */
  readonly smallest: { readonly width: number; readonly height: number };
  /** What else it refuses to judge. */
  readonly refuses: string;
  /** Files of others that it needs, by what is in them; none if it is complete. */
  readonly needs: readonly string[];
  /** Paper and program that define it. */
  readonly source: string;
}
