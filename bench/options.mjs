import { parseArgs } from 'node:util';
import { architectureNames } from './networks.mjs';

/** What --only takes, in the order of running. */
export const caseNames = ['matmul', 'training', 'amsnet', 'sfd', 'inference', 'convolution', 'start'];

/** Only when asked for: they are about Revela alone. */
const otherNames = ['costs', 'web'];
const allNames = [...caseNames, ...otherNames];

export const help = `Measures Revela against PyTorch, TensorFlow.js and jax-js on this machine, in alternation.

Usage: npm run bench -- [OPTIONS]

  --only NAME      only this benchmark: ${caseNames.join(', ')}; may be repeated.
                   costs, which is not among all, measures the limits of src/compile/plan/costs.ts anew, and web a page
                   in Chromium beside Node, with one thread each.
                   training is a step of SDAP, amsnet one of AMSNet, sfd an adversarial one of SFD
  --network NAME   of training, amsnet, sfd and inference only what concerns this network: ${architectureNames.join(', ')};
                   may be repeated
  --quick          fewer repetitions, without the sizes that take minutes
  --device DEVICE  where Revela runs: cpu (default), webgpu, cuda, auto; the others stay on the CPU
  --json           print the results as JSON instead of tables
  --save           also write bench/results/latest.json
  --no-build       measure dist/ as it is, do not build first
  --help           show this

Ratios are time of Revela ÷ time of the other: below 1, Revela is the faster one. Each is the median of the ratios of
neighbouring runs, with the smallest and the largest of them. PyTorch is Debian's python3-torch; where it is missing it
is installed as root or with sudo. Quit what else uses the processor while this runs.`;

/** The options of the command line; stops with one line and status 2 where they make no sense. */
export function readOptions(args) {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        only: { type: 'string', multiple: true },
        network: { type: 'string', multiple: true },
        quick: { type: 'boolean', default: false },
        device: { type: 'string', default: 'cpu' },
        json: { type: 'boolean', default: false },
        save: { type: 'boolean', default: false },
        'no-build': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    return stop(error.message.split('. ')[0]);
  }
  const unknown = values.only?.find((name) => !allNames.includes(name));
  if (unknown !== undefined)
    stop(`--only ${unknown}: there is no such benchmark; take ${allNames.join(', ')}`);
  const stranger = values.network?.find((name) => !architectureNames.includes(name));
  if (stranger !== undefined) stop(`--network ${stranger}: expected ${architectureNames.join(', ')}`);
  if (!['cpu', 'webgpu', 'cuda', 'auto'].includes(values.device))
    stop(`--device ${values.device}: expected cpu, webgpu, cuda or auto`);
  return {
    ...values,
    build: !values['no-build'],
    only: values.only ?? caseNames,
    network: values.network ?? architectureNames,
  };
}

function stop(line) {
  console.error(`bench: ${line}; see --help`);
  process.exit(2);
}
