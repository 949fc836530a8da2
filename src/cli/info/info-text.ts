import type {
  PictureDescription,
  PictureFormat,
  TrainingRecord,
  WeightsDescription,
  DescribedRun,
  OnnxOutline,
  OnnxPort,
} from '../../api/index.js';
import { kindOf } from '../../api/index.js';
import type { Fact } from '../terminal/facts-text.js';
import { formatDuration } from '../terminal/progress-text.js';
import { counted, sizeText } from '../terminal/wording.js';

const formatNames: Readonly<Record<PictureFormat, string>> = {
  jpeg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  tiff: 'TIFF',
  avif: 'AVIF',
};

export function pictureFacts(picture: PictureDescription): Fact[] {
  const { format, width, height, channels, hasAlpha, bitDepth, fileSize, profile, camera } = picture;
  const megapixels = (width * height) / 1e6;
  const exposure = [
    camera.exposureTime === undefined ? '' : exposureText(camera.exposureTime),
    camera.fNumber === undefined ? '' : `f/${rounded(camera.fNumber)}`,
    camera.iso === undefined ? '' : `ISO ${camera.iso}`,
    camera.focalLength === undefined ? '' : `${rounded(camera.focalLength)} mm`,
  ];
  return given([
    ['kind', `${formatNames[format]} picture, ${sizeText(fileSize)}`],
    [
      'size',
      `${width} × ${height} pixels${megapixels < 0.1 ? '' : ` (${megapixels.toFixed(1)} megapixels)`}`,
    ],
    [
      'samples',
      `${channels === 1 ? 'grey' : 'red, green, blue'}${hasAlpha ? ' and transparency' : ''}, ${bitDepth} bits each`,
    ],
    ['profile', profile ?? ''],
    ['camera', joined([camera.make, camera.model], ' ')],
    ['lens', camera.lens ?? ''],
    ['exposure', joined(exposure, ', ')],
    ['taken', camera.taken ?? ''],
  ]);
}

const weightsKinds: Readonly<Record<WeightsDescription['format'], string>> = {
  safetensors: 'weights',
  pytorch: 'PyTorch checkpoint',
  'pytorch-legacy': 'PyTorch checkpoint from before version 1.6',
  torchscript: 'TorchScript archive',
};

/** What a network is and costs, and what pictures it takes. */
function networkFacts(network: NonNullable<WeightsDescription['network']>): Fact[] {
  const { config, cost, scale, multiple, reach, tilesExactly, blindSpot } = network;
  const { parameters, parametersInUse, multiplyAdds, multiplyAddsPerPixel } = cost;
  const side = 2 * reach + 1;
  return [
    ['size', configText(config)],
    [
      'parameters',
      `${parameters.toLocaleString('en')}${parametersInUse === undefined ? '' : `, ${parametersInUse.toLocaleString('en')} once folded for use`}`,
    ],
    [
      'multiply-adds',
      `${countText(multiplyAddsPerPixel)} a pixel, ${countText(multiplyAdds)} at 256 × 256 pixels`,
    ],
    ['enlarges', scale === 1 ? '' : `by ${scale}`],
    ['takes', multiple === 1 ? 'any size' : `sizes that are multiples of ${multiple}`],
    [
      'sees',
      `${tilesExactly ? '' : 'further than '}${reach} pixels in each direction (${side} × ${side})${blindSpot ? ', but not the pixel itself' : ''}`,
    ],
    [
      'tiles',
      tilesExactly
        ? `margins of ${reach} pixels give the same result as the whole picture`
        : `margins of ${reach} pixels are advised; the result differs a little from the whole picture's`,
    ],
  ];
}

export function weightsFacts(weights: WeightsDescription): Fact[] {
  const {
    fileSize,
    format,
    wrapper,
    prefix,
    others,
    parts,
    tensors,
    parameters,
    network,
    method,
    training,
    licence,
    metadata,
  } = weights;
  const isCheckpoint = metadata['format']?.startsWith('revela-checkpoint') === true;
  return given([
    [
      'kind',
      `${isCheckpoint ? 'checkpoint of a training run' : weightsKinds[format]}, ${sizeText(fileSize)}`,
    ],
    ['unwrapped', wrappingText(wrapper, prefix)],
    ['holds also', others === undefined ? '' : `${others.join(', ')} (--key chooses)`],
    ['files', parts === undefined ? '' : String(parts)],
    ['network', network === undefined ? 'none that revela knows' : network.title],
    ...(network === undefined ? [] : networkFacts(network)),
    ['numbers', `${parameters.toLocaleString('en')} in ${counted(tensors, 'tensor')}`],
    ['method', method ?? ''],
    ['training', trainingText(training)],
    ['step', isCheckpoint ? (metadata['step'] ?? '') : ''],
    ['licence', licence ?? ''],
  ]);
}

/** What was taken off around the tensors and in front of their names. */
export function wrappingText(wrapper: readonly string[] = [], prefix = ''): string {
  return joined(
    [
      wrapper.length === 0 ? '' : `from ${wrapper.join(', ')}`,
      prefix === '' ? '' : `names without ${prefix}`,
    ],
    ', ',
  );
}

export function modelFacts({ fileSize, producer, opset, metadata, ...graph }: OnnxOutline): Fact[] {
  const { inputs, outputs, nodes } = graph;
  const ports = (side: readonly OnnxPort[]): string =>
    joined(
      side.map(({ name, shape }) => `${name} [${shape.join(', ')}]`),
      ', ',
    );
  return given([
    ['kind', `ONNX model, ${sizeText(fileSize)}`],
    ['written by', producer],
    ['graph', `${counted(nodes, 'node')}${opset === 0 ? '' : `, opset ${opset}`}`],
    ['takes', ports(inputs)],
    ['gives', ports(outputs)],
    ...Object.entries(metadata).map(([name, value]): Fact => [name.replaceAll('_', ' '), value]),
  ]);
}

export function runFacts({ config, settings: known, savedStep, lastMetrics }: DescribedRun): Fact[] {
  const { files, validation: _, ...settings } = config;
  const kind = kindOf(known);
  const last = lastMetrics === undefined ? [] : Object.entries(lastMetrics);
  return given([
    ['kind', `folder of a training run, of ${kind.title}`],
    ['saved', savedStep === undefined ? 'nothing yet' : `step ${savedStep}`],
    [
      'last seen',
      joined(
        last.map(([name, value]) => `${name} ${shortNumber(value)}`),
        ', ',
      ),
    ],
    ['pictures', Array.isArray(files) ? String(files.length) : ''],
    ['validation', kind.measuredOn(known)],
    ...Object.entries(settings).map(([name, value]): Fact => [name, settingText(value)]),
  ]);
}

function trainingText(record: TrainingRecord): string {
  const { steps, seconds, seed, pictures, startedFrom } = record;
  const { validationPsnr, validationLoss, validationRanking } = record;
  return joined(
    [
      steps === undefined ? '' : counted(steps, 'step'),
      seconds === undefined ? '' : `in ${formatDuration(seconds)}`,
      pictures === undefined ? '' : `on ${counted(pictures, 'picture')}`,
      seed === undefined ? '' : `seed ${seed}`,
      startedFrom === undefined ? '' : `started from ${startedFrom}`,
      typeof validationPsnr === 'number' ? `PSNR ${validationPsnr.toFixed(2)} dB in validation` : '',
      typeof validationRanking === 'number'
        ? `${(100 * validationRanking).toFixed(1)} % of pairs in the right order in validation`
        : '',
      typeof validationLoss === 'number' ? `loss ${shortNumber(validationLoss)} in validation` : '',
    ],
    ', ',
  );
}

function exposureText(seconds: number): string {
  return seconds > 0 && seconds < 0.4 ? `1/${Math.round(1 / seconds)} s` : `${rounded(seconds)} s`;
}

function settingText(value: unknown): string {
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map(settingText).join(value.some(isNested) ? '; then ' : ' ');
  return configText({ ...value });
}

const isNested = (value: unknown): boolean => typeof value === 'object' && value !== null;

function configText(config: Readonly<Record<string, unknown>>): string {
  return joined(
    Object.entries(config).map(([name, value]) => `${name} ${settingText(value)}`),
    ', ',
  );
}

/** A large number to three digits: 204 k, 3.65 M, 239 G. */
function countText(count: number): string {
  const units = ['', ' k', ' M', ' G', ' T'];
  let [value, unit] = [count, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${Number(value.toPrecision(3))}${units[unit] ?? ''}`;
}

function shortNumber(value: unknown): string {
  return typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(4) : String(value);
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function joined(parts: readonly (string | undefined)[], separator: string): string {
  return parts.filter((part) => part !== undefined && part !== '').join(separator);
}

function given(facts: readonly Fact[]): Fact[] {
  return facts.filter(([, value]) => value !== '');
}
