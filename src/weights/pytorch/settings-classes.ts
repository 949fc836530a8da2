/** Classes that only hold settings, by which trainings are described beside their weights: they are bags of attributes. */
const settingsClasses: ReadonlySet<string> = new Set([
  'argparse.Namespace',
  'types.SimpleNamespace',
  'easydict.EasyDict',
  'yacs.config.CfgNode',
  'addict.addict.Dict',
  'munch.Munch',
  'munch.munch.Munch',
  'datetime.datetime',
  'datetime.date',
  'datetime.timedelta',
  ...['Path', 'PosixPath', 'WindowsPath', 'PurePosixPath', 'PureWindowsPath'].flatMap((name) => [
    `pathlib.${name}`,
    `pathlib._local.${name}`,
  ]),
  ...[
    'pytorch_lightning.utilities.parsing',
    'lightning.pytorch.utilities.parsing',
    'lightning_fabric.utilities.data',
    'lightning.fabric.utilities.data',
  ].map((module) => `${module}.AttributeDict`),
]);

/** Of OmegaConf, whose settings Lightning trainings keep. */
const omegaConf =
  /^omegaconf\.(?:dictconfig\.DictConfig|listconfig\.ListConfig|base\.\w*Metadata|nodes\.\w+Node)$/;

/** Whether objects of this class may be made, as bags of attributes without behaviour. */
export function isSettingsClass(name: string): boolean {
  return settingsClasses.has(name) || omegaConf.test(name);
}

const mentions: ReadonlySet<string> = new Set([
  'torch.Tensor',
  'torch._tensor.Tensor',
  'torch.nn.parameter.Parameter',
  'torch.nn.parameter.Buffer',
  'numpy.ndarray',
  'typing.Any',
  ...['builtins', '__builtin__'].flatMap((module) =>
    ['list', 'dict', 'tuple', 'int', 'float', 'bool', 'str'].map((name) => `${module}.${name}`),
  ),
]);

/** Under their classes Lightning once kept what its callbacks remember. */
const callbacks = /^(?:pytorch_lightning|lightning\.pytorch)\.callbacks(?:\.\w+){1,3}$/;

/** Whether this class may be named, though nothing can be made of it. */
export function isMention(name: string): boolean {
  return mentions.has(name) || callbacks.test(name);
}
