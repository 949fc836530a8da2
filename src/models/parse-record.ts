import type { TrainingRecord } from '../networks/index.js';

/** What a file says of its training; empty where it says nothing that can be read. */
export function parseRecord(text: string | undefined): TrainingRecord {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
