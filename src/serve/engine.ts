import {
  type Comparison,
  type CompareOptions,
  type Denoiser,
  type DenoiseOptions,
  type MeasureName,
  openComparison,
  openDenoiser,
  openMeasure,
  type OpenMeasure,
  openUpscaler,
  type Upscaler,
  type UpscaleOptions,
} from '../api/index.js';
import { Handles } from './handles.js';

/** Where a service computes. */
export type EngineOptions = Pick<DenoiseOptions, 'device' | 'threads'>;

/** What a service computes with: opened when it is asked for, and kept open for the next request. */
export class Engine {
  readonly #denoisers = new Handles<Denoiser>();
  readonly #upscalers = new Handles<Upscaler>();
  readonly #measures = new Handles<OpenMeasure>(3);
  readonly #comparisons = new Handles<Comparison>();

  constructor(readonly options: EngineOptions) {}

  denoiser<Result>(options: DenoiseOptions, work: (handle: Denoiser) => Promise<Result>): Promise<Result> {
    const all = { ...this.options, adapt: false, ...options };
    return this.#denoisers.use(JSON.stringify(all), () => openDenoiser(all), work);
  }

  upscaler<Result>(options: UpscaleOptions, work: (handle: Upscaler) => Promise<Result>): Promise<Result> {
    const all = { ...this.options, ...options };
    return this.#upscalers.use(JSON.stringify(all), () => openUpscaler(all), work);
  }

  measure<Result>(name: MeasureName, work: (handle: OpenMeasure) => Promise<Result>): Promise<Result> {
    return this.#measures.use(name, () => openMeasure(name, this.options), work);
  }

  comparison<Result>(
    options: CompareOptions,
    work: (handle: Comparison) => Promise<Result>,
  ): Promise<Result> {
    const all = { ...this.options, ...options };
    return this.#comparisons.use(JSON.stringify(all), () => openComparison(all), work);
  }

  /** Closes everything; to be called when nothing is worked on. */
  async close(): Promise<void> {
    await Promise.all(
      [this.#denoisers, this.#upscalers, this.#measures, this.#comparisons].map((handles) => handles.close()),
    );
  }
}
