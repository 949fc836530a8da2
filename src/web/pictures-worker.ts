// The worker of a page that works on pictures: it measures, cuts tiles, and asks the engine's worker for the network's answers.
import { RevelaError } from '../errors.js';
import type { Picture, Rect } from '../pixels/index.js';
import { openEngine } from '../runtime/web/index.js';
import { pageOfPicture, pictureOfPage } from './page-image.js';
import type { Answer, Command, Reply, Request, TilePixels } from './protocol.js';
import { Restorer } from './restorer.js';

let restorer: Restorer | undefined;
let last: Promise<void> = Promise.resolve();
const stops = new Map<number, AbortController>();

const post = (reply: Reply, transfer: readonly ArrayBuffer[] = []): void =>
  self.postMessage(reply, { transfer: [...transfer] });

/** The pixels of a part of a result. */
function cut(
  planes: Float32Array,
  width: number,
  height: number,
  { x, y, width: across, height: down }: Rect,
) {
  const data = new Uint8ClampedArray(4 * across * down);
  for (let row = 0, to = 0; row < down; row++)
    for (let column = 0; column < across; column++, to += 4) {
      const from = (y + row) * width + x + column;
      for (let c = 0; c < 3; c++) data[to + c] = 255 * (planes[c * width * height + from] ?? 0);
      data[to + 3] = 255;
    }
  return { data, width: across, height: down, x, y };
}

function listenerOf(id: number, { width, height }: Picture, scale: number, signal: AbortSignal) {
  let area: Omit<TilePixels, 'tile' | 'tiles'> | undefined;
  return {
    signal,
    onArea: (rect: Rect, planes: Float32Array) => {
      area = cut(planes, width * scale, height * scale, rect);
    },
    onTile: ({ tile, tiles }: { readonly tile: number; readonly tiles: number }) => {
      if (area !== undefined)
        post({ id, outcome: 'tile', tile: { ...area, tile, tiles } }, [area.data.buffer]);
    },
  };
}

async function answerTo(id: number, command: Command, signal: AbortSignal): Promise<Answer> {
  if (command.kind === 'open') {
    const { assets, engine, threads } = command;
    const { runtime, reason } = await openEngine({
      files: assets,
      engine,
      ...(threads === undefined ? {} : { threads }),
    });
    restorer = new Restorer(runtime, assets);
    return { engine: runtime.description, reason };
  }
  if (restorer === undefined) throw new Error('the worker was not opened');
  signal.throwIfAborted();
  if (command.kind === 'denoise') {
    const picture = pictureOfPage(command.image);
    const { picture: made, facts } = await restorer.denoise(
      picture,
      command.settings,
      listenerOf(id, picture, 1, signal),
    );
    return { image: pageOfPicture(made), denoised: facts };
  }
  if (command.kind === 'layers') {
    const picture = pictureOfPage(command.image);
    const { layers, facts } = await restorer.layers(picture, listenerOf(id, picture, 1, signal));
    return { layers, denoised: facts };
  }
  const picture = pictureOfPage({ ...command.image, format: command.format });
  const { scale = 4 } = command.settings;
  const { picture: made, facts } = await restorer.upscale(
    picture,
    command.settings,
    listenerOf(id, picture, scale, signal),
  );
  return { image: pageOfPicture(made), upscaled: facts };
}

/** The memory of what is handed over to the page. */
const pixelsOf = ({ image, layers = [] }: Answer): readonly ArrayBuffer[] =>
  [...(image === undefined ? [] : [image]), ...layers.map((layer) => layer.image)].map(
    ({ data }) => data.buffer,
  );

async function serve(id: number, command: Command, signal: AbortSignal): Promise<void> {
  try {
    const answer = await answerTo(id, command, signal);
    post({ id, outcome: 'done', answer }, pixelsOf(answer));
  } catch (error) {
    if (signal.aborted) return post({ id, outcome: 'stopped' });
    const message = error instanceof Error ? error.message : String(error);
    post({
      id,
      outcome: 'failed',
      message: error instanceof RevelaError ? message : `something went wrong: ${message}`,
      code: error instanceof RevelaError ? error.code : 'ERR_FAILED',
    });
  } finally {
    stops.delete(id);
  }
}

self.addEventListener('message', ({ data: request }: MessageEvent<Request>) => {
  if (request.kind === 'cancel') {
    stops.get(request.id)?.abort();
    return;
  }
  const { id, ...command } = request;
  const stop = new AbortController();
  stops.set(id, stop);
  // One picture after another: each takes the memory and the processor whole.
  last = last.then(() => serve(id, command, stop.signal));
});
