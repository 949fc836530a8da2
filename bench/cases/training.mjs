import { compare } from '../compare.mjs';
import { networkName, networks, trainingFlops } from '../dbsnl-cost.mjs';
import { pytorch, revela } from './contestants.mjs';

const PATCH = 160;

/** One step of SDAP on one patch, 25 sub-samples: forward, backward, Adam. PyTorch in the ways that it may be written. */
export async function trainingSteps({ device, quick, torch, note }) {
  const plans = [
    { network: networks.full, target: 1.15, rounds: quick ? 2 : 5 },
    { network: networks.small, rounds: quick ? 5 : 15 },
  ];
  const tables = [];
  for (const { network, target, rounds } of plans) {
    const workload = { kind: 'training', network, patch: PATCH };
    const peers = [
      pytorch('PyTorch, stacked', { ...workload, batching: 'stacked' }),
      pytorch('PyTorch, 25 passes', { ...workload, batching: 'loop' }),
      pytorch('PyTorch, stacked, channels last', {
        ...workload,
        batching: 'stacked',
        layout: 'channels_last',
      }),
    ];
    const competitors = [revela(device, workload), ...(torch ? peers : [])];
    const results = await compare(competitors, { rounds, warmUps: quick ? 1 : 2, note });
    const flops = trainingFlops(network, PATCH ** 2);
    tables.push({
      title: `training step, SDAP, ${networkName(network)}, one ${PATCH}² patch`,
      ...(target === undefined ? {} : { target }),
      // The layout that PyTorch can be told to use is shown, but it is no part of how the published programs are written.
      against: fastest(results.slice(1, 3)),
      rows: results.map((result) => ({ ...result, flops })),
    });
  }
  return tables;
}

function fastest(results) {
  if (results.length === 0) return undefined;
  return results.reduce((best, result) => (result.seconds.median < best.seconds.median ? result : best)).name;
}
