import { compare } from '../compare.mjs';
import { forwardFlops, networkName, networks } from '../dbsnl-cost.mjs';
import { pytorch, revela } from './contestants.mjs';

const passes = {
  single: { title: 'one pass', count: 1 },
  sdap: { title: 'SDAP: sub-sampled by 2, then enhanced', count: 2 },
};

/** A picture through DBSNl, against PyTorch without gradients. */
export async function inferences({ device, quick, torch, note }) {
  const plans = [
    { network: networks.full, size: 256, pass: 'single', rounds: quick ? 3 : 7, target: 1 },
    { network: networks.full, size: 256, pass: 'sdap', rounds: quick ? 2 : 5 },
    { network: networks.full, size: 512, pass: 'single', rounds: 3, long: true },
    { network: networks.full, size: 512, pass: 'sdap', rounds: 2, long: true },
    { network: networks.small, size: 256, pass: 'single', rounds: quick ? 5 : 15 },
    { network: networks.small, size: 512, pass: 'single', rounds: quick ? 3 : 9 },
    { network: networks.small, size: 512, pass: 'sdap', rounds: quick ? 3 : 7 },
  ];
  const tables = [];
  for (const { network, size, pass, rounds, target, long } of plans) {
    if (quick && long) continue;
    const workload = { kind: 'inference', network, size, pass };
    const competitors = [revela(device, workload), ...(torch ? [pytorch('PyTorch', workload)] : [])];
    const results = await compare(competitors, { rounds, warmUps: 1, note });
    const flops = passes[pass].count * forwardFlops(network, size ** 2);
    tables.push({
      title: `inference, ${networkName(network)}, ${size}², ${passes[pass].title}`,
      ...(target === undefined ? {} : { target }),
      against: results[1]?.name,
      rows: results.map((result) => ({ ...result, flops })),
    });
  }
  return tables;
}
