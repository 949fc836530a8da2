export type { Limits } from './options.js';
export { serve, type ServeOptions, type Service } from './service.js';
export { type McpOptions, serveMcp } from './mcp.js';
export { serveWork, type ServeWorker, type ServeWorkOptions } from './work.js';
export { readTokens, type Tokens } from '../tokens.js';
