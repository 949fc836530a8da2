import { disposable } from '../../belongings.js';
import { RevelaError } from '../../errors.js';
import { present } from '../../present.js';
import {
  combineTerms,
  type Grid,
  lookThroughBackbone,
  qualitiesOf,
  type SemanticLookConfig,
  type SfdRule,
  type SfdTermName,
  sfdTermNames,
} from '../../quality/index.js';
import { scopeOf } from '../../nn/index.js';
import type { Runtime } from '../../runtime/index.js';
import { floatsOf, grouped, type Program, type TensorValue, trace } from '../../tensor/index.js';
import { release, upload } from '../../training/index.js';
import type { Planes } from '../../pixels/index.js';
import type { SeatedCritic, SeatingOptions, Verdict } from './critic.js';
import { inTurns } from '../../apply/index.js';

/** What judges whole pictures through a backbone that is not CLIP. */
export interface SemanticCritic {
  readonly look: SemanticLookConfig;
  /** Parameters of the backbone. */
  readonly eye: Readonly<Record<string, TensorValue>>;
  /** Of Feat-D. */
  readonly feature?: Readonly<Record<string, TensorValue>>;
  /** Pairs of vectors as directions, `[pairs, pooledWidth]`. */
  readonly directions?: TensorValue;
  readonly rule: SfdRule;
}

type Shown = Pick<Planes, 'height' | 'width'>;

/** Input: `picture`. Outputs: `score`, `term/NAME`, and Feat-D's `logits` at its finest layer, where there is one. */
function program(
  { look, eye, feature, directions, rule }: SemanticCritic,
  { height, width }: Shown,
): Program {
  return trace(({ input, inputs }) => {
    const picture = input('picture', [1, 3, height, width]);
    const parameters = {
      eye: scopeOf(inputs('eye', eye)),
      ...present({
        feature: feature && scopeOf(inputs('feature', feature)),
        directions: directions && input('directions', directions.shape),
      }),
    };
    const { logits, terms } = lookThroughBackbone(look)(parameters, picture);
    const [finest] = logits;
    const named = Object.entries(terms).flatMap(([name, term]) => (term === undefined ? [] : [[name, term]]));
    return {
      score: combineTerms(terms, rule),
      ...grouped('term', Object.fromEntries(named)),
      ...present({ logits: finest }),
    };
  });
}

function numberOf(value: TensorValue | undefined): number {
  const number = Number(value?.data[0] ?? Number.NaN);
  if (Number.isFinite(number)) return number;
  throw new RevelaError(
    'the networks gave a score that is not a number; train the discriminators again or take other weights',
  );
}

/** Puts a critic on a device; it sees every picture whole, so that memory grows with the long side that is allowed. */
export async function seatSemanticCritic(
  runtime: Runtime,
  critic: SemanticCritic,
  { signal: always }: Pick<SeatingOptions, 'signal'>,
): Promise<SeatedCritic> {
  const held = await upload(runtime, {
    ...grouped('eye', critic.eye),
    ...grouped('feature', critic.feature ?? {}),
    ...present({ directions: critic.directions }),
  });
  const shelf = runtime.shelf();
  const judge = async ({ height, width, data }: Planes, signal = always): Promise<Verdict> => {
    const picture: TensorValue = { data, shape: [1, 3, height, width], dtype: 'float32' };
    const write = (): Program => program(critic, { height, width });
    const { fetched } = await shelf.run(`${height}×${width}`, write, { ...held, picture }, { signal });
    const terms: Partial<Record<SfdTermName, number>> = {};
    for (const name of sfdTermNames) {
      const value = fetched[`term/${name}`];
      if (value !== undefined) terms[name] = numberOf(value);
    }
    const { logits } = fetched;
    const [, , rows = 0, columns = 0] = logits?.shape ?? [];
    const seen: Grid | undefined =
      logits === undefined ? undefined : { rows, columns, data: floatsOf(logits.data) };
    return {
      score: numberOf(fetched['score']),
      terms,
      logits: [],
      ...present({ shown: seen && qualitiesOf(seen) }),
      ...{ down: rows, across: columns },
    };
  };
  const turns = inTurns();
  return disposable({
    judge: (planes: Planes, _places: boolean, signal?: AbortSignal) =>
      turns.take(() => judge(planes, signal), signal),
    async close() {
      await turns.over();
      await shelf.close();
      release(held);
    },
  });
}
