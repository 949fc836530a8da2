import type { Progress } from '../training/index.js';
import type { CheckedPair } from './find-pairs.js';

/** Completes what a denoiser tells of the pictures of an evaluation. */
export interface EvaluationProgress {
  /** A picture's turn begins. */
  begin(pair: CheckedPair): void;
  /** Passes progress on, with the picture's name and the time that is left, by the pixels still to come. */
  tell(progress: Progress): void;
}

/** @param onProgress gets the completed progress */
export function progressOf(
  pairs: readonly CheckedPair[],
  onProgress: (progress: Progress) => void,
): EvaluationProgress {
  const area = ({ width, height }: CheckedPair): number => width * height;
  const all = pairs.reduce((sum, pair) => sum + area(pair), 0);
  let before = 0;
  let current: CheckedPair | undefined;
  let start = 0;
  return {
    begin(pair) {
      if (current === undefined) start = performance.now();
      else before += area(current);
      current = pair;
    },
    tell(progress) {
      if (progress.kind !== 'denoising' || current === undefined) {
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
