export type {
  DeviceName,
  DeviceTensor,
  Executable,
  Holdings,
  LoadOptions,
  Loop,
  ProgramShelf,
  RunOptions,
  RunResult,
  Runtime,
} from './runtime.js';
export { convolutionSpeed, matmulSpeed } from './speed.js';
export { neededFeeds } from './needed-feeds.js';
