// Tells what the engines of this page answer to the program of the self-check.
import { answersOfDevice } from '../../../dist/runtime/self-check.js';
import { type Engine, type EngineChoice, openEngine } from '../../../dist/runtime/web/index.js';

let opened: Engine | undefined;

function runtime(): Engine['runtime'] {
  if (opened === undefined) throw new Error('no engine was opened');
  return opened.runtime;
}

Object.assign(globalThis, {
  async begin(engine: EngineChoice, files: string) {
    opened = await openEngine({ engine, files: new URL(files, document.baseURI).href });
  },
  use: () => answersOfDevice(runtime()),
  rest: () => runtime().rest(),
  async answers(engine: EngineChoice, files: string) {
    const { runtime, reason } = await openEngine({ engine, files: new URL(files, document.baseURI).href });
    const answers = await answersOfDevice(runtime);
    const { description } = runtime;
    await runtime.close();
    return { answers, description, reason };
  },
});
