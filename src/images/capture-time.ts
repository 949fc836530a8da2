import { present } from '../present.js';
import { type CameraFacts, cameraFacts } from './exif.js';
import type { Glance } from './likeness.js';

/** When a picture was taken. */
export interface CaptureTime {
  /** Since 1970: in UTC where the offset is known, else by the camera's own clock. */
  readonly milliseconds: number;
  /** Whether the camera noted what its clock is ahead of UTC; times of both kinds cannot be compared. */
  readonly inUtc: boolean;
  /** As ISO 8601 writes it: `2026-05-01T12:00:00.250+02:00`, without an offset where none is known. */
  readonly text: string;
}

/** What tells which pictures were taken one after the other. */
export interface Capture {
  readonly time?: CaptureTime;
  /** Its make and model; empty where the file does not say. */
  readonly camera: string;
  readonly glance: Glance;
}

const dateAndTime = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)$/;
const offset = /^([+-])(\d\d):(\d\d)$/;

/**
 * When a picture was taken, from DateTimeOriginal of its EXIF with the fraction of the second and the offset from UTC, where
 * it has them.
 *
 * @returns `undefined` where there is no time, as where a camera without a clock left blanks or zeros
 *
 * @example
 * captureTime({ taken: '2026:05:01 12:00:00', subSeconds: '25' })?.text; // 2026-05-01T12:00:00.250
 */
export function captureTime({
  taken = '',
  subSeconds = '',
  utcOffset = '',
}: Pick<CameraFacts, 'taken' | 'subSeconds' | 'utcOffset'>): CaptureTime | undefined {
  const [, ...written] = dateAndTime.exec(taken) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = written.map(Number);
  const digits = /^\d+$/.test(subSeconds) ? subSeconds : '0';
  const clock =
    Date.UTC(year, month - 1, day, hour, minute, second) + Math.floor(1000 * Number(`0.${digits}`));
  if (written.length === 0 || !Number.isFinite(clock)) return undefined;
  const local = new Date(clock).toISOString().slice(0, -1);
  // The calendar has no such day, or the clock no such hour.
  if (!local.startsWith(taken.replace(':', '-').replace(':', '-').replace(' ', 'T'))) return undefined;
  const [zone = '', sign, hours, minutes] = offset.exec(utcOffset) ?? [];
  const ahead = (sign === '-' ? -1 : 1) * (60 * Number(hours ?? 0) + Number(minutes ?? 0));
  return { milliseconds: clock - 60_000 * ahead, inUtc: zone !== '', text: `${local}${zone}` };
}

/** When and by what a picture was taken, as its EXIF says. */
export function captureFacts(exif: Uint8Array | undefined): Omit<Capture, 'glance'> {
  const facts = exif === undefined ? {} : cameraFacts(exif);
  return {
    ...present({ time: captureTime(facts) }),
    camera: [facts.make, facts.model].filter((part) => part !== undefined).join(' '),
  };
}
