import { type ScoredPicture, type Scores, worseThan } from '../../api/index.js';
import { exitCodes } from '../terminal/failure.js';
import type { ScoreFlags } from './command.js';
import { namedScoreText } from './score-table.js';

/** What `--fail-below` finds. */
export interface QualityGate {
  /** For people: a line for each picture that is worse. */
  readonly messages: readonly string[];
  /** For programs; nothing where it is not asked for. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** 0 where no picture is worse. */
  readonly exitCode: number;
}

/** Finds the pictures that are worse than `--fail-below` allows, by the first measure: each of them counts, not their mean. */
export function qualityGate<Scored extends ScoredPicture>(
  scores: Scores<Scored>,
  { failBelow: limit }: Pick<ScoreFlags, 'failBelow'>,
): QualityGate {
  const [measure] = scores.measures;
  if (limit === undefined || measure === undefined) return { messages: [], facts: {}, exitCode: 0 };
  const worse = worseThan(scores, limit);
  return {
    messages: worse.map(
      ({ picture, scores: own }) => `${picture} is worse than ${limit}: ${namedScoreText(measure, own)}`,
    ),
    facts: { failBelow: limit, worse: worse.map(({ picture }) => picture) },
    exitCode: worse.length === 0 ? 0 : exitCodes.gate,
  };
}
