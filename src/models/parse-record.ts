import { looseObject, number, string } from 'valibot';
import type { TrainingRecord } from '../networks/index.js';
import { ifRight, readJson } from '../options/index.js';
import { present } from '../present.js';

const [text, value] = [ifRight(string()), ifRight(number())];

/** What is known of a training is read; the rest stays, for people. */
const schema = looseObject({
  ...{ method: text, steps: value, seconds: value, seed: value, pictures: value },
  ...{ command: text, startedFrom: text, date: text },
  ...{ validationPsnr: value, validationSsim: value, validationLpips: value },
  ...{ validationLoss: value, validationRanking: value },
});

/** What a file says of its training; empty where it says nothing that can be read. */
export function parseRecord(stored: string | undefined): TrainingRecord {
  return present(readJson(schema, stored ?? '') ?? {});
}
