/** How far a download is. */
export interface Downloading {
  readonly kind: 'downloading';
  readonly model: string;
  /** Bytes on the disk, those of earlier attempts included. */
  readonly received: number;
  /** Bytes of the whole, where that is known. */
  readonly total?: number;
  /** Of the last seconds. */
  readonly bytesPerSecond: number;
  readonly remainingSeconds?: number;
}
