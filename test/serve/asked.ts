import { expect } from 'vitest';
import type { Service } from 'revela/serve';
import { photograph } from '../cli/command.js';

/** A picture to send. */
export const bytesOf = async (width: number, height: number, kind: 'png' | 'jpeg' = 'png') =>
  Uint8Array.from(await photograph(width, height)[kind]().toBuffer());

/** The object of JSON that an answer holds. */
export const json = async (answer: Response): Promise<Readonly<Record<string, unknown>>> => {
  const value: unknown = await answer.json();
  if (typeof value !== 'object' || value === null) expect.fail('no object');
  return { ...value };
};

/** What a service counts under a name. */
export async function counted(service: Service, name: string): Promise<number> {
  const text = await (await fetch(`${service.address}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.split(' ')[1]);
}
