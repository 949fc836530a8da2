import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { TensorValue } from '../tensor/index.js';
import type { DeviceMemory } from './device-memory.js';
import { graphicsMemory, hostMemory } from './device-memory.js';
import { LoopTable } from './loop-table.js';
import type { OrtModule } from './ort-tensor.js';
import { fromOrt, toOrt } from './ort-tensor.js';
import type { Command, Feed, Optimization } from './protocol.js';
import type { DeviceName } from './runtime.js';
import { SessionCache } from './session-cache.js';
import { runOptions, sessionOptions } from './session-options.js';

interface Model {
  readonly bytes: Uint8Array;
  readonly outputs: readonly string[];
  readonly optimization: Optimization;
}

type Values = Readonly<Record<string, TensorValue>>;
type Of<Kind extends Command['kind']> = Extract<Command, { readonly kind: Kind }>;

const nothing: Values = {};

/** Everything that lives on the worker's side: models, their sessions, resident tensors and loops. One command at a time. */
export class SessionHost {
  readonly #ort: OrtModule;
  readonly #device: DeviceName;
  readonly #threads: number;
  readonly #memory: DeviceMemory;
  readonly #sessions: SessionCache;
  readonly #models = new Map<number, Model>();
  readonly #tensors = new Map<number, Tensor>();
  /** The sessions that resident tensors were computed by, as long as they depend on them. */
  readonly #origins = new Map<number, InferenceSession>();
  readonly #loops = new LoopTable();

  constructor(ort: OrtModule, { device, threads, maxSessions }: Of<'open'>) {
    this.#ort = ort;
    this.#device = device;
    this.#threads = threads;
    const options = sessionOptions({ device, threads, optimization: 'inference' });
    this.#memory = device === 'webgpu' ? graphicsMemory(ort, options) : hostMemory(ort);
    this.#sessions = new SessionCache(maxSessions, (session) => this.#detach(session));
  }

  /** Does what the command says. The values of the answer belong to the caller. */
  async handle(command: Exclude<Command, { kind: 'open' }>): Promise<Values> {
    switch (command.kind) {
      case 'load':
        return this.#load(command);
      case 'unload':
        this.#models.delete(command.model);
        await this.#sessions.release(command.model);
        return nothing;
      case 'run':
        return this.#run(command);
      case 'loadLoop':
        this.#loops.add(command.loop, command.compiled);
        return nothing;
      case 'unloadLoop':
        this.#loops.remove(command.loop);
        return nothing;
      case 'runLoop':
        this.#loops.run(
          command.loop,
          command.sets.map((set) => set.map((id) => this.#floats(id))),
          command.scalars,
        );
        return nothing;
      case 'upload':
        this.#keep(command.tensor, await this.#memory.upload(command.value));
        return nothing;
      case 'download':
        return { value: await this.#memory.download(this.#tensor(command.tensor)) };
      case 'free':
        for (const id of command.tensors) this.#free(id);
        return nothing;
      case 'close':
        return this.#close();
    }
  }

  async #load({ model, bytes, outputs, optimization, keep }: Of<'load'>): Promise<Values> {
    const loaded: Model = { bytes, outputs, optimization };
    const fetch = outputs.filter((name) => !keep.includes(name));
    await this.#session(model, loaded, fetch);
    this.#models.set(model, loaded);
    return nothing;
  }

  /** Where outputs shall lie is settled when a session is made, so on a graphics card there is one per set of fetched outputs. */
  #session(id: number, model: Model, fetch: readonly string[]): Promise<InferenceSession> {
    const setup = { device: this.#device, threads: this.#threads, optimization: model.optimization };
    const options = sessionOptions(setup);
    const staying = this.#memory.separate ? model.outputs.filter((name) => !fetch.includes(name)) : [];
    if (staying.length > 0)
      options.preferredOutputLocation = Object.fromEntries(
        model.outputs.map((name) => [name, staying.includes(name) ? 'gpu-buffer' : 'cpu'] as const),
      );
    return this.#sessions.get(id, staying.join('\n'), () =>
      this.#ort.InferenceSession.create(model.bytes, options),
    );
  }

  async #run({ model: id, feeds, keep, fetch }: Of<'run'>): Promise<Values> {
    const model = this.#models.get(id);
    if (model === undefined) throw new Error('this program was released');
    const returned = fetch.filter((name) => keep[name] === undefined);
    const session = await this.#session(id, model, returned);
    const inputs = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, this.#feed(feed)]));
    // With outputs on a graphics card ONNX Runtime insists on computing all of them.
    const wanted = this.#memory.separate ? model.outputs : [...Object.keys(keep), ...returned];
    const results = await session.run(inputs, wanted.length === 0 ? model.outputs : wanted, runOptions);
    const values: Record<string, TensorValue> = {};
    for (const [name, tensor] of Object.entries(results)) {
      const resident = keep[name];
      if (resident !== undefined) {
        this.#keep(resident, tensor, session);
        if (fetch.includes(name)) values[name] = await this.#memory.download(tensor);
      } else if (fetch.includes(name)) values[name] = fromOrt(tensor);
      else this.#memory.free(tensor);
    }
    return values;
  }

  #feed(feed: Feed): Tensor {
    return feed.kind === 'value' ? toOrt(this.#ort, feed.value) : this.#tensor(feed.tensor);
  }

  #tensor(id: number): Tensor {
    const tensor = this.#tensors.get(id);
    if (tensor === undefined) throw new Error('a tensor was used after its release');
    return tensor;
  }

  #floats(id: number): Float32Array {
    const { data } = this.#tensor(id);
    if (!(data instanceof Float32Array)) throw new TypeError('loops work on float32 tensors only');
    return data;
  }

  #keep(id: number, tensor: Tensor, origin?: InferenceSession): void {
    this.#free(id);
    this.#tensors.set(id, tensor);
    if (origin !== undefined && this.#memory.separate) this.#origins.set(id, origin);
  }

  /** Before a session goes: what it computed lives on. */
  async #detach(session: InferenceSession): Promise<void> {
    for (const [id, origin] of [...this.#origins]) {
      if (origin !== session) continue;
      this.#tensors.set(id, await this.#memory.detach(this.#tensor(id)));
      this.#origins.delete(id);
    }
  }

  #free(id: number): void {
    const tensor = this.#tensors.get(id);
    if (tensor !== undefined) this.#memory.free(tensor);
    this.#tensors.delete(id);
    this.#origins.delete(id);
  }

  async #close(): Promise<Values> {
    for (const id of [...this.#tensors.keys()]) this.#free(id);
    this.#models.clear();
    await this.#sessions.releaseAll();
    await this.#memory.close();
    return nothing;
  }
}
