import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readWeightsFile } from '#src/weights/index.js';
import { floats, make, type Piece, tensor, zipCheckpoint } from './checkpoint-files.js';
import { refusal, temporaryFolder } from './files.js';

const path = temporaryFolder();

/** A state dict of one tensor of one number, by which it is known again; `name` is what a network calls the tensor. */
const dict = (number: number, name = 'head.weight'): Piece =>
  make.dict({ [name]: tensor({ storage: String(number), length: 1, shape: [1] }) });
const storages = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [String(i), floats(i)]));

/** Tensors of one number each, by name. */
const flat = (entries: Readonly<Record<string, number>>): Piece =>
  make.dict(
    Object.fromEntries(
      Object.entries(entries).map(([name, number]) => [
        name,
        tensor({ storage: String(number), length: 1, shape: [1] }),
      ]),
    ),
  );

const reading = {
  recognises: (shapes: Readonly<Record<string, readonly number[]>>) =>
    Object.keys(shapes).join() === 'head.weight',
};

async function read(root: Piece, key?: string, known = true) {
  await writeFile(path('given.pth'), zipCheckpoint(root, storages));
  const file = await readWeightsFile(path('given.pth'), { ...(known ? reading : {}), key });
  const [first] = file.tensors.values();
  return { number: Number(first?.data[0]), wrapper: file.wrapper, prefix: file.prefix, others: file.others };
}

describe('averaged weights come before the last ones, whatever they are called', () => {
  test.each([
    ['params', 'params_ema'],
    ['params', 'params-ema'],
    ['params', 'paramsEMA'],
    ['model', 'ema'],
    ['model', 'EMA'],
    ['model', 'model_ema'],
    ['model', 'ema_model'],
    ['model', 'modelEma'],
    ['model', 'ema-model'],
    ['model', 'ema_params'],
    ['model', 'averaged_model'],
    ['model', 'swa_model'],
    ['state_dict', 'state_dict_ema'],
    ['state_dict', 'ema_state_dict'],
    ['net', 'net_ema'],
    ['net_g', 'net_g_ema'],
    ['netG', 'netG_ema'],
    ['g', 'g_ema'],
    ['generator', 'generator_ema'],
    ['anything', 'anything.ema'],
  ])('%s and %s', async (last, average) => {
    for (const entries of [
      { [last]: dict(1), [average]: dict(2) },
      { [average]: dict(2), [last]: dict(1) },
    ])
      for (const known of [true, false])
        expect(await read(make.dict(entries), undefined, known)).toEqual({
          number: 2,
          wrapper: [average],
          prefix: '',
          others: [last],
        });
  });

  test('in dicts of an average with facts about it', async () => {
    const ema = make.dict({ decay: make.number(1), module: dict(2), updates: make.number(9) });
    const root = make.dict({ model: dict(1), ema });
    expect(await read(root)).toMatchObject({ number: 2, wrapper: ['ema', 'module'], others: ['model'] });
  });

  test('a discriminator is no choice, averaged or not', async () => {
    const root = make.dict({ g: dict(1), d: dict(2), d_ema: dict(3), g_ema: dict(4) });
    expect(await read(root)).toMatchObject({ number: 4, others: ['g', 'd', 'd_ema'] });
    expect(await read(root, undefined, false)).toMatchObject({ number: 4 });
  });

  test('an average that is of something else', async () => {
    const root = make.dict({ model: dict(1), ema: dict(2, 'other.weight') });
    expect(await read(root)).toMatchObject({ number: 1, others: ['ema'] });
  });
});

describe('the generator of a training is found', () => {
  test.each([
    ['generator', 'discriminator'],
    ['netG', 'netD'],
    ['net_g', 'net_d'],
    ['G', 'D'],
    ['gen', 'disc'],
    ['G_state_dict', 'D_state_dict'],
    ['model_G', 'model_D'],
    ['generator_state_dict', 'discriminator_state_dict'],
  ])('beside its judge: %s and %s', async (generator, judge) => {
    const root = make.dict({ [judge]: dict(1, 'judge.weight'), [generator]: dict(2) });
    expect(await read(root)).toMatchObject({ number: 2, wrapper: [generator] });
    expect(await read(root, undefined, false)).toMatchObject({ number: 2, wrapper: [generator] });
  });

  test('under its prefix in the one dict of a Lightning training', async () => {
    const root = make.dict({
      epoch: make.number(3),
      state_dict: flat({ 'generator.head.weight': 1, 'discriminator.a': 2, 'vgg_loss.b': 3 }),
      optimizer_states: make.list(make.dict({ state: dict(4) })),
      hyper_parameters: make.call('pytorch_lightning.utilities.parsing', 'AttributeDict'),
    });
    const others = ['state_dict.discriminator', 'state_dict.vgg_loss'];
    expect(await read(root)).toMatchObject({
      number: 1,
      wrapper: ['state_dict'],
      prefix: 'generator.',
      others,
    });
    expect(await read(root, 'state_dict.discriminator')).toMatchObject({ number: 2 });
  });

  test('deep in the one dict', async () => {
    const root = flat({ 'module.gen.head.weight': 1, 'module.disc.a.b': 2, 'module.disc.c': 3 });
    expect(await read(root)).toMatchObject({ prefix: 'module.gen.', others: ['module.disc'] });
  });

  test('averaged under its prefix', async () => {
    const root = flat({ 'model.head.weight': 1, 'ema_model.module.head.weight': 2 });
    expect(await read(root)).toEqual({
      number: 2,
      wrapper: [],
      prefix: 'ema_model.module.',
      others: ['model'],
    });
  });

  test('a known network inside of an unknown one is not taken for the whole', async () => {
    const line = await refusal(() => read(flat({ 'denoise.head.weight': 1, 'estimate.a': 2 })));
    expect(line).toMatch(/part of a larger one, which has estimate\.a too; `FILE::denoise`/);
  });
});

describe('a key chooses', () => {
  const root = make.dict({
    params: dict(1),
    params_ema: dict(2),
    other: make.dict({ net: dict(3) }),
    state_dict: flat({ 'a.head.weight': 4, 'b.head.weight': 5 }),
  });
  test.each([
    ['params', 1],
    ['params_ema', 2],
    ['other.net', 3],
    ['net', 3],
    ['state_dict.a', 4],
    ['a', 4],
    ['b', 5],
  ])('%s', async (key, number) => {
    expect(await read(root, key)).toMatchObject({ number });
    expect(await read(root, key, false)).toMatchObject({ number });
  });

  test('one that is not there is told, with those that are', async () => {
    expect(await refusal(() => read(root, 'ema'))).toMatch(
      /has no state dict under the key ema; it holds params, params_ema, other\.net, state_dict\.a, state_dict\.b/,
    );
  });

  test('where nothing else decides, it is asked for', async () => {
    expect(await refusal(() => read(make.dict({ one: dict(1), two: dict(2) })))).toMatch(
      /several state dicts \(one, two\); choose one with `FILE::KEY`/,
    );
  });
});
