import { dists, lpipsBackbones, lpipsMaps, lpipsNetworks } from '#src/quality/index.js';
import type { Runtime } from '#src/runtime/index.js';
import type { Tensor, TensorRecord, TensorValue } from '#src/tensor/index.js';
import { concat, gradientsOf, mean, sum, trace } from '#src/tensor/index.js';
import {
  type Check,
  expectTensor,
  type Fixture,
  grouped,
  metadataJson,
  relativeError,
  specsOf,
  tensorsUnder,
  tolerances,
} from './fixture.js';
import { hashedParameters } from './hashed-parameters.js';
import { run } from './run.js';

/** Distances of a fixture's pictures and their gradient with respect to the first, against what the fixture says. */
async function compared(
  fixture: Fixture,
  runtime: Runtime,
  result: string,
  own: Readonly<Record<string, TensorValue>>,
  distances: (backbone: TensorRecord, own: TensorRecord, x: Tensor, y: Tensor) => Tensor,
): Promise<Check[]> {
  const backbone = hashedParameters(fixture);
  const [x, y] = [expectTensor(fixture, 'x'), expectTensor(fixture, 'y')];
  const program = trace(({ input, inputs }) => {
    const picture = input('x', x.shape);
    const made = distances(
      inputs('backbone', specsOf(backbone)),
      inputs('own', specsOf(own)),
      picture,
      input('y', y.shape),
    );
    const [slope = made] = gradientsOf(sum(made), [picture]);
    return { [result]: made, grad_x: slope };
  });
  const feeds = { ...grouped('backbone', backbone), ...grouped('own', own), x, y };
  const results = await run(runtime, program, feeds);
  return [
    {
      what: result,
      error: relativeError(results[result], expectTensor(fixture, result)),
      tolerance: tolerances.forward,
    },
    {
      what: 'grad_x',
      error: relativeError(results['grad_x'], expectTensor(fixture, 'grad_x')),
      tolerance: tolerances.gradient,
    },
  ];
}

/** Compares LPIPS's distances at every layer, and their gradient, with PyTorch's. */
export function checkLpips(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  const config = metadataJson(fixture, 'config');
  const name: unknown =
    typeof config === 'object' && config !== null ? Reflect.get(config, 'net') : undefined;
  const network = lpipsNetworks.find((known) => known === name);
  if (network === undefined) throw new Error(`LPIPS does not know the network ${String(name)}`);
  const { channels } = lpipsBackbones[network];
  return compared(fixture, runtime, 'distances', tensorsUnder(fixture, 'heads/'), (backbone, heads, x, y) => {
    const maps = lpipsMaps(network, { backbone, heads }, x, y);
    if (maps.length !== channels.length) throw new Error(`there are ${maps.length} layers`);
    return concat(
      maps.map((map) => mean(map, { axes: [2, 3] })),
      1,
    );
  });
}

/** Compares DISTS and its gradient with PyTorch's. */
export function checkDists(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  const own = { alpha: expectTensor(fixture, 'alpha'), beta: expectTensor(fixture, 'beta') };
  return compared(fixture, runtime, 'score', own, (backbone, weights, x, y) =>
    dists({ backbone, weights }, x, y),
  );
}
