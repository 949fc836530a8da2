import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Context } from '#src/cli/context.js';
import { runCommandLine } from '#src/cli/program.js';
import { denoisingMethods, sdap } from '#src/denoise/index.js';
import { DEFAULT_MINUTES } from '#src/api/index.js';
import { ADAPTING_RATE, highestRate } from '#src/runs/recipe.js';
import { architectures } from '#src/networks/index.js';
import { type Ending, everyCommand, expectRefusal, expectSuccess, jsonLines, revela } from './command.js';

/** The options that take a value, of which the help says neither a default nor that they are required. */
function withoutDefault(help: string): readonly string[] {
  const entries = help.split(/^ {2}(?=-)/m).map((entry) => entry.replace(/\s+/g, ' '));
  return entries.flatMap((entry) => {
    const [, name] = /^(?:-\w, )?--([\w-]+) [<[]/.exec(entry) ?? [];
    return name === undefined || /\((?:default: |required)/.test(entry) ? [] : [name];
  });
}

describe('help', () => {
  it('shows the commands', async () => {
    const { stdout } = await expectSuccess(revela(['--help']));
    for (const name of 'denoise upscale score train distill methods evaluate compare degrade report export web info models serve doctor'.split(
      ' ',
    ))
      expect(stdout).toMatch(new RegExp(`^  ${name}`, 'm'));
  });

  it('shows every option of denoise with its default', async () => {
    const { stdout } = await expectSuccess(revela(['denoise', '--help']));
    const text = stdout.replace(/\s+/g, ' ');
    const options = [...stdout.matchAll(/^ {2}(?:-\w, )?--([\w-]+)/gm)].map(([, name]) => name);
    expect(options).toEqual(
      expect.arrayContaining(
        'output format quality overwrite recursive score weights adapt no-adapt from-scratch save-weights sub-sampling enhance no-enhance refine masks deterministic keep-detail no-keep-detail tile minutes steps seed method network base-channels modules patch batch learning-rate device threads json'.split(
          ' ',
        ),
      ),
    );
    expect(withoutDefault(stdout)).toEqual(['mask', 'save-weights']);
    expect(text).toContain(`${Object.keys(denoisingMethods).join(', ')}; see revela methods (`);
    expect(text).toContain(`${Object.keys(architectures).join(', ')} (`);
    expect(text).toContain(
      `(default: ${DEFAULT_MINUTES.supervised}; ${DEFAULT_MINUTES.adapt} with --method, ${DEFAULT_MINUTES.fromScratch} from scratch)`,
    );
    const fresh = architectures['dbsnl']?.ofSize({});
    if (fresh === undefined) expect.fail('there is no dbsnl');
    expect(text).toContain(
      `${ADAPTING_RATE} with --method, ${highestRate(sdap.presets.fast, fresh, false)} from scratch)`,
    );
    expect(text).toContain('Examples: revela denoise photo.jpg');
  });

  it.each([
    ['help', 'denoise'],
    ['train', 'denoiser', '--help'],
    ['upscale', '--help'],
    ['export', '--help'],
    ['distill', '--help'],
    ['methods', '--help'],
    ['help', 'info'],
    ['evaluate', 'denoiser', '--help'],
    ['evaluate', 'upscaler', '--help'],
    ['evaluate', 'quality', '--help'],
    ['compare', '--help'],
    ['help', 'report'],
    ['models', 'pull', '--help'],
    ['degrade', '--help'],
    ['train', 'upscaler', '--help'],
    ['train', 'scorer', '--help'],
    ['train', 'niqe', '--help'],
    ['train', 'il-niqe', '--help'],
    ['train', 'sfd-iqa', '--help'],
    ['score', '--help'],
    ['doctor', '-h'],
    ['web', '-h'],
  ])('is there for %s %s', async (...args) => {
    const { stdout } = await expectSuccess(parsed(args));
    expect(stdout).toMatch(/^Usage: revela /);
    expect(stdout).toMatch(/^Examples?:$/m);
  });

  it('shows the version', async () => {
    const { stdout } = await expectSuccess(revela(['--version']));
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('shows every option of score with its default', async () => {
    const { stdout } = await expectSuccess(parsed(['score', '--help']));
    const options = [...stdout.matchAll(/^ {2}(?:-\w, )?--([\w-]+)/gm)].map(([, name]) => name);
    expect(options).toEqual(
      'metric list recursive shard record sort csv map fail-below overwrite best-of gap likeness xmp scorer niqe-model il-niqe-model brisque-model brisque-range clip good bad backbone judges combine feature-weight sigmoid standardise no-standardise long-side device threads max-input json help'.split(
        ' ',
      ),
    );
    expect(withoutDefault(stdout)).toEqual(['record', 'map', 'fail-below']);
  });

  it('shows every option of upscale with its default', async () => {
    const { stdout } = await expectSuccess(parsed(['upscale', '--help']));
    const options = [...stdout.matchAll(/^ {2}(?:-\w, )?--([\w-]+)/gm)].map(([, name]) => name);
    const expected =
      'output format quality lossless overwrite skip-existing recursive shard score weights key denoise sharpen scale tile max-megapixels device threads max-input json help';
    expect(options).toEqual(expected.split(' '));
    expect(withoutDefault(stdout)).toEqual([]);
  });

  it.each(everyCommand)('names the choices of every option of %s, once', async (name) => {
    const { stdout } = await expectSuccess(parsed([...name.split(' '), '--help']));
    expect(stdout).not.toContain('(choices: ');
    expect(stdout).not.toMatch(/default: (?:do not|refuse|none: needed)|no default|display help/);
    const [, device = ''] = /--device <NAME>\s+([^(]*)/.exec(stdout) ?? [];
    if (device !== '') expect(device.trim()).toBe('auto, cpu, webgpu or cuda');
  });

  it('loads no native code, so that it is there at once', async () => {
    const atEnd = 'console.error(process.report.getReport().sharedObjects.join("\\n"))';
    const hook = `data:text/javascript,process.on('exit',()=>${encodeURIComponent(atEnd)})`;
    const loadedBy = async (args: readonly string[]): Promise<string> =>
      (await revela(args, { environment: { NODE_OPTIONS: `--import ${hook}` } })).stderr;
    const native = /(?:sharp|onnxruntime)[^\n]*\.node/;
    expect(await loadedBy(['denoise', '--help'])).not.toMatch(native);
    const picture = fileURLToPath(new URL('../../docs/images/boats-upscaled.jpg', import.meta.url));
    expect(await loadedBy(['info', picture])).toMatch(native);
  });
});

/** Runs a command line in this process, which is faster; only for what ends before the work begins. */
async function parsed(args: readonly string[]): Promise<Ending> {
  let [stdout, stderr] = ['', ''];
  const context: Context = {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    colour: false,
    modelFolder: 'models',
    offline: false,
    listenForStop: () => expect.fail('the work began'),
  };
  const code = await runCommandLine(args, context, false);
  return { code, stdout, stderr };
}

describe('wrong usage ends with code 2 and one line', () => {
  it.each([
    [['denoise'], "missing required argument 'PICTURE'"],
    [['denoise', 'a.png', '--colour'], "unknown option '--colour'"],
    [['denoise', 'a.png', '--minuts', '3'], 'Did you mean --minutes?'],
    [['denoise', 'a.png', '--minutes', '0'], 'Expected a number above 0'],
    [['denoise', 'a.png', '--minutes', 'ten'], 'Expected a number above 0'],
    [['denoise', 'a.png', '--minutes'], "'--minutes <N>' argument missing"],
    [['denoise', 'a.png', '--steps', '-1'], 'Expected a whole number of at least 1'],
    [['denoise', 'a.png', '--steps', '1.5'], 'Expected a whole number of at least 1'],
    [['denoise', 'a.png', '--seed', '0x10'], 'Expected a whole number of at least 0'],
    [['denoise', 'a.png', '--quality', '101'], 'Expected a whole number from 1 to 100'],
    [['denoise', 'a.png', '--learning-rate', 'NaN'], 'Expected a number above 0, at most 1'],
    [['denoise', 'a.png', '--tile', '3'], 'Expected a whole number from 32'],
    [['denoise', 'a.png', '--threads', '0'], 'Expected a whole number from 1'],
    [['denoise', 'a.png', '--device', 'tpu'], 'Allowed choices are auto, cpu, webgpu, cuda;'],
    [['denoise', 'a.png', '--format', 'gif'], 'Allowed choices are jpeg, png, webp, tiff, avif;'],
    [['upscale'], "missing required argument 'PICTURE'"],
    [['upscale', 'a.png', '--scale', '5'], 'Expected a whole number from 2 to 4'],
    [['upscale', 'a.png', '--denoise', '101'], 'Expected a number from 0 to 100'],
    [['upscale', 'a.png', '--max-megapixels', '0'], 'Expected a number above 0'],
    [['train', 'denoiser'], 'training needs pictures'],
    [['train', 'denoiser', 'a.png', '--steps', '3'], 'give --output'],
    [['train', 'denoiser', 'a.png', '--preset', 'slow'], 'Allowed choices are paper, fast;'],
    [
      ['train', 'denoiser', 'a.png', '--schedule', 'linear'],
      'Expected constant, cosine, or steps and a factor',
    ],
    [['train', 'denoiser', 'a.png', '--schedule', '10:2'], 'and a factor above 0 and at most 1'],
    [['train', 'denoiser', 'a.png', '--average-decay', '1'], 'Expected a number of at least 0, below 1'],
    [['train', 'denoiser', 'a.png', '--validate-every', '0'], 'Expected a whole number of at least 1'],
    [['train', 'denoiser', '--resume', 'run', '--validate-every', '3'], 'leave out --validate-every'],
    [['train', 'denoiser', '--resume', 'run', '--base-channels', '8'], 'leave out --base-channels'],
    [['train', 'denoiser', '--resume', 'run', 'a.png'], 'leave out the pictures'],
    [['denoise', 'a.png', '--refine', 'twice'], 'Allowed choices are none, per-element, per-pixel;'],
    [['denoise', 'a.png', '--masks', '1'], 'Expected a whole number from 2 to 16'],
    [['distill'], 'training needs pictures'],
    [['distill', 'a.png', '--output', 'run'], 'give --teacher'],
    [['distill', 'a.png', '--teacher', 'a.safetensors'], 'give --output'],
    [['distill', '--resume', 'run', '--recharge'], 'leave out --recharge'],
    [['compare', 'a.png', 'b.png', '--border', '-1'], 'Expected a whole number from 0'],
    [['methods', 'sdap'], 'too many arguments'],
    [['info'], "missing required argument 'FILE'"],
    [['doctor', 'a.png'], 'too many arguments'],
  ])('%j', async (args, words) => {
    const command = args.slice(0, args[0] === 'train' ? 2 : 1).join(' ');
    await expectRefusal(parsed(args), 2, words, `; see revela ${command} --help`);
  });

  it('of an unknown command', () =>
    expectRefusal(
      revela(['denois']),
      2,
      "unknown command 'denois' (Did you mean denoise?); see revela --help",
    ));

  it('of no command, with the help', async () => {
    const { code, stdout, stderr } = await parsed([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Usage: revela /);
  });

  it('also as JSON', async () => {
    const { code, stdout } = await revela(['denoise', 'a.png', '--json', '--steps', 'x']);
    expect(code).toBe(2);
    expect(jsonLines(stdout)).toEqual([
      { kind: 'error', exitCode: 2, message: expect.stringContaining('--steps') },
    ]);
  });
});
