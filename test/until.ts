import { setTimeout as wait } from 'node:timers/promises';

/** Waits until something has happened; that it never does is for the time limit of the test to say. */
export async function until(happened: () => boolean | Promise<boolean>, every = 20): Promise<void> {
  while (!(await happened())) await wait(every);
}
