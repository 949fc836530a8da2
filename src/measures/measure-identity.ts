import { createHash } from 'node:crypto';
import { OptionError } from '../errors.js';
import { packageVersion } from '../package-version.js';
import { clipIqaPairs, sfdRuleDefault } from '../quality/index.js';
import { fileSha256, modelPath } from '../weights/index.js';
import { longSideDefault } from './critic/judged-picture.js';
import { readJudges } from './sfd-iqa/judges-file.js';
import type { MeasureName } from './measures.js';
import type { MeasureOptions } from './open-measure.js';
import { weightsAt, shippedNiqePath, shippedScorerPath } from '../models/index.js';

/** What scores depend on besides pictures: the bytes of files, and choices. */
interface Ingredients {
  readonly files: readonly string[];
  readonly choices?: object;
}

const pathOf = (given: unknown, title: string): string => {
  if (typeof given === 'string') return given;
  throw new OptionError(
    `a record of scores needs to know the files of ${title}: give paths, not what was read`,
  );
};

/** Of every measure; what is missing is refused where the measure is opened. */
const ingredients: Readonly<Record<MeasureName, (options: MeasureOptions) => Promise<Ingredients>>> = {
  revela: async ({ scorer = shippedScorerPath() }) => ({
    files: [await weightsAt(pathOf(scorer, "Revela's scorer"))],
  }),
  niqe: async ({ niqeModel = shippedNiqePath() }) => ({ files: [pathOf(niqeModel, 'NIQE')] }),
  'il-niqe': async ({ ilNiqeModel }) => ({ files: [pathOf(ilNiqeModel, 'IL-NIQE')] }),
  async brisque({ brisqueModel }) {
    const { model, range } =
      brisqueModel !== undefined && 'range' in brisqueModel
        ? brisqueModel
        : { model: undefined, range: undefined };
    return { files: [pathOf(model, 'BRISQUE'), pathOf(range, 'BRISQUE')] };
  },
  'clip-iqa': async ({ clip, pairs = clipIqaPairs, longSide = longSideDefault }) => ({
    files: [pathOf(clip, 'CLIP-IQA')],
    choices: { pairs, longSide },
  }),
  async 'sfd-iqa'({ judges, combine, featureWeight, sigmoid, standardise, longSide }) {
    // The file says which CLIP it belongs to, and no other is taken.
    const { path } = await readJudges(pathOf(judges, 'SFD-IQA'));
    const { statistics: _, ...rule } = sfdRuleDefault;
    return {
      files: [path],
      choices: { rule, combine, featureWeight, sigmoid, standardise, longSide },
    };
  },
};

/**
 * A hash of everything that a measure's scores depend on besides the picture: which measure it is, the content of its files, its
 * options, and the version of this program. Scores of the same pixels under the same hash are equal, up to rounding.
 *
 * @throws RevelaError for a file that cannot be read, or a model that was not given as one
 */
export async function measureIdentity(name: MeasureName, options: MeasureOptions): Promise<string> {
  const { files, choices = {} } = await ingredients[name](options);
  const hashes: string[] = [];
  for (const file of files) hashes.push(await fileSha256(await modelPath(file)));
  return createHash('sha256')
    .update(JSON.stringify({ name, version: packageVersion(), hashes, choices }))
    .digest('hex');
}
