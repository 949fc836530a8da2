import { compare } from '../compare.mjs';
import { forwardFlops, networks } from '../networks.mjs';
import { pytorch, revela } from './contestants.mjs';

const passes = {
  single: { title: 'one pass', count: 1 },
  sdap: { title: 'SDAP: sub-sampled by 2, then enhanced', count: 2 },
};

/** What is measured, with the rounds of a full and of a quick run; without the latter a quick run leaves it out. */
const plans = [
  { network: networks.dbsnl, size: 256, pass: 'single', rounds: 7, quickRounds: 3, atMost: 1 },
  { network: networks.dbsnl, size: 256, pass: 'sdap', rounds: 5, quickRounds: 2 },
  { network: networks.dbsnl, size: 512, pass: 'single', rounds: 3 },
  { network: networks.dbsnl, size: 512, pass: 'sdap', rounds: 2 },
  { network: networks.smallDbsnl, size: 256, pass: 'single', rounds: 15, quickRounds: 5 },
  { network: networks.smallDbsnl, size: 512, pass: 'single', rounds: 9, quickRounds: 3 },
  { network: networks.smallDbsnl, size: 512, pass: 'sdap', rounds: 7, quickRounds: 3 },
  { network: networks.student, size: 512, pass: 'single', rounds: 11, quickRounds: 5, atMost: 0.8 },
  { network: networks.nafnet, size: 256, pass: 'single', rounds: 11, quickRounds: 5, atMost: 0.6 },
  { network: networks.rrdbnet, size: 64, pass: 'single', rounds: 11, quickRounds: 5, atMost: 0.7 },
];

/** A picture through a network, against PyTorch without gradients. */
export async function inferences({ device, quick, torch, takes, note }) {
  const tables = [];
  for (const { network, size, pass, rounds, quickRounds, atMost } of plans) {
    if (!takes(network) || (quick && quickRounds === undefined)) continue;
    const { title, architecture, config } = network;
    const workload = { kind: 'inference', architecture, config, size, pass };
    const competitors = [revela(device, workload), ...(torch ? [pytorch('PyTorch', workload)] : [])];
    const results = await compare(competitors, { rounds: quick ? quickRounds : rounds, warmUps: 1, note });
    const flops = passes[pass].count * (await forwardFlops(network, size));
    tables.push({
      title: `inference, ${title}, ${size}², ${passes[pass].title}`,
      targets: atMost === undefined ? [] : [{ of: 'time', atMost, against: 'PyTorch' }],
      rows: results.map((result) => ({ ...result, flops })),
    });
  }
  return tables;
}
