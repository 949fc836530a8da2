// The worker of a page that works on pictures: it measures, cuts tiles, and asks the engine's worker for the network's answers.
import { RevelaError } from '../errors.js';
import { buffersOf } from '../handed-over.js';
import type { LearntWeights } from '../networks/index.js';
import type { LeanPicture, Picture, Rect } from '../pixels/index.js';
import { type EngineChoice, openEngine } from '../runtime/web/index.js';
import { sentError } from '../sent-error.js';
import type { AdaptNews, AdaptSettings } from './adapt-settings.js';
import { type KeptLearning, openKept } from './kept/kept-learning.js';
import { lessonHash } from './kept/lesson.js';
import type { Unkept } from './kept/storage.js';
import { learnFrom } from './learner.js';
import { letGo } from './let-go.js';
import { Lpips } from './lpips.js';
import { comparePictures } from './measures.js';
import { present } from '../present.js';
import { forScreen, leanPictureOfPage, pageOfPicture, pictureOfPage, type Pixels } from './page-image.js';
import type { Command, Interruption, Reply, TilePixels, TilesDone, VerbName, Verbs } from './protocol.js';
import { Workbench } from './workbench.js';

/** The pixels of a result, whose planes are let go. */
function pixelsOf(made: Picture): Pixels {
  const pixels = pageOfPicture(made);
  letGo(made.data);
  return pixels;
}

/** Who asked for something: hears of it, and may end it. */
interface Line<Told> {
  readonly tell: (told: Told) => void;
  readonly signal: AbortSignal;
  readonly finish: AbortSignal;
}

/** Verbs that work tile by tile: of others, smaller tiles take no less memory. */
const tiled: ReadonlySet<VerbName> = new Set(['denoise', 'layers', 'upscale']);

/** How often a command is tried again after failures of the machine. */
const MOST_TRIES = 3;

let opened: Workbench | undefined;
/** Measures by the files that were given. */
let lpips: Lpips | undefined;
let last: Promise<void> = Promise.resolve();

function engine(): Workbench {
  if (opened === undefined) throw new Error('the worker was not opened');
  return opened;
}

/** The pixels of a part of a result, whose values are multiplied by a factor. */
function cut(
  planes: Float32Array,
  width: number,
  height: number,
  { x, y, width: across, height: down }: Rect,
  factor: number,
) {
  const white = 255 / factor;
  const data = new Uint8ClampedArray(4 * across * down);
  for (let row = 0, to = 0; row < down; row++)
    for (let column = 0; column < across; column++, to += 4) {
      const from = (y + row) * width + x + column;
      for (let c = 0; c < 3; c++) data[to + c] = white * (planes[c * width * height + from] ?? 0);
      data[to + 3] = 255;
    }
  return { data, width: across, height: down, x, y };
}

function listenerOf(
  { width, height }: LeanPicture,
  scale: number,
  { signal, tell }: Line<TilePixels | TilesDone>,
) {
  let area: Omit<TilePixels, keyof TilesDone> | undefined;
  return {
    signal,
    onArea: (rect: Rect, planes: Float32Array, factor: number) => {
      area = cut(planes, width * scale, height * scale, rect, factor);
    },
    onTile: ({ tile, tiles }: TilesDone) => {
      tell({ ...area, tile, tiles });
      // Its pixels were handed over. Of tiles whose answers nobody sees there are none.
      area = undefined;
    },
  };
}

/** Where a learning from these images stands. */
async function keptFor(
  images: readonly Pixels[],
  settings: Omit<AdaptSettings, 'keep'>,
  start: LearntWeights,
  tell: (news: AdaptNews) => void,
): Promise<KeptLearning | undefined> {
  const unkept = (reason: Unkept): void => tell({ kind: 'unkept', reason });
  const hash = await lessonHash(images, settings, start).catch(() => undefined);
  if (hash !== undefined) return openKept(hash, unkept);
  unkept('refused');
  return undefined;
}

/** What answers each verb. */
const verbs: {
  readonly [V in VerbName]: (
    asked: Verbs[V]['asked'],
    line: Line<Verbs[V]['told']>,
  ) => Promise<Verbs[V]['answer']>;
} = {
  async open({ assets, engine, threads, tile }) {
    const open = (choice: EngineChoice) =>
      openEngine({ files: assets, engine: choice, ...present({ threads }) });
    opened = await Workbench.open(open, assets, engine, tile);
    return opened.description;
  },
  async denoise({ image, settings }, line) {
    const picture = leanPictureOfPage(image);
    const listener = listenerOf(picture, 1, line);
    const { picture: made, facts } = await engine().restorer.denoise(picture, settings, listener);
    return { image: pixelsOf(made), facts };
  },
  async layers({ image, settings }, line) {
    const picture = leanPictureOfPage(image);
    return engine().restorer.layers(picture, settings, listenerOf(picture, 1, line));
  },
  async upscale({ image, format, settings }, line) {
    const picture = pictureOfPage({ ...image, format });
    const listener = listenerOf(picture, settings.scale ?? 4, line);
    const { picture: made, facts } = await engine().restorer.upscale(picture, settings, listener, format);
    return { image: pixelsOf(made), facts };
  },
  score: async ({ image, settings }, { signal }) =>
    engine().scorer.score(pictureOfPage(image), settings, signal),
  async compare({ image, reference, settings }, { signal }) {
    // As the command: by 16 bits where both have them.
    const deep = image.data instanceof Uint16Array && reference.data instanceof Uint16Array;
    const picture = (one: Pixels) => pictureOfPage(deep ? one : forScreen(one));
    return comparePictures(picture(image), picture(reference), settings, async (...both) => {
      if (lpips === undefined)
        throw new RevelaError('LPIPS needs two files of weights; call `loadLpips` first');
      return lpips.compare(engine().runtime, ...both, signal);
    });
  },
  async lpips(files) {
    lpips = await Lpips.read(...files);
    return { network: lpips.network };
  },
  async adapt({ images, settings: { keep = false, ...settings } }, line) {
    if (!keep) line.signal.throwIfAborted();
    const { runtime, restorer } = engine();
    const start = await restorer.weights(settings.weights ?? 'general');
    const kept = keep ? await keptFor(images, settings, start, line.tell) : undefined;
    try {
      line.signal.throwIfAborted();
      const facts = await learnFrom(runtime, start, images.map(pictureOfPage), settings, {
        ...line,
        applierOf: (weights) => restorer.applierOf(weights),
        kept,
      });
      // A graphics card keeps its programs.
      if (runtime.device === 'cpu') await runtime.rest();
      await kept?.drop();
      return facts;
    } catch (error) {
      if (line.signal.aborted) await kept?.drop();
      throw error;
    }
  },
};

/** The images that were handed over with a command. */
const imagesOf = (asked: Verbs[VerbName]['asked']): readonly Pixels[] => [
  ...('image' in asked ? [asked.image] : []),
  ...('reference' in asked ? [asked.reference] : []),
  ...('images' in asked ? asked.images : []),
];

async function serve<Name extends VerbName>({ verb, asked, port }: Command<Name>): Promise<void> {
  const [stop, finish] = [new AbortController(), new AbortController()];
  const post = (reply: Reply<Name>): void => port.postMessage(reply, [...buffersOf(reply)]);
  port.onmessage = ({ data }: MessageEvent<Interruption>) =>
    data === 'cancel' ? stop.abort() : finish.abort();
  const tell = (told: Verbs[Name]['told']): void => post({ outcome: 'told', told });
  // One after another: each takes the memory and the processor whole.
  const before = last;
  let done = (): void => undefined;
  last = new Promise((resolve) => {
    done = resolve;
  });
  await before;
  const line = { tell, signal: stop.signal, finish: finish.signal };
  const attempt = async (tries: number): Promise<Verbs[Name]['answer']> => {
    // What learning keeps has to go, too.
    if (verb !== 'adapt') stop.signal.throwIfAborted();
    try {
      return await verbs[verb](asked, line);
    } catch (error) {
      if (stop.signal.aborted || opened === undefined || tries === MOST_TRIES) throw error;
      const why = await opened.mend(error, { tiled: tiled.has(verb), signal: stop.signal });
      if (why === undefined) throw error;
      post({ outcome: 'engine', change: { ...opened.description, why } });
      return attempt(tries + 1);
    }
  };
  try {
    post({ outcome: 'done', answer: await attempt(0) });
  } catch (error) {
    post(stop.signal.aborted ? { outcome: 'stopped' } : { outcome: 'failed', error: sentError(error) });
  } finally {
    for (const { data } of imagesOf(asked)) letGo(data);
    done();
    port.close();
  }
}

self.addEventListener('message', ({ data }: MessageEvent<Command>) => void serve(data));
