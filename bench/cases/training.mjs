import { compare } from '../compare.mjs';
import { networks, trainingFlops } from '../networks.mjs';
import { pytorch, revela } from './contestants.mjs';

const PATCH = 160;

/** One step of a method on one patch: forward, backward, optimiser. */
async function step({ method, network, ways, rounds, warmUps, targetsOf }, { device, torch, note }) {
  const { title, architecture, config } = network;
  const workload = { kind: 'training', method, architecture, config, patch: PATCH };
  const peers = ways.map(({ name, ...way }) => pytorch(name, { ...workload, ...way }));
  const results = await compare([revela(device, workload), ...(torch ? peers : [])], {
    rounds,
    warmUps,
    note,
  });
  const flops = await trainingFlops(network, PATCH);
  return {
    title: `training step, ${method === 'sdap' ? 'SDAP' : 'AMSNet'}, ${title}, one ${PATCH}² patch`,
    targets: targetsOf(results),
    rows: results.map((result) => ({ ...result, flops })),
  };
}

/** The ways in which SDAP may be written in PyTorch: 25 sub-samples in one batch or one after the other. */
const sdapWays = [
  { name: 'PyTorch, stacked', batching: 'stacked' },
  { name: 'PyTorch, 25 passes', batching: 'loop' },
  { name: 'PyTorch, stacked, channels last', batching: 'stacked', layout: 'channels_last' },
];

/** The layout that PyTorch can be told to use is shown, but it is no part of how the published programs are written. */
const publishedWays = new Set(['PyTorch, stacked', 'PyTorch, 25 passes']);

function fastestPublished(results) {
  const published = results.filter(({ name }) => publishedWays.has(name));
  return published.toSorted((a, b) => a.seconds.median - b.seconds.median)[0]?.name;
}

/** SDAP, 25 sub-samples of the patch, against PyTorch in the ways that it may be written. */
export async function sdapSteps(setting) {
  const { quick, takes } = setting;
  const plans = [
    {
      network: networks.dbsnl,
      rounds: quick ? 2 : 5,
      targetsOf: (results) => [{ of: 'time', atMost: 1.15, against: fastestPublished(results) }],
    },
    { network: networks.smallDbsnl, rounds: quick ? 5 : 15, targetsOf: () => [] },
  ];
  const tables = [];
  for (const plan of plans.filter(({ network }) => takes(network))) {
    const shared = { method: 'sdap', ways: sdapWays, warmUps: quick ? 1 : 2 };
    tables.push(await step({ ...shared, ...plan }, setting));
  }
  return tables;
}

/** AMSNet, 25 sub-images of 32² in one batch, on every network that its paper and its students are made of. */
export async function amsnetSteps(setting) {
  const { quick, takes } = setting;
  const time = { of: 'time', atMost: 1, against: 'PyTorch' };
  const memory = { of: 'memory', atMost: 1, against: 'PyTorch' };
  const plans = [
    { network: networks.nafnet, rounds: quick ? 5 : 11, targets: [time] },
    { network: networks.student, rounds: quick ? 7 : 15, targets: [time] },
    { network: networks.unet, rounds: quick ? 3 : 7, targets: [] },
    { network: networks.restormer, rounds: quick ? 2 : 5, targets: [memory] },
  ];
  const tables = [];
  for (const { network, rounds, targets } of plans.filter(({ network }) => takes(network))) {
    const plan = { method: 'amsnet', network, ways: [{ name: 'PyTorch' }], rounds, warmUps: 1 };
    tables.push(await step({ ...plan, targetsOf: () => targets }, setting));
  }
  return tables;
}
