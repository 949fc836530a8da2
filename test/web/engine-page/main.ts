// Tells what the engines of this page answer to the program of the self-check.
import { answersOfDevice } from '../../../dist/runtime/self-check.js';
import { type EngineChoice, openEngine } from '../../../dist/runtime/web/index.js';

Object.assign(globalThis, {
  async answers(engine: EngineChoice, files: string) {
    const { runtime, reason } = await openEngine({ engine, files: new URL(files, document.baseURI).href });
    const answers = await answersOfDevice(runtime);
    const { description } = runtime;
    await runtime.close();
    return { answers, description, reason };
  },
});
