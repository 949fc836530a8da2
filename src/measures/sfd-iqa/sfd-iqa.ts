import { OptionError, RevelaError } from '../../errors.js';
import { expectList, expectPath, type OptionNames, refuseUnknownOptions } from '../../known-options.js';
import { checkTarget, findPictures } from '../../images/index.js';
import { type SfdTermName, sfdRuleDefault, sfdTermNames, statisticsOf } from '../../quality/index.js';
import { checkReplacesNone } from '../../file-identity.js';
import { present } from '../../present.js';
import { type LongSide, longSideDefault, settledLongSide, settledTile } from '../critic/judged-picture.js';
import { deviceOptions, type DeviceOptions, onDevice, picturePace } from '../../apply/index.js';
import { readJudges, writeScorer } from './judges-file.js';
import type { ScorerStatistics } from './judges-metadata.js';
import { type QualityScorer, scorerOf } from '../critic/quality-scorer.js';
import { eyeOfJudges, sfdCritic } from './sfd-critic.js';
import { type SfdRuleOptions, settledRule, sfdMeasureBy } from './sfd-rule-options.js';

/** What SFD-IQA is made of, and how large pictures are looked at. */
export interface SfdIqaSources extends DeviceOptions {
  /**
   * A run folder of the stage sfd, its `judges.safetensors`, or a scorer that {@link calibrateSfdIqa} made.
   */
  readonly judges: string;
  /** The CLIP that they were trained with. Default: the file that the run folder names. */
  readonly clip?: string;
  /** The SqueezeNet or AlexNet that they were trained with, likewise. */
  readonly backbone?: string;
  /** Pictures with a longer side are made smaller first; `full`: none. Default 1024, or what the scorer was measured at. */
  readonly longSide?: LongSide;
  /** Largest side of the tiles that large pictures are seen in, a multiple of 32; default 1024. Scores do not depend on it. */
  readonly tile?: number;
}

const sourceNames: OptionNames<SfdIqaSources> = {
  ...{ ...deviceOptions, judges: true, clip: true, backbone: true, longSide: true, tile: true },
};

/** Options of {@link openSfdIqa}. */
export interface SfdIqaOptions extends SfdIqaSources, SfdRuleOptions {}

const optionNames: OptionNames<SfdIqaOptions> = {
  ...{ ...sourceNames, combine: true, featureWeight: true, sigmoid: true, standardise: true },
};

/**
 * Opens SFD-IQA (Dong et al., CVPR 2025, as far as it is known): a score from the discriminators of a training of the
 * stage sfd, without a reference and without ever having seen an opinion. Higher is better; in [0, 1], or without bounds
 * where terms are standardised: `measure.range` says.
 *
 * @throws RevelaError for anything that the user can mend: files that hold something else, another CLIP than that of the
 *   training, a wrong option, an absent device
 *
 * @example
 * const scorer = await openSfdIqa({ judges: 'runs/sfd', clip: 'RN50.pt' });
 * console.log(await scorer.score('photo.jpg'));
 * await scorer.close();
 */
export async function openSfdIqa(options: SfdIqaOptions): Promise<QualityScorer> {
  refuseUnknownOptions('openSfdIqa', options, optionNames);
  return sfdIqaFor(options);
}

/** The same, of options that were checked, and may be those of another function. */
export async function sfdIqaFor(options: SfdIqaOptions): Promise<QualityScorer> {
  expectPath(options.judges, 'judges');
  const stored = await readJudges(options.judges);
  const tile = settledTile(options.tile);
  const longSide = settledLongSide(options.longSide ?? stored.statistics?.longSide);
  const rule = settledRule(options, stored, longSide);
  const eye = await eyeOfJudges(stored, options, options.judges);
  return onDevice(options, async (runtime) =>
    scorerOf(runtime, {
      measure: sfdMeasureBy(rule),
      critic: await sfdCritic(runtime, stored, eye, rule),
      ...{ longSide, tile },
      ...present({ signal: options.signal }),
    }),
  );
}

/** Options of {@link calibrateSfdIqa}. */
export interface CalibrateSfdIqaOptions extends SfdIqaSources {
  /** Pictures to measure the terms on, a fixed set that nobody has judged: files, globs or folders. */
  readonly pictures: readonly string[];
  /** Also look for pictures in the folders inside folders. */
  readonly recursive?: boolean;
  /** The scorer's file, safetensors. */
  readonly output: string;
  /** Whether an existing file may be replaced; default false. */
  readonly overwrite?: boolean;
}

const calibrationNames: OptionNames<CalibrateSfdIqaOptions> = {
  ...{ ...sourceNames, pictures: true, recursive: true, output: true, overwrite: true },
};

/**
 * Measures mean and standard deviation of SFD-IQA's terms on a set of pictures and writes a scorer: Feat-D, one vector for
 * each prompt pair in place of what was learnt (CLIP's text encoder is not needed again), and what was measured.
 * By default such a scorer standardises its terms, so that neither outweighs the other.
 *
 * @returns what was measured
 * @throws RevelaError as {@link openSfdIqa} does, for fewer than two pictures, and where the file cannot be written
 *
 * @example
 * await calibrateSfdIqa({ judges: 'runs/sfd', pictures: ['photos/'], output: 'sfd-iqa.safetensors' });
 * const scorer = await openSfdIqa({ judges: 'sfd-iqa.safetensors', clip: 'RN50.pt' });
 */
export async function calibrateSfdIqa(options: CalibrateSfdIqaOptions): Promise<ScorerStatistics> {
  refuseUnknownOptions('calibrateSfdIqa', options, calibrationNames);
  const { output, overwrite = false, recursive = false, onProgress } = options;
  expectPath(options.judges, 'judges');
  expectPath(output, 'output');
  expectList(options.pictures, 'pictures', 'files, patterns or folders');
  if (options.pictures.length === 0) throw new OptionError('name pictures to measure the terms on');
  await checkTarget(output, { overwrite });
  const files = await findPictures(options.pictures, {
    recursive,
    onLeftOut: (message) => onProgress?.({ kind: 'note', message }),
  });
  await checkReplacesNone([output], files, 'picture');
  await checkReplacesNone([output], [options.judges], 'file');
  if (files.length < 2)
    throw new RevelaError(
      'terms are measured on several pictures, got one; give at least two, better hundreds',
    );
  const stored = await readJudges(options.judges);
  const tile = settledTile(options.tile);
  const longSide = settledLongSide(options.longSide ?? longSideDefault);
  const eye = await eyeOfJudges(stored, options, options.judges);
  return onDevice(options, async (runtime) => {
    const critic = await sfdCritic(runtime, stored, eye, sfdRuleDefault);
    await using scorer = await scorerOf(runtime, {
      measure: sfdMeasureBy(sfdRuleDefault),
      ...{ critic, longSide, tile },
      ...present({ signal: options.signal }),
    });
    const terms: Readonly<Partial<Record<SfdTermName, number>>>[] = [];
    const pace = picturePace(files.length);
    for (const file of files) {
      terms.push(await scorer.terms(file));
      onProgress?.({ kind: 'measuring', picture: file, ...pace() });
    }
    const names = sfdTermNames.filter((name) => terms[0]?.[name] !== undefined);
    const statistics = { terms: statisticsOf(terms, names), longSide, pictures: files.length };
    const { directions } = critic;
    await writeScorer(output, {
      ...{ eye: stored.eye, clipNormalisation: stored.clipNormalisation },
      ...present({ feature: stored.feature }),
      ...(stored.prompt === undefined || directions === undefined
        ? {}
        : { prompt: { scale: stored.prompt.scale, input: stored.prompt.input, directions } }),
      statistics,
    });
    return statistics;
  });
}
