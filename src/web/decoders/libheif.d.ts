/** What is used of libheif-js, which has no types of this file. */
declare module 'libheif-js/libheif-wasm/libheif-bundle.mjs' {
  interface Shown {
    readonly data: Uint8ClampedArray;
    readonly width: number;
    readonly height: number;
  }
  interface HeifImage {
    get_width(): number;
    get_height(): number;
    is_primary(): boolean;
    /** Fills `data`, and answers `null` where the pixels cannot be decoded. */
    display(into: Shown, done: (shown: Shown | null) => void): void;
    free(): void;
  }
  interface LibHeif {
    readonly HeifDecoder: new () => { decode(bytes: Uint8Array): readonly HeifImage[] };
  }
  // biome-ignore lint/style/noDefaultExport: this is how it is published
  export default function open(): LibHeif;
}
