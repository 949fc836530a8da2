import { type CallOptions, outcomes } from '../apply/index.js';
import type { RevelaError } from '../errors.js';
import type { RevelaImage } from '../images/index.js';

/** What came of one of many pictures: an image, or why there is none. */
export type ImageOutcome<Input> =
  | { readonly input: Input; readonly image: RevelaImage; readonly error?: undefined }
  | { readonly input: Input; readonly image?: undefined; readonly error: RevelaError };

/** The images that are made of many inputs, in their order, and what failed. */
export async function* imageOutcomes<Input>(
  inputs: Iterable<Input> | AsyncIterable<Input>,
  make: (input: Input, call: CallOptions) => Promise<RevelaImage>,
  call?: CallOptions,
): AsyncGenerator<ImageOutcome<Input>, void, undefined> {
  for await (const { input, result, error } of outcomes(inputs, make, call))
    yield error === undefined ? { input, image: result } : { input, error };
}
