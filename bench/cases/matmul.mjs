import { compare } from '../compare.mjs';
import { pytorch, revela } from './contestants.mjs';

const [size, links] = [1024, 8];
const flops = links * 2 * size ** 3;

/** The rate of large matrix products: what the machine can do, and what every other result is a fraction of. */
export async function matmulRate({ device, quick, torch, note }) {
  const workload = { kind: 'matmul', size, links };
  const competitors = [revela(device, workload), ...(torch ? [pytorch('PyTorch', workload)] : [])];
  const results = await compare(competitors, { rounds: quick ? 5 : 11, warmUps: 2, note });
  const rows = results.map((result) => ({ ...result, flops }));
  return [{ title: `product of ${size} × ${size} matrices`, rows }];
}
