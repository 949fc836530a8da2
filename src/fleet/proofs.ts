import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type FleetPicture, recipeFolder } from './job.js';
import { placeIn, type SubmitStorage } from './storage/storage.js';

/** Says that a result was submitted: what it is made from, and where it goes. */
export type Proofs = (recipe: string, picture: Pick<FleetPicture, 'input' | 'output'>) => string;

/** Where the key of a folder of results lies. */
const keyPlace = (folder: string): string => placeIn(folder, `${recipeFolder}/key`);

/**
 * Opens the key of a folder of results, and makes one where there is none. Who submits has the folder, and so has it; workers elsewhere get
 * their jobs' proofs alone. So `revela fleet share` knows, of whoever asks it to write something, that it was submitted.
 *
 * @throws RevelaError where it cannot be read or written
 */
export async function makeProofs(storage: SubmitStorage, folder: string): Promise<Proofs> {
  return proofsBy(await storage.putOnce(keyPlace(folder), randomBytes(32).toString('hex')), folder);
}

/**
 * Whether a result was submitted.
 *
 * @param proof what comes with it
 * @throws RevelaError where the key cannot be read
 */
export async function isProven(
  storage: SubmitStorage,
  folder: string,
  recipe: string,
  { proof = '', ...picture }: Pick<FleetPicture, 'input' | 'output' | 'proof'>,
): Promise<boolean> {
  const key = await storage.read(keyPlace(folder), '');
  if (key === undefined) return false;
  const [given, right] = [Buffer.from(proof), Buffer.from(proofsBy(key, folder)(recipe, picture))];
  return given.length === right.length && timingSafeEqual(given, right);
}

const proofsBy =
  (key: string, folder: string): Proofs =>
  (recipe, { input, output }) =>
    createHmac('sha256', key)
      .update(JSON.stringify([folder, recipe, input, output]))
      .digest('base64url')
      .slice(0, 22);
