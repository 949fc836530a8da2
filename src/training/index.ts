export { type Checkpoint, type StoredCheckpoint, tensorGroup } from './checkpoints.js';
export type { Metrics } from './metrics-log.js';
export type { Progress } from './progress.js';
export {
  createRunFolder,
  openRunFolder,
  type RunConfig,
  type RunFolder,
  type RunFolderOptions,
} from './run-folder.js';
export { type EventFile, type EventFileOptions, openEventFile } from './tensorboard.js';
