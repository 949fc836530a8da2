/** The size of a Restormer, under the names of the original program. */
export interface RestormerConfig {
  readonly inp_channels: number;
  readonly out_channels: number;
  /** Channels at full resolution; every level down has twice as many. Even. */
  readonly dim: number;
  /** Blocks of the four levels, finest first; the three finest have them twice, on the way down and up. */
  readonly num_blocks: readonly number[];
  /** Blocks at full resolution that follow the U-shape. */
  readonly num_refinement_blocks: number;
  /** Attention heads of the four levels, finest first. */
  readonly heads: readonly number[];
  /** Width between the convolutions of the feed-forward network, as a multiple of the level's. */
  readonly ffn_expansion_factor: number;
  /** Whether convolutions inside blocks have a bias. */
  readonly bias: boolean;
  readonly LayerNorm_type: 'BiasFree' | 'WithBias';
}

/** The size that AMSNet uses: 26,111,668 parameters. */
export const restormerPaperConfig: RestormerConfig = {
  inp_channels: 3,
  out_channels: 3,
  dim: 48,
  num_blocks: [4, 6, 6, 8],
  num_refinement_blocks: 4,
  heads: [1, 2, 4, 8],
  ffn_expansion_factor: 2.66,
  bias: false,
  LayerNorm_type: 'BiasFree',
};
