import { fileURLToPath } from 'node:url';

/** The command, as it is built, for tests that start it. */
export const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
