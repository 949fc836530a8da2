import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { DType, TensorData, TensorValue } from '../tensor/index.js';
import type { Answer, Feed, Request, SessionSettings } from './protocol.js';

/** The part of ONNX Runtime's JavaScript interface that is used here; Node's and the browser's packages both have it. */
export interface OrtModule {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: new (type: DType, data: TensorData, shape: readonly number[]) => OrtTensor;
}

type LoopFunction = (length: number, ...operands: (Float32Array | number)[]) => void;

function isDType(type: string): type is DType {
  return type === 'float32' || type === 'int32' || type === 'int64' || type === 'bool';
}

function dtypeOf(tensor: OrtTensor): DType {
  if (!isDType(tensor.type)) throw new Error(`ONNX Runtime returned a ${tensor.type} tensor`);
  return tensor.type;
}

function toValue(tensor: OrtTensor): TensorValue {
  const { data, dims } = tensor;
  if (
    data instanceof Float32Array ||
    data instanceof Int32Array ||
    data instanceof BigInt64Array ||
    data instanceof Uint8Array
  )
    return { data, shape: [...dims], dtype: dtypeOf(tensor) };
  throw new Error(`ONNX Runtime returned a ${tensor.type} tensor`);
}

function sessionOptions({
  provider,
  threads,
  keep,
  training,
}: SessionSettings): InferenceSession.SessionOptions {
  const common: InferenceSession.SessionOptions = {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    logSeverityLevel: 4,
    extra: training ? { session: { set_denormal_as_zero: '1' } } : {},
  };
  if (provider !== 'webgpu' || keep.length === 0) return common;
  return { ...common, preferredOutputLocation: Object.fromEntries(keep.map((name) => [name, 'gpu-buffer'])) };
}

/** Owns ONNX Runtime's sessions and the tensors that stay with them; runs inside a worker, one request at a time. */
export class SessionHost {
  readonly #sessions = new Map<number, InferenceSession>();
  readonly #loops = new Map<number, LoopFunction>();
  readonly #tensors = new Map<number, OrtTensor>();

  constructor(private readonly ort: OrtModule) {}

  async handle(request: Request): Promise<Answer> {
    switch (request.kind) {
      case 'load':
        this.#sessions.set(
          request.session,
          await this.ort.InferenceSession.create(request.bytes, sessionOptions(request.settings)),
        );
        return {};
      case 'run':
        return this.#run(request);
      case 'unload':
        await this.#sessions.get(request.session)?.release();
        this.#sessions.delete(request.session);
        return {};
      case 'loadLoop':
        this.#loops.set(request.loop, compiledFunction(request.names, request.source));
        return {};
      case 'runLoop':
        this.#runLoop(request);
        return {};
      case 'upload':
        this.#tensors.set(request.tensor, this.#tensor(request.value));
        return {};
      case 'download':
        return { value: toValue(this.#resident(request.tensor)) };
      case 'release':
        for (const id of request.tensors) {
          this.#tensors.get(id)?.dispose();
          this.#tensors.delete(id);
        }
        return {};
    }
  }

  #tensor({ dtype, data, shape }: TensorValue): OrtTensor {
    return new this.ort.Tensor(dtype, data, shape);
  }

  #resident(id: number): OrtTensor {
    const tensor = this.#tensors.get(id);
    if (tensor === undefined) throw new Error('a tensor was used after it was released');
    return tensor;
  }

  async #run({ session: id, feeds, fetch, keep }: Extract<Request, { kind: 'run' }>): Promise<Answer> {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new Error('a model was run after it was released');
    const tensorOf = (feed: Feed): OrtTensor =>
      'value' in feed ? this.#tensor(feed.value) : this.#resident(feed.resident);
    const results = await session.run(
      Object.fromEntries(feeds.map(([name, feed]) => [name, tensorOf(feed)])),
    );
    const result = (name: string): OrtTensor => {
      const tensor = results[name];
      if (tensor === undefined) throw new Error(`the model has no output ${name}`);
      return tensor;
    };
    for (const [name, tensor] of keep) this.#tensors.set(tensor, result(name));
    return {
      fetched: fetch.map((name) => [name, toValue(result(name))]),
      kept: keep.map(([name]) => [name, { shape: [...result(name).dims], dtype: dtypeOf(result(name)) }]),
    };
  }

  #runLoop({ loop: id, sets, scalars }: Extract<Request, { kind: 'runLoop' }>): void {
    const loop = this.#loops.get(id);
    if (loop === undefined) throw new Error('a loop was run before it was loaded');
    for (const set of sets) {
      const arrays = set.map((tensor) => {
        const { data } = this.#resident(tensor);
        if (!(data instanceof Float32Array)) throw new Error('loops work on float32 tensors only');
        return data;
      });
      loop(arrays[0]?.length ?? 0, ...arrays, ...scalars);
    }
  }
}

/** The function that a compiled loop stands for. */
function compiledFunction(names: readonly string[], source: string): LoopFunction {
  // The source is this program's own (compile/loop.ts): arithmetic on its arguments and nothing else.
  const made: unknown = new Function('length', ...names, source);
  if (typeof made !== 'function') throw new Error('a loop did not compile');
  return (length, ...operands) => {
    made(length, ...operands);
  };
}
