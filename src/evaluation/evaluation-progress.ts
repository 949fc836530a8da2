import type { Progress } from '../apply/index.js';

/** A picture to measure on, by what is to be made of it. */
export interface SizedPicture {
  /** For people. */
  readonly name: string;
  /** In pixels, of the result. */
  readonly width: number;
  readonly height: number;
}

/** Completes what a network tells of the pictures of an evaluation. */
export interface EvaluationProgress {
  /** A picture's turn begins. */
  begin(pair: SizedPicture): void;
  /** Passes progress on, with the picture's name and the time that is left, by the pixels still to come. */
  tell(progress: Progress): void;
}

/** @param onProgress gets the completed progress */
export function progressOf(
  pairs: readonly SizedPicture[],
  onProgress: (progress: Progress) => void,
): EvaluationProgress {
  const area = ({ width, height }: SizedPicture): number => width * height;
  const all = pairs.reduce((sum, pair) => sum + area(pair), 0);
  let before = 0;
  let current: SizedPicture | undefined;
  let start = 0;
  return {
    begin(pair) {
      if (current === undefined) start = performance.now();
      else before += area(current);
      current = pair;
    },
    tell(progress) {
      if ((progress.kind !== 'denoising' && progress.kind !== 'upscaling') || current === undefined) {
        onProgress(progress);
        return;
      }
      const done = before + (area(current) * progress.tile) / progress.tiles;
      const elapsed = (performance.now() - start) / 1000;
      const remainingSeconds = (elapsed * (all - done)) / done;
      onProgress({ ...progress, picture: current.name, remainingSeconds });
    },
  };
}
