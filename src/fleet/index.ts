export { type FleetLoad, fleetLoad, type FleetPlan } from './load.js';
export {
  cancelFleet,
  type CancelOptions,
  type FailedJob,
  type FleetStatus,
  fleetStatus,
  retryFleet,
  type StatusOptions,
} from './manage.js';
export type { FleetOptions, WorkerName } from './queue.js';
export type { Team } from '../api/rounds.js';
export { openTeam, type TeamOptions } from './training/open-team.js';
export {
  type DoneShare,
  takePart,
  type TakePartOptions,
  type TookPart,
} from './training/take-part.js';
export { submitPictures } from './submit.js';
export type { FleetWork, Submitted, SubmitOptions } from './submit-options.js';
export { workInFleet } from './work.js';
export type { DonePicture, FailedWork, Worked, WorkOptions } from './work-options.js';
export { shareFolder, type ShareOptions, type Sharing } from './share/share.js';
export { readTokens, type Tokens } from '../tokens.js';
