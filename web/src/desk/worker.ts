// The worker that holds pictures: it opens files, mixes and encodes, so that the page itself never waits for pixels.
import {
  decodeImage,
  drawMap,
  encodeImage,
  fileMetadata,
  forScreen,
  mixLayers,
  type PageImage,
  type Pixels,
  RevelaError,
} from 'revela/web';
import { smallPicture } from './small-picture.js';
import { everyFor, reduced } from '../reduced.js';
import { differenceOf } from './difference.js';
import type { Made } from './made.js';
import type { Mix, Order, Outcome, Reply } from './protocol.js';
import { openedOnce } from './opened-once.js';
import { Shelf } from './shelf.js';

/** Pixels of a strip: some milliseconds of work, after which orders are heard. */
const STRIP = 2 ** 19;

const shelf = new Shelf();

type Image = PageImage & Pixels;

/** The picture that is shown, and what stands on the left of it. */
interface Shown {
  readonly picture: number;
  readonly left: number;
  readonly file: Blob;
  /** The pixels of the left one, unless they were given away. */
  before: Image | undefined;
  /** Its result, which is laid on the shelf once another one is shown. */
  made: Made | undefined;
}

let shown: Shown | undefined;
/** The last order to show a picture: until it is done, what it draws is needed. */
let showing: Promise<void> = Promise.resolve();
/** Counts what was begun to be drawn: what is older stops. */
let drawing = 0;

const post = (reply: Reply, transfer: readonly Transferable[] = []): void =>
  self.postMessage(reply, { transfer: [...transfer] });

/** Lets the messages in that have come meanwhile. */
function heard(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** Some rows of a result. */
function rowsOf(before: PageImage, { layers, mixed }: Made, mix: Mix, from: number, to: number): Pixels {
  if (mixed) return mixLayers(before, layers, mix, { from, to });
  const [whole] = layers;
  if (whole === undefined) throw new Error('there is no result');
  const part = rows(whole.image, from, to);
  return mix.difference > 0 ? differenceOf(rows(before, from, to), part, mix.difference) : part;
}

const copyOf = (data: PageImage['data']): Pixels['data'] =>
  data instanceof Uint16Array ? new Uint16Array(data) : new Uint8ClampedArray(data);

const rows = ({ data, width }: PageImage, from: number, to: number): Pixels => ({
  data: copyOf(data.subarray(4 * width * from, 4 * width * to)),
  width,
  height: to - from,
});

/** What is drawn: one side of a picture, so wide on the screen. */
interface Drawn {
  readonly picture: number;
  readonly side: 'before' | 'after';
  readonly whole: { readonly width: number; readonly height: number };
  readonly across: number;
}

/** Draws one side strip by strip, until something else is drawn. */
async function draw(
  { picture, side, whole: { width, height }, across }: Drawn,
  part: (from: number, to: number) => Pixels,
  turn: number,
): Promise<void> {
  const every = everyFor(width, across);
  const high = every * Math.max(1, Math.floor(STRIP / width / every));
  const size = { rows: Math.ceil(height / every), whole: { width, height } };
  for (let y = 0; y < height; y += high) {
    if (turn !== drawing) return;
    const pixels = reduced(forScreen(part(y, Math.min(height, y + high))), every);
    const strip = { ...pixels, ...size, picture, side, y: y / every };
    post({ outcome: 'strip', strip }, [pixels.data.buffer]);
    await heard();
  }
}

const opened = openedOnce<Image>(decodeImage);

/** The pixels of what stands on the left, opened again where they were given away. */
async function beforeOf(of: Shown): Promise<Image> {
  of.before ??= await opened(of.left, of.file);
  return of.before;
}

/** The result of a picture; it may come, or be shown, as it is looked for. */
async function madeOf(picture: number): Promise<Made | undefined> {
  const held = (): Made | undefined => (shown?.picture === picture ? shown.made : undefined);
  return held() ?? (await shelf.get(picture)) ?? held();
}

async function drawAfter(mix: Mix, across: number, turn: number): Promise<void> {
  if (shown?.made === undefined) return;
  const { picture, made } = shown;
  const before = await beforeOf(shown);
  const { width, height } = made.layers[0]?.image ?? before;
  const drawn = { picture, side: 'after', whole: { width, height }, across } as const;
  await draw(drawn, (from, to) => rowsOf(before, made, mix, from, to), turn);
}

async function show({ picture, left, file, mix, across }: Extract<Order, { kind: 'show' }>): Promise<void> {
  drawing += 1;
  const turn = drawing;
  const before = (shown?.left === left ? shown.before : undefined) ?? (await opened(left, file));
  const made = await madeOf(picture);
  if (turn !== drawing) return;
  if (shown !== undefined && shown.picture !== picture) layAway(shown);
  shown = { picture, left, file, before, made };
  const { width, height } = before;
  const drawn = { picture, side: 'before', whole: { width, height }, across } as const;
  await draw(drawn, (from, to) => rows(before, from, to), turn);
  await drawAfter(mix, across, turn);
}

function layAway({ picture, made }: Shown): void {
  if (made !== undefined && !shelf.has(picture)) shelf.put(picture, made);
}

/** The pixels of a file, to be given away: those at hand, once they are drawn, unless there is a result that they are mixed with. */
async function pixels({ file, picture }: Extract<Order, { kind: 'pixels' }>): Promise<Image> {
  for (let drawn: unknown; drawn !== showing; ) {
    drawn = showing;
    await showing.catch(() => undefined);
  }
  if (picture === undefined || shown?.left !== picture || shown.made !== undefined) return decodeImage(file);
  const { before } = shown;
  shown.before = undefined;
  // What is drawn of a result that has gone meanwhile stops.
  drawing += 1;
  return before ?? decodeImage(file);
}

async function encode(order: Extract<Order, { kind: 'encode' }>): Promise<Blob> {
  const { picture, file, mix, format } = order;
  const held = shown?.picture === picture && shown.left === picture ? shown : undefined;
  const made = await madeOf(picture);
  if (made === undefined) throw new Error('there is no result');
  const before = made.mixed ? await (held === undefined ? opened(picture, file) : beforeOf(held)) : undefined;
  const { width, height } = made.layers[0]?.image ?? { width: 0, height: 0 };
  const whole = before === undefined ? made.layers[0]?.image : rowsOf(before, made, mix, 0, height);
  if (whole === undefined || width === 0) throw new Error('there is no result');
  const metadata = order.photograph ? await fileMetadata(new Uint8Array(await file.arrayBuffer())) : {};
  return encodeImage({ ...whole, metadata }, format);
}

function keep(picture: number, made: Made): Outcome {
  shelf.drop(picture);
  if (shown?.picture === picture) shown.made = made;
  else shelf.put(picture, made);
  return { bytes: made.layers.reduce((sum, { image }) => sum + image.data.byteLength, 0) };
}

async function follow(order: Order): Promise<Outcome> {
  switch (order.kind) {
    case 'look':
      return smallPicture(order.file);
    case 'pixels':
      return { image: await pixels(order) };
    case 'keep':
      return keep(order.picture, order.made);
    case 'map': {
      const image = drawMap(order.image, order.map);
      return keep(order.picture, { layers: [{ detail: 0, image }], mixed: false });
    }
    case 'drop':
      shelf.drop(order.picture);
      if (shown?.picture === order.picture) shown.made = undefined;
      return {};
    case 'show':
      showing = show(order);
      await showing;
      return {};
    case 'mix':
      drawing += 1;
      await drawAfter(order.mix, order.across, drawing);
      return {};
    case 'encode':
      return { file: await encode(order) };
  }
}

const handedOver = ({ small, image }: Outcome): readonly Transferable[] => [
  ...(small === undefined ? [] : [small]),
  ...(image === undefined ? [] : [image.data.buffer]),
];

async function answer(id: number, order: Order): Promise<void> {
  try {
    const done = await follow(order);
    post({ id, outcome: 'done', done }, handedOver(done));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof RevelaError ? error.code : undefined;
    post({ id, outcome: 'failed', message, code });
  }
}

/** Looks at files, one at a time; what somebody waits for goes first. */
const looks: (() => Promise<void>)[] = [];
let busy = 0;

async function lookOn(): Promise<void> {
  if (busy > 0) return;
  const next = looks.shift();
  if (next === undefined) return;
  busy += 1;
  await next();
  busy -= 1;
  void lookOn();
}

self.addEventListener('message', ({ data: { id, order } }: MessageEvent<{ id: number; order: Order }>) => {
  if (order.kind === 'look') {
    looks.push(() => answer(id, order));
    void lookOn();
    return;
  }
  busy += 1;
  void answer(id, order).finally(() => {
    busy -= 1;
    void lookOn();
  });
});
