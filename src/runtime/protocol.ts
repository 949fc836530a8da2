import type { DType, Shape, TensorValue } from '../tensor/index.js';

/** A value fed to a run: its numbers, or the number of a tensor that lives in the worker. */
export type Feed = { readonly value: TensorValue } | { readonly resident: number };

/** How a session is made. */
export interface SessionSettings {
  readonly provider: 'cpu' | 'webgpu' | 'cuda';
  readonly threads: number;
  /** Outputs that stay on the device. */
  readonly keep: readonly string[];
  readonly training: boolean;
}

/** What the runtime asks of the worker that owns the sessions. Sessions, loops and tensors go by numbers it chooses. */
export type Request =
  | {
      readonly kind: 'load';
      readonly session: number;
      readonly bytes: Uint8Array;
      readonly settings: SessionSettings;
    }
  | {
      readonly kind: 'run';
      readonly session: number;
      readonly feeds: readonly (readonly [name: string, feed: Feed])[];
      readonly fetch: readonly string[];
      readonly keep: readonly (readonly [name: string, tensor: number])[];
    }
  | { readonly kind: 'unload'; readonly session: number }
  | {
      readonly kind: 'loadLoop';
      readonly loop: number;
      readonly source: string;
      readonly names: readonly string[];
    }
  | {
      readonly kind: 'runLoop';
      readonly loop: number;
      readonly sets: readonly (readonly number[])[];
      readonly scalars: readonly number[];
    }
  | { readonly kind: 'upload'; readonly tensor: number; readonly value: TensorValue }
  | { readonly kind: 'download'; readonly tensor: number }
  | { readonly kind: 'release'; readonly tensors: readonly number[] };

/** What comes back: fetched outputs by name, or one value. */
export interface Answer {
  readonly fetched?: readonly (readonly [name: string, value: TensorValue])[];
  readonly kept?: readonly (readonly [
    name: string,
    type: { readonly shape: Shape; readonly dtype: DType },
  ])[];
  readonly value?: TensorValue;
}

/** A request with the number its reply will carry. */
export interface Envelope {
  readonly id: number;
  readonly request: Request;
}

/** The reply to a request: an answer, or the message of the error. */
export type Reply =
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly error: string };
