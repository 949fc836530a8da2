import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { compile } from '../compile/index.js';
import { type TensorValue, unflattened } from '../tensor/index.js';
import type { DeviceMemory } from './device-memory.js';
import { graphicsMemory, hostMemory } from './device-memory.js';
import { LoopTable } from './loop-table.js';
import { ModelSessions, type SessionMaker } from './model-sessions.js';
import type { OrtModule } from './ort-tensor.js';
import { fromOrt, toOrt } from './ort-tensor.js';
import type { Answer, Command, Feed, ModelSource } from './protocol.js';
import { runOptions, sessionOptions } from './session-options.js';

type Of<Kind extends Command['kind']> = Extract<Command, { readonly kind: Kind }>;

const nothing: Answer = { values: {} };

/** Everything that lives on the worker's side: models, their sessions, resident tensors and loops. One command at a time. */
export class SessionHost {
  readonly #ort: OrtModule;
  readonly #memory: DeviceMemory;
  readonly #maker: SessionMaker;
  readonly #models = new Map<number, ModelSessions>();
  readonly #tensors = new Map<number, Tensor>();
  /** The sessions that resident tensors were computed by, as long as they depend on them. */
  readonly #origins = new Map<number, InferenceSession>();
  readonly #loops = new LoopTable();

  constructor(ort: OrtModule, { device, threads }: Of<'open'>) {
    this.#ort = ort;
    const options = sessionOptions({ device, threads, optimization: 'inference' });
    this.#memory = device === 'webgpu' ? graphicsMemory(ort, options) : hostMemory(ort);
    this.#maker = {
      separate: this.#memory.separate,
      create: (bytes, optimization, staying, outputs) => {
        const own = sessionOptions({ device, threads, optimization });
        if (staying.length > 0)
          own.preferredOutputLocation = Object.fromEntries(
            outputs.map((name) => [name, staying.includes(name) ? 'gpu-buffer' : 'cpu'] as const),
          );
        return ort.InferenceSession.create(bytes, own);
      },
    };
  }

  /** Does what the command says. The values of the answer belong to the caller. */
  async handle(command: Exclude<Command, { kind: 'open' }>): Promise<Answer> {
    switch (command.kind) {
      case 'load':
        return this.#load(command);
      case 'unload':
        return this.#unload(command.model);
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
        return { values: { value: await this.#memory.download(this.#tensor(command.tensor)) } };
      case 'free':
        for (const id of command.tensors) this.#free(id);
        return nothing;
      case 'count':
        return this.#count();
      case 'close':
        return this.#close();
    }
  }

  async #load({ model, source, optimization, keep }: Of<'load'>): Promise<Answer> {
    const { bytes, ports } = modelOf(source);
    const loaded = new ModelSessions(this.#maker, bytes, ports, optimization);
    await loaded.fetching(loaded.names.filter((name) => !keep.includes(name)));
    this.#models.set(model, loaded);
    return { values: {}, ports };
  }

  async #unload(id: number): Promise<Answer> {
    const model = this.#models.get(id);
    this.#models.delete(id);
    await model?.release((session) => this.#detach(session));
    return nothing;
  }

  async #run({ model: id, feeds, keep, fetch }: Of<'run'>): Promise<Answer> {
    const model = this.#models.get(id);
    if (model === undefined) throw new Error('this program was released');
    const returned = fetch.filter((name) => keep[name] === undefined);
    const session = await model.fetching(returned);
    const inputs = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, this.#feed(feed)]));
    // With outputs on a graphics card ONNX Runtime insists on computing all of them.
    const wanted = this.#memory.separate ? model.names : [...Object.keys(keep), ...returned];
    const results = await session.run(inputs, wanted.length === 0 ? model.names : wanted, runOptions);
    const values: Record<string, TensorValue> = {};
    for (const [name, tensor] of Object.entries(results)) {
      const resident = keep[name];
      if (resident !== undefined) {
        this.#keep(resident, tensor, session);
        if (fetch.includes(name)) values[name] = await this.#memory.download(tensor);
      } else if (fetch.includes(name)) values[name] = fromOrt(tensor);
      else this.#memory.free(tensor);
    }
    return { values };
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

  #count(): Answer {
    let sessions = 0;
    for (const { size } of this.#models.values()) sessions += size;
    const { size: loops } = this.#loops;
    return { values: {}, held: { models: this.#models.size, sessions, tensors: this.#tensors.size, loops } };
  }

  async #close(): Promise<Answer> {
    for (const id of [...this.#tensors.keys()]) this.#free(id);
    for (const id of [...this.#models.keys()]) await this.#unload(id);
    this.#loops.clear();
    await this.#memory.close();
    return nothing;
  }
}

/** The bytes of a model; a program is compiled here, in the worker, where that keeps nobody waiting. */
function modelOf(source: ModelSource) {
  if (source.kind === 'compiled') {
    const { bytes, ports } = source;
    // A large one comes in memory that threads share, out of which ONNX Runtime does not read.
    return { bytes: bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice(), ports };
  }
  const { bytes, inputs, outputs } = compile(unflattened(source.program), source.target);
  return { bytes, ports: { inputs, outputs } };
}
