import { fileURLToPath } from 'node:url';

/** The file of the weights that the package ships. */
export function shippedDenoiserPath(): string {
  return fileURLToPath(new URL('../../models/sdap-dbsnl-32x3.safetensors', import.meta.url));
}
