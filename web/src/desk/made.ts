import type { Pixels } from 'revela/web';

/** A picture with more and less detail, or one that was enlarged. */
export interface Made {
  readonly layers: readonly { readonly detail: number; readonly image: Pixels }[];
  /** Whether the layers are mixed with the picture; an enlarged picture is one layer that is shown as it is. */
  readonly mixed: boolean;
}
