import { deviceOptions, type DeviceOptions, onDevice, picturePace } from '../../apply/index.js';
import { OptionError, RevelaError } from '../../errors.js';
import { checkReplacesNone } from '../../file-identity.js';
import { checkTarget, findPictures } from '../../images/index.js';
import { present } from '../../present.js';
import { type SfdTermName, sfdRuleDefault, sfdTermNames, statisticsOf } from '../../quality/index.js';
import { longSideDefault, tileDefault } from '../critic/long-side.js';
import { lookingOptions } from '../critic/looking-options.js';
import { criticMeasure, type OpenCritic } from '../critic/open-critic.js';
import { checked, type OptionsOf } from '../../options/index.js';
import { neededJudges, readJudges, writeCalibrated } from './judges-file.js';
import type { CalibratedTerms } from './judges-metadata.js';
import { eyeOfJudges, sfdCritic } from './sfd-critic.js';
import { type CalibrateSfdIqaOptions, calibrateSfdIqaOptions } from './calibration-options.js';
import { sfdIqaOptions } from './sfd-iqa-facts.js';
import { settledRule, sfdMeasureBy } from './settled-rule.js';

const own = { ...sfdIqaOptions, ...lookingOptions };

/** Options of {@link openSfdIqa}. */
export interface SfdIqaOptions extends DeviceOptions, OptionsOf<typeof own> {
  readonly judges: string;
}

/**
 * Opens SFD-IQA (Dong et al., CVPR 2025, as far as it is known): a score from the discriminators of a training of the
 * stage sfd, without a reference and without ever having seen an opinion. Higher is better; in [0, 1], or without bounds
 * where terms are standardised: `measure.range` says.
 *
 * @throws RevelaError for anything that the user can mend: files that hold something else, another CLIP than that of the
 *   training, a wrong option, an absent device
 *
 * @example
 * const measure = await openSfdIqa({ judges: 'runs/sfd', clip: 'RN50.pt' });
 * console.log(await measure.score('photo.jpg'));
 * await measure.close();
 */
export async function openSfdIqa(options: SfdIqaOptions): Promise<OpenCritic> {
  return sfdIqaFor(checked('openSfdIqa', { ...deviceOptions, ...own }, options));
}

/** The same, of options that were checked, and may be those of another function. */
export async function sfdIqaFor(options: DeviceOptions & OptionsOf<typeof own>): Promise<OpenCritic> {
  const judges = neededJudges(options.judges);
  const stored = await readJudges(judges);
  const { tile = tileDefault, longSide = stored.statistics?.longSide ?? longSideDefault } = options;
  const rule = settledRule(options, stored, longSide);
  const eye = await eyeOfJudges(stored, options, judges);
  return onDevice(options, async (runtime) =>
    criticMeasure(runtime, {
      measure: sfdMeasureBy(rule),
      critic: await sfdCritic(runtime, stored, eye, rule),
      ...{ longSide, tile },
      ...present({ signal: options.signal }),
    }),
  );
}

/**
 * Measures mean and standard deviation of SFD-IQA's terms on a set of pictures and writes a file: Feat-D, one vector for
 * each prompt pair in place of what was learnt (CLIP's text encoder is not needed again), and what was measured.
 * By default a measure by such a file standardises its terms, so that neither outweighs the other.
 *
 * @returns what was measured
 * @throws RevelaError as {@link openSfdIqa} does, for fewer than two pictures, and where the file cannot be written
 *
 * @example
 * await calibrateSfdIqa({ judges: 'runs/sfd', pictures: ['photos/'], output: 'sfd-iqa.safetensors' });
 * const measure = await openSfdIqa({ judges: 'sfd-iqa.safetensors', clip: 'RN50.pt' });
 */
export async function calibrateSfdIqa(options: CalibrateSfdIqaOptions): Promise<CalibratedTerms> {
  const asked = checked('calibrateSfdIqa', calibrateSfdIqaOptions, options);
  const { judges, output, overwrite = false, recursive = false, onProgress } = asked;
  const { longSide = longSideDefault, tile = tileDefault } = asked;
  if (asked.pictures.length === 0) throw new OptionError('name pictures to measure the terms on');
  await checkTarget(output, { overwrite });
  const files = await findPictures(asked.pictures, {
    recursive,
    onLeftOut: (message) => onProgress?.({ kind: 'note', message }),
  });
  await checkReplacesNone([output], files, 'picture');
  await checkReplacesNone([output], [judges], 'file');
  if (files.length < 2)
    throw new RevelaError(
      'terms are measured on several pictures, got one; give at least two, better hundreds',
    );
  const stored = await readJudges(judges);
  const eye = await eyeOfJudges(stored, asked, judges);
  return onDevice(asked, async (runtime) => {
    const critic = await sfdCritic(runtime, stored, eye, sfdRuleDefault);
    await using measure = await criticMeasure(runtime, {
      measure: sfdMeasureBy(sfdRuleDefault),
      ...{ critic, longSide, tile },
      ...present({ signal: asked.signal }),
    });
    const terms: Readonly<Partial<Record<SfdTermName, number>>>[] = [];
    const pace = picturePace(files.length);
    for (const file of files) {
      terms.push(await measure.terms(file));
      onProgress?.({ kind: 'measuring', picture: file, ...pace() });
    }
    const names = sfdTermNames.filter((name) => terms[0]?.[name] !== undefined);
    const statistics = { terms: statisticsOf(terms, names), longSide, pictures: files.length };
    const { directions } = critic;
    await writeCalibrated(output, {
      ...{ eye: stored.eye, clipNormalisation: stored.clipNormalisation },
      ...present({
        feature: stored.feature,
        prompt: stored.prompt &&
          directions && { scale: stored.prompt.scale, input: stored.prompt.input, directions },
      }),
      statistics,
    });
    return statistics;
  });
}
