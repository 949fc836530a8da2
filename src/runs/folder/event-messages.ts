import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

// TensorBoard's messages, as far as scalars and images need them: field numbers of event.proto and summary.proto.
const event = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 };
const sessionLog = { status: 1 };
const summary = { value: 1 };
const value = { tag: 1, simpleValue: 2, image: 4 };
const image = { height: 1, width: 2, colourSpace: 3, encoded: 4 };

/** The status that says: a run starts again here, forget what was recorded from this step on. */
const sessionStarts = 1;

/** A picture of a summary. */
export interface EventImage {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

function message(step: number, body: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(event.wallTime, WireType.Bit64).double(Date.now() / 1000);
  writer.tag(event.step, WireType.Varint).int64(step);
  body(writer);
  return writer.finish();
}

/** The message that every event file begins with. */
export function versionEvent(): Uint8Array {
  return message(0, (writer) => {
    writer.tag(event.fileVersion, WireType.LengthDelimited).string('brain.Event:2');
  });
}

/** Tells the reader to forget what earlier files of the folder hold for this step and later ones. */
export function restartEvent(step: number): Uint8Array {
  return message(step, (writer) => {
    writer.tag(event.sessionLog, WireType.LengthDelimited).fork();
    writer.tag(sessionLog.status, WireType.Varint).int32(sessionStarts);
    writer.join();
  });
}

/** One number of a curve. */
export function scalarEvent(tag: string, number: number, step: number): Uint8Array {
  return summaryEvent(tag, step, (writer) => {
    writer.tag(value.simpleValue, WireType.Bit32).float(number);
  });
}

/** One picture. */
export function imageEvent(tag: string, { png, width, height }: EventImage, step: number): Uint8Array {
  return summaryEvent(tag, step, (writer) => {
    writer.tag(value.image, WireType.LengthDelimited).fork();
    writer.tag(image.height, WireType.Varint).int32(height);
    writer.tag(image.width, WireType.Varint).int32(width);
    writer.tag(image.colourSpace, WireType.Varint).int32(samplesPerPixel(png));
    writer.tag(image.encoded, WireType.LengthDelimited).bytes(png);
    writer.join();
  });
}

function summaryEvent(tag: string, step: number, body: (writer: BinaryWriter) => void): Uint8Array {
  return message(step, (writer) => {
    writer.tag(event.summary, WireType.LengthDelimited).fork();
    writer.tag(summary.value, WireType.LengthDelimited).fork();
    writer.tag(value.tag, WireType.LengthDelimited).string(tag);
    body(writer);
    writer.join().join();
  });
}

/** Samples a pixel (1 grey, 2 with alpha, 3 colour, 4 with alpha), which the PNG says at byte 25, in its own numbers. */
function samplesPerPixel(png: Uint8Array): number {
  const colourType = png[25];
  if (colourType === 0) return 1;
  if (colourType === 4) return 2;
  return colourType === 6 ? 4 : 3;
}
