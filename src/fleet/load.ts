/** What a fleet is to do, for {@link fleetLoad}. */
export interface FleetPlan {
  readonly pictures: number;
  /** Bytes of one picture's file. */
  readonly pictureBytes: number;
  /** Pictures of one job: 1, or about 30 of small ones. */
  readonly picturesPerJob: number;
  /** Letters of a picture's path in the shared folder; its result's has as many. */
  readonly pathLength: number;
  readonly workers: number;
  /** Seconds that a worker takes for one picture. */
  readonly secondsPerPicture: number;
  /** Bytes a second that the shared folder gives and takes, all machines together. */
  readonly folderBytesPerSecond: number;
  /** Bytes a second that one machine reads and hashes where it submits. */
  readonly submitBytesPerSecond: number;
  /** How many processes submit, each a `--shard`; default 1. */
  readonly submitters?: number;
  /** Seconds between two renewals of a lock; default 60. */
  readonly renewSeconds?: number;
}

/** What that comes to. */
export interface FleetLoad {
  readonly jobs: number;
  /** Bytes that Redis holds where all jobs wait. */
  readonly redisBytes: number;
  /** Commands a second that Redis gets while all workers work. */
  readonly redisCommands: number;
  /** Seconds that each part would take if it were the only one. */
  readonly seconds: Readonly<Record<'submitting' | 'computing' | 'folder' | 'redis', number>>;
  /** The slowest of them: what more machines do not help with, unless it is computing. */
  readonly bottleneck: 'submitting' | 'computing' | 'folder' | 'redis';
}

/** Bytes of a job in Redis besides its pictures, and of a picture besides its paths: measured, see test/fleet/load.test.ts. */
const [jobBytes, pictureBytes] = [1000, 240];

/** Commands of a job: it is added, taken, finished; each is one script. A worker that waits asks every five seconds. */
const commandsPerJob = 3;

/** Scripts a second that one core of a Redis does, with much to spare. */
const commandsPerSecond = 10_000;

/**
 * The arithmetic of a fleet: what Redis holds, how long each part takes, and which of them is the bottleneck.
 *
 * @example
 * const { bottleneck, redisBytes } = fleetLoad({
 *   ...{ pictures: 1e7, pictureBytes: 4e6, picturesPerJob: 1, pathLength: 40 },
 *   ...{ workers: 1000, secondsPerPicture: 5, submitters: 4 },
 *   ...{ folderBytesPerSecond: 10e9, submitBytesPerSecond: 400e6 },
 * });
 */
export function fleetLoad(plan: FleetPlan): FleetLoad {
  const { pictures, picturesPerJob, pathLength, workers, secondsPerPicture } = plan;
  const { submitters = 1, renewSeconds = 60 } = plan;
  const jobs = Math.ceil(pictures / picturesPerJob);
  const redisBytes = jobs * jobBytes + pictures * (pictureBytes + 2 * pathLength);
  const computing = (pictures * secondsPerPicture) / workers;
  // Each is read twice, to be submitted and to be done, and its result is as large.
  const folder = (3 * pictures * plan.pictureBytes) / plan.folderBytesPerSecond;
  const submitting = (pictures * plan.pictureBytes) / (plan.submitBytesPerSecond * submitters);
  const redis = (jobs * commandsPerJob) / commandsPerSecond;
  const seconds = { submitting, computing, folder, redis };
  const longest = Math.max(submitting, computing, folder, redis);
  const parts = ['computing', 'folder', 'submitting', 'redis'] as const;
  return {
    ...{ jobs, redisBytes, seconds },
    redisCommands: (jobs * commandsPerJob) / longest + workers / renewSeconds,
    bottleneck: parts.find((part) => seconds[part] === longest) ?? 'computing',
  };
}
