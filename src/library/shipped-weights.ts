import { fileURLToPath } from 'node:url';

/** The file of the denoiser that the package ships. */
export function shippedDenoiserPath(): string {
  return fileURLToPath(new URL('../../models/sdap-dbsnl-32x3.safetensors', import.meta.url));
}

/** The file of the scorer that the package ships. */
export function shippedScorerPath(): string {
  return fileURLToPath(new URL('../../models/graded-scorer-32.safetensors', import.meta.url));
}

/** The file of NIQE's model of good photographs that the package ships: its own, not that of NIQE's release. */
export function shippedNiqePath(): string {
  return fileURLToPath(new URL('../../models/niqe-bsds500.safetensors', import.meta.url));
}

/** The file of CLIP's vocabulary that the package ships: OpenAI's, under the MIT licence. */
export function shippedClipVocabularyPath(): string {
  return fileURLToPath(new URL('../../models/clip-bpe-merges.txt.gz', import.meta.url));
}
