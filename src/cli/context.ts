import type { Stop } from './terminal/stop.js';

/** Standard output or standard error. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string | Uint8Array): unknown;
}

/** Standard input. */
export interface Input extends AsyncIterable<Uint8Array> {
  readonly isTTY?: boolean;
}

/** What the commands see of the process that they run in. */
export interface Context {
  /** A picture may come from there; default: nothing does. */
  readonly stdin?: Input | undefined;
  /** For results, which other programs may read. */
  readonly stdout: Output;
  /** For people: progress, notes, errors. */
  readonly stderr: Output;
  /** Whether progress may have colours. */
  readonly colour: boolean;
  /** The folder of the models that are downloaded and registered, where no option names another. */
  readonly modelFolder: string;
  /** Whether people see errors only: no progress, no notes, no summary; default false. */
  readonly quiet?: boolean;
  /** Whether nothing may be downloaded, whatever the options say. */
  readonly offline: boolean;
  /** From now on Ctrl-C asks the command to end; before the first call it ends the process. */
  listenForStop(): Stop;
}
