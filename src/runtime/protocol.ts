import type { CompiledLoop, LoweringTarget, Port } from '../compile/index.js';
import type { FlatProgram, TensorValue } from '../tensor/index.js';
import type { DeviceName } from './runtime.js';

/**
 * What the two sides of a runtime say to each other: the caller's thread asks, the worker that owns the sessions answers.
 * Nothing here knows how messages travel, so a browser worker speaks the same language.
 *
 * The worker answers every request once, in the order in which they came. Models, tensors and loops are named by numbers
 * that the caller picks, so that it need not wait for an answer before it refers to them.
 */
export type Request = { readonly id: number } & Command;

/** How hard ONNX Runtime may bend a graph, and whether denormal numbers matter. */
export type Optimization = 'training' | 'inference';

/** One input of a run: numbers, or a tensor that already lives with the worker. */
export type Feed =
  | { readonly kind: 'value'; readonly value: TensorValue }
  | { readonly kind: 'resident'; readonly tensor: number };

/** A model that is compiled already, or a program that the worker compiles. Answered with the model's ports. */
export type ModelSource =
  | { readonly kind: 'compiled'; readonly bytes: Uint8Array; readonly ports: ModelPorts }
  | { readonly kind: 'program'; readonly program: FlatProgram; readonly target: LoweringTarget };

/** What a model takes and gives. */
export interface ModelPorts {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** What there is to say to a command that went well. */
export interface Answer {
  readonly values: Readonly<Record<string, TensorValue>>;
  readonly ports?: ModelPorts;
  readonly held?: Holdings;
}

/** What a worker holds: what has to be released by somebody. */
export interface Holdings {
  readonly models: number;
  readonly sessions: number;
  readonly tensors: number;
  readonly loops: number;
}

export type Command =
  | {
      readonly kind: 'open';
      readonly device: DeviceName;
      readonly threads: number;
    }
  | {
      readonly kind: 'load';
      readonly model: number;
      readonly source: ModelSource;
      readonly optimization: Optimization;
      /** Outputs that runs are expected to keep; the first session is made for them. */
      readonly keep: readonly string[];
    }
  | { readonly kind: 'unload'; readonly model: number }
  | {
      readonly kind: 'run';
      readonly model: number;
      readonly feeds: Readonly<Record<string, Feed>>;
      /** Outputs that stay with the worker, and the numbers they shall have. */
      readonly keep: Readonly<Record<string, number>>;
      /** Outputs to send back. */
      readonly fetch: readonly string[];
    }
  | {
      readonly kind: 'loadLoop';
      readonly loop: number;
      readonly compiled: CompiledLoop;
    }
  | { readonly kind: 'unloadLoop'; readonly loop: number }
  | {
      readonly kind: 'runLoop';
      readonly loop: number;
      /** Per set, the tensors of the loop's arrays. */
      readonly sets: readonly (readonly number[])[];
      readonly scalars: readonly number[];
    }
  /** Makes a resident tensor, or gives an existing one new numbers. */
  | { readonly kind: 'upload'; readonly tensor: number; readonly value: TensorValue }
  /** Answered with one value named `value`. */
  | { readonly kind: 'download'; readonly tensor: number }
  | { readonly kind: 'free'; readonly tensors: readonly number[] }
  /** Answered with what is held. */
  | { readonly kind: 'count' }
  | { readonly kind: 'close' };

/** Forget the request if it has not begun. It is answered with `cancelled`, or as usual if it had begun. */
export interface Cancel {
  readonly kind: 'cancel';
  readonly id: number;
}

/** An answer. Its values belong to the receiver: their buffers are handed over, not copied. */
export type Reply =
  | { readonly id: number; readonly outcome: 'done'; readonly answer: Answer }
  | { readonly id: number; readonly outcome: 'failed'; readonly message: string }
  | { readonly id: number; readonly outcome: 'cancelled' };
