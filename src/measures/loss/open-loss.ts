import { disposable } from '../../belongings.js';
import { checked } from '../../options/index.js';
import { bindInputs } from '../../compile/index.js';
import { OptionError, RevelaError } from '../../errors.js';
import type { Runtime } from '../../runtime/index.js';
import {
  type Program,
  type TensorValue,
  elementCount,
  formatShape,
  gradientsOf,
  grouped,
  sameShape,
  trace,
} from '../../tensor/index.js';
import { deviceOptions, onDevice, inTurns } from '../../apply/index.js';
import { checkFilesOfDistances, filesOf } from '../distances/files-of-distances.js';
import { filesOptions } from '../compare-options.js';
import { type LossName, type LossOptions, ownOptions, together } from '../option-tables.js';
import { differentiable, lossNames } from './loss-names.js';
import type { LossProgram } from './loss-program.js';
import { present } from '../../present.js';

/** Checks the options of {@link openLoss}. */
function checkedLoss(asked: unknown): LossOptions;
function checkedLoss(asked: unknown): object {
  const ofMeasures = together(differentiable.map(({ facts, options }) => [facts.name, options]));
  return checked('openLoss', { ...deviceOptions, ...filesOptions, ...ofMeasures }, asked);
}

/** Pictures in training: planes of numbers. */
export interface PictureBatch {
  /** In [0, 1], red, green and blue; what lies outside is not clamped, and nothing is rounded. */
  readonly data: Float32Array;
  readonly shape: readonly [batch: number, channels: number, height: number, width: number];
}

/** A loss of pictures, and how it changes with them. */
export interface LossAndGradient {
  /** Of the batch; less is better. */
  readonly loss: number;
  /** The loss's derivative by each number of the pictures, of their shape. */
  readonly gradient: Float32Array;
}

/** A measure that is ready to train by. */
export interface OpenLoss extends AsyncDisposable {
  readonly name: LossName;
  /** Whether it compares with references, or judges pictures alone. */
  readonly needsReference: boolean;
  /** The device in use, for people. */
  readonly device: string;
  /**
   * @param references the pictures that these should equal, of the same shape; left out by measures that need none
   * @throws RevelaError for pictures that the measure cannot look at: too small, sides that are no multiples of what it needs
   */
  of(pictures: PictureBatch, references?: PictureBatch): Promise<LossAndGradient>;
  close(): Promise<void>;
}

/**
 * Opens a measure as a loss to train by, in this program or another: what it says of pictures, and the gradient to their
 * numbers, from one tensor program. The loss falls as pictures get better: LPIPS and DISTS as they are, 1 − SSIM, 1 − MS-SSIM,
 * −PSNR in decibels, and less the score for measures that judge pictures alone; of a batch the mean.
 *
 * NIQE, IL-NIQE and BRISQUE are none: they round to 8 bits and look shapes of distributions up in tables.
 *
 * @throws RevelaError as {@link openMeasure} and {@link openComparison} do, for names of other measures, missing or wrong
 *   files, an absent device
 *
 * @example
 * const loss = await openLoss('ssim');
 * const { loss: value, gradient } = await loss.of(
 *   { data: made, shape: [4, 3, 64, 64] },
 *   { data: wanted, shape: [4, 3, 64, 64] },
 * );
 * await loss.close();
 */
export async function openLoss(name: LossName, options: LossOptions = {}): Promise<OpenLoss> {
  const entry = differentiable.find(({ facts }) => facts.name === name);
  if (entry === undefined)
    throw new OptionError(`a loss must be one of ${lossNames.join(', ')}, got ${String(name)}`);
  const asked = checkedLoss(options);
  ownOptions(entry.options, asked);
  const { files = {}, signal } = asked;
  checkFilesOfDistances(files);
  const { runtime, measure } = await onDevice(asked, async (runtime) => ({
    runtime,
    measure: await programBy(entry, runtime, asked),
  }));
  const shelf = runtime.shelf({ optimization: 'training' });
  const turns = inTurns();
  const lossOf = async (
    pictures: PictureBatch,
    references: PictureBatch | undefined,
  ): Promise<LossAndGradient> => {
    signal?.throwIfAborted();
    const feeds = {
      pictures: tensorOf(pictures),
      ...present({ references: measure.needsReference ? references && tensorOf(references) : undefined }),
    };
    const { shape } = pictures;
    const { fetched } = await shelf.run(formatShape(shape), () => programOf(measure, shape), feeds, {
      signal,
    });
    const gradient = fetched['gradient']?.data;
    const loss = Number(fetched['loss']?.data[0] ?? Number.NaN);
    if (!(gradient instanceof Float32Array) || !Number.isFinite(loss))
      throw new RevelaError(`the loss ${name} gave no number; are the pictures numbers?`);
    return { loss, gradient };
  };
  return disposable({
    name,
    needsReference: measure.needsReference,
    device: runtime.description,
    async of(pictures: PictureBatch, references?: PictureBatch) {
      checkBatch(name, measure, pictures, references);
      return turns.take(() => lossOf(pictures, references), signal);
    },
    async close() {
      await turns.over();
      await shelf.close();
      await runtime.close();
    },
  });
}

/** Reads what a loss is made of. */
function programBy(
  entry: (typeof differentiable)[number],
  runtime: Runtime,
  options: LossOptions,
): Promise<LossProgram> {
  if (entry.kind === 'features') return entry.loss(filesOf(entry, options.files ?? {}));
  return entry.kind === 'pixels' ? entry.loss() : entry.loss(runtime, options);
}

const tensorOf = ({ data, shape }: PictureBatch): TensorValue => ({ data, shape, dtype: 'float32' });

/** Inputs `pictures` and, where there are any, `references`; outputs `loss` and `gradient`. */
function programOf({ constants, loss, needsReference }: LossProgram, shape: PictureBatch['shape']): Program {
  const program = trace(({ input, inputs }) => {
    const pictures = input('pictures', shape);
    const references = needsReference ? input('references', shape) : pictures;
    const groups = Object.fromEntries(
      Object.entries(constants).map(([group, values]) => [group, inputs(group, values)]),
    );
    const made = loss(groups, pictures, references);
    const [gradient = pictures] = gradientsOf(made, [pictures]);
    return { loss: made, gradient };
  });
  const known = Object.entries(constants).map(([group, values]) => grouped(group, values));
  return bindInputs(program, Object.assign({}, ...known));
}

function checkBatch(
  name: LossName,
  { needsReference, channels, least, multiple }: LossProgram,
  { data, shape }: PictureBatch,
  references: PictureBatch | undefined,
): void {
  const [, own, height, width] = shape;
  if (data.length !== elementCount(shape))
    throw new RevelaError(`${formatShape(shape)} are ${elementCount(shape)} numbers, got ${data.length}`);
  if (channels !== undefined && own !== channels)
    throw new RevelaError(`the loss ${name} looks at ${channels} channels, got ${own}`);
  if (Math.min(height, width) < least)
    throw new RevelaError(`the loss ${name} needs at least ${least}×${least} pixels, got ${width}×${height}`);
  if (width % multiple !== 0 || height % multiple !== 0)
    throw new RevelaError(
      `the loss ${name} needs sides that are multiples of ${multiple}, got ${width}×${height}; cut or pad the pictures`,
    );
  if (!needsReference) return;
  if (references === undefined)
    throw new RevelaError(`the loss ${name} compares with references, and there are none`);
  if (!sameShape(shape, references.shape) || references.data.length !== data.length)
    throw new RevelaError(
      `the loss ${name} compares pictures of the same size, got ${formatShape(shape)} and ${formatShape(references.shape)}`,
    );
}
