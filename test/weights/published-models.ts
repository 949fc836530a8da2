import { type DownloadProgress, type ListedModel, pullModel, type PullOptions } from '#src/weights/index.js';
import { temporaryFolder } from './files.js';
import { drawnBytes, modelServer, type Published, sha256 } from './model-server.js';

export const bytes = drawnBytes(300_000);

export const etag = '"first"';

/** What is other than usual. */
export interface Changes extends Partial<Published> {
  readonly listed?: Partial<ListedModel>;
  /** The server sends no entity tag. */
  readonly untagged?: boolean;
  /** The list has no hash. */
  readonly unhashed?: boolean;
}

/** A server of models for the tests of a file. */
export function publishedModels() {
  const path = temporaryFolder();
  const server = modelServer();
  let count = 0;

  /** A model of its own on the server, in a store of its own. */
  function published({ listed, untagged = false, unhashed = false, ...file }: Changes = {}) {
    const name = `model${++count}`;
    const address = `/${name}.pth`;
    server.publish(address, { bytes, ...(untagged ? {} : { etag }), ...file });
    const model: ListedModel = {
      name,
      url: server.url(address),
      ...(unhashed ? {} : { sha256: sha256(bytes) }),
      ...listed,
    };
    const folder = path(`store ${count}`);
    const notes: string[] = [];
    const received: number[] = [];
    const onProgress = (progress: DownloadProgress): void => {
      if (progress.kind === 'note') notes.push(progress.message);
      else {
        received.push(progress.received);
        server.arrived(address, progress.received);
      }
    };
    const pull = (options: Partial<PullOptions> = {}) =>
      pullModel(name, { folder, models: [model], pause: 0, onProgress, unverified: unhashed, ...options });
    return { model, pull, notes, received, address, folder };
  }
  return { path, server, published };
}
