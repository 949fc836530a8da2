// A part of api for those who train over machines: what members hand each other, and do.
export {
  areFinite,
  type Contribution,
  type Crew,
  type Moments,
  type Round,
  type RoundOutcome,
  type ShareResult,
  roundEnds,
  type RoundNumbers,
  type RoundRule,
  roundRule,
  type ShareTask,
} from '../rounds/index.js';
export {
  decodeState,
  encodeState,
  type OpenShare,
  openShare,
  ROUNDS,
  type Team,
  type TeamPaths,
  type TeamRun,
  type TeamSettings,
} from '../runs/index.js';
