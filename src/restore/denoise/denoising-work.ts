import {
  type Call,
  checkMask,
  type createApplier,
  intendedInRange,
  type Removal,
  type RemovalFacts,
  type RemovalSettings,
  removeNoise,
  stopping,
  type TileProgress,
  tellRange,
  withVisibleColours,
} from '../../apply/index.js';
import {
  divided,
  findRangeFactor,
  type HeldPicture,
  holdPicture,
  inFloats,
  inNetworkRange,
  leanPictureOf,
  markedAsResult,
  multiplied,
  type Picture,
  type PictureInput,
  pictureOf,
  RevelaImage,
} from '../../images/index.js';
import { sameWhenStored } from '../../pixels/index.js';
import { present } from '../../present.js';
import type { DenoiseOptions } from './denoise-options.js';
import { previewOf } from './preview-denoising.js';

/** A picture that says in its metadata what it is: trainings do not learn from it. */
const marked = (picture: Picture, kind: 'denoised' | 'preview' = 'denoised'): RevelaImage =>
  new RevelaImage({ ...picture, metadata: markedAsResult(picture.metadata, kind) });

/** What is done to each picture. */
export interface DenoisingWork {
  removal(input: PictureInput, call: Call): Promise<Removal>;
  preview(input: PictureInput, call: Call): Promise<RevelaImage>;
}

/** How, besides the options. */
export interface DenoisingChoices {
  readonly removing: RemovalSettings;
  /** How many pictures are to come. */
  readonly pictures: number;
  /** Whether the weights were taught by the pictures. */
  readonly learnt: boolean;
}

/** What a denoiser does to pictures: measures their noise, takes it away, tells of it. */
export function denoisingWork(
  applier: ReturnType<typeof createApplier>,
  options: DenoiseOptions,
  { removing, pictures, learnt }: DenoisingChoices,
): DenoisingWork {
  let index = 0;
  const nameOf = (input: HeldPicture): string => (typeof input === 'string' ? input : `picture ${index + 1}`);
  return {
    async removal(given, { signal, onProgress }) {
      const input = await holdPicture(given, signal);
      const original = await leanPictureOf(input);
      const picture = await withVisibleColours(original);
      const name = nameOf(input);
      index += 1;
      const current = index;
      const count = Math.max(current, pictures);
      if (removing.mask !== undefined) checkMask(removing.mask, picture, name);
      const listener = {
        onTile: (tile: TileProgress) =>
          onProgress?.({ kind: 'denoising', picture: name, index: current, count, ...tile }),
        ...stopping(signal),
      };
      await tellRange(picture, name, onProgress);
      if (removing.bare) return { picture: marked(await applier.apply(picture, listener)) };
      // Noise is measured where the network sees it, too: that of a dark picture would pass for none.
      let facts: RemovalFacts | undefined;
      const cleaned = await inNetworkRange(picture, async (mapped) => {
        const intended = await intendedInRange(mapped, picture, removing);
        const made = await removeNoise(applier, mapped, intended, removing, options.keepDetail, listener);
        facts = made.facts;
        return made.picture;
      });
      // Where so little is taken away that the file would be the same, the picture is left alone, and that is said.
      if (facts !== undefined && sameWhenStored(picture, cleaned)) facts = { ...facts, removed: 0 };
      if (facts !== undefined)
        onProgress?.({ ...{ kind: 'denoised', picture: name, index: current, count, learnt }, ...facts });
      return {
        picture: facts?.removed === 0 ? new RevelaImage(await inFloats(original)) : marked(cleaned),
        ...present({ facts }),
      };
    },
    async preview(given, { signal, onProgress }) {
      const input = await holdPicture(given, signal);
      const picture = await withVisibleColours(await pictureOf(input));
      const name = nameOf(input);
      if (removing.mask !== undefined) checkMask(removing.mask, picture, name);
      await tellRange(picture, name, onProgress);
      const factor = await findRangeFactor(picture);
      const mapped = await multiplied(picture, factor);
      const intended = await intendedInRange(mapped, picture, removing);
      const told = present({ onProgress });
      const sheet = await previewOf(mapped, intended, applier, removing, {
        ...options,
        ...stopping(signal),
        ...told,
      });
      return marked({ ...sheet, data: await divided(sheet.data, factor) }, 'preview');
    },
  };
}
