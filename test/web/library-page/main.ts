// The library, for tests that call it in a page.
import * as library from '../../../dist/web/index.js';

Object.assign(globalThis, { library });
