import { button, element, input, part } from '../../dist/serve/web/elements.js';

/** What the page consists of. */
export const parts = {
  language: part('language', HTMLSelectElement),
  interrupted: element('interrupted'),
  interruptedText: element('interrupted-text'),
  goOn: button('go-on'),
  discard: button('discard'),
  start: element('start'),
  work: element('work'),
  file: input('file'),
  folder: input('folder'),
  openFolder: button('open-folder'),
  view: element('view'),
  stage: element('stage'),
  before: part('before', HTMLCanvasElement),
  after: part('after', HTMLCanvasElement),
  split: input('split'),
  left: element('left'),
  right: element('right'),
  fit: button('fit'),
  actual: button('actual'),
  progress: element('progress'),
  mixture: element('mixture'),
  strength: input('strength'),
  luma: input('luma'),
  chroma: input('chroma'),
  detail: input('detail'),
  detailLabel: element('detail-label'),
  natural: button('natural'),
  enlarging: element('enlarging'),
  sharpen: input('sharpen'),
  usual: button('usual'),
  denoise: input('denoise'),
  stop: button('stop'),
  again: button('again'),
  save: button('save'),
  format: part('format', HTMLSelectElement),
  facts: element('facts'),
  comparison: element('comparison'),
  reference: part('reference', HTMLSelectElement),
  loadLpips: button('load-lpips'),
  lpipsFiles: input('lpips-files'),
  gain: input('gain'),
  gainLabel: element('gain-label'),
  ranking: element('ranking'),
  rankingHead: part('ranking-head', HTMLTableRowElement),
  rankingRows: part('ranking-rows', HTMLTableSectionElement),
  best: input('best'),
  bestLabel: element('best-label'),
  saveList: button('save-list'),
  learning: element('learning'),
  underWay: element('under-way'),
  ring: part('ring', SVGSVGElement),
  curve: part('curve', SVGPolylineElement),
  sample: part('sample', HTMLCanvasElement),
  learnt: element('learnt'),
  keepBest: button('keep-best'),
  giveUp: button('give-up'),
  general: button('general'),
  saveWeights: button('save-weights'),
  loadWeights: button('load-weights'),
  learnAll: button('learn-all'),
  learnOne: button('learn-one'),
  weights: input('weights'),
  queue: element('queue'),
  pictures: part('pictures', HTMLOListElement),
  add: button('add'),
  saveAll: button('save-all'),
  saveFolder: button('save-folder'),
  clear: button('clear'),
  batch: element('batch'),
  problem: element('problem'),
  problemText: element('problem-text'),
  copy: button('copy'),
  dismiss: button('dismiss'),
  engine: element('engine'),
  offline: button('offline'),
  update: button('update'),
};

/** Those to choose among. */
export const tasks = [...document.querySelectorAll<HTMLInputElement>('input[name=task]')];

/** What may stand on the right of a comparison. */
export const sides = [...document.querySelectorAll<HTMLInputElement>('input[name=side]')];

/** A canvas to draw on. */
export function drawing(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser draws nothing');
  return context;
}
