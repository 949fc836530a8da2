/** Size of a training batch: `batch` patches of `patch` × `patch` pixels. */
export interface BatchSize {
  readonly batch: number;
  readonly patch: number;
}

/** How a training preset changes the learning rate over a stage. */
export type RateCurve = 'constant' | 'cosine' | { readonly every: number; readonly factor: number };

/** One stage of a recipe of training. */
export interface TrainingStage {
  /** Share of the budget, of all stages together 1. */
  readonly share: number;
  readonly patch: number;
  readonly batch: number;
  /** The highest rate of the stage. */
  readonly learningRate: number;
  readonly curve: RateCurve;
  /** Share of the highest rate at which a cosine ends; default 0. */
  readonly floor?: number;
}

/** A recipe of training: everything that options may leave out. */
export interface TrainingPreset {
  readonly optimiser: 'adam' | 'adamw';
  readonly betas: readonly [number, number];
  readonly weightDecay: number;
  readonly stages: readonly TrainingStage[];
  /** Steps of the whole recipe, which are the budget where none is given. */
  readonly steps: number;
  /** Decay of the moving average of the parameters; 0 takes the last parameters. */
  readonly averageDecay: number;
  /** Largest norm of the gradients; left out: not clipped. */
  readonly clip?: number;
  /** Steps over which the rate rises in a line to its highest, at the beginning of the first stage; default 0. */
  readonly warmUp?: number;
  /**
   * The learning rates hold for networks whose widest feature map has up to so many channels; those of wider ones are
   * multiplied by √(rateWidth / width). Left out: they hold for all.
   */
  readonly rateWidth?: number;
  /** Where the numbers come from, for people. */
  readonly source: string;
}
