import type { Server } from 'node:http';

export function servePage(
  folder: string,
  port?: number,
  isolated?: boolean,
): Promise<{ readonly server: Server; readonly address: string }>;
