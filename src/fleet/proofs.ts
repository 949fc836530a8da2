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
  return isSame(proof, proofsBy(key, folder)(recipe, picture));
}

/**
 * Opens the key of a run that is trained over machines, and makes one where there is none.
 *
 * @param rounds the place of what its members hand each other
 * @returns what proves that somebody has a share of the run
 * @throws RevelaError where it cannot be read or written
 */
export async function memberProof(storage: SubmitStorage, rounds: string): Promise<string> {
  const key = await storage.putOnce(placeIn(rounds, 'key'), randomBytes(32).toString('hex'));
  return memberProofBy(key, rounds);
}

/**
 * Whether somebody has a share of a run.
 *
 * @throws RevelaError where the key cannot be read
 */
export async function isMember(storage: SubmitStorage, rounds: string, proof: string): Promise<boolean> {
  const key = await storage.read(placeIn(rounds, 'key'), '');
  return key !== undefined && isSame(proof, memberProofBy(key, rounds));
}

const memberProofBy = (key: string, rounds: string): string => signed(key, ['training', rounds]);

const proofsBy =
  (key: string, folder: string): Proofs =>
  (recipe, { input, output }) =>
    signed(key, [folder, recipe, input, output]);

const signed = (key: string, parts: readonly string[]): string =>
  createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url').slice(0, 22);

function isSame(proof: string, right: string): boolean {
  const [given, expected] = [Buffer.from(proof), Buffer.from(right)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}
