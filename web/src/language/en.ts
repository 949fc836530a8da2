/** What the page says in English; other languages have the same keys. */
export const en = {
  description: 'Denoises, enlarges, scores and compares photographs. Nothing leaves this page.',
  language: 'Language',

  openTitle: 'Open photographs',
  openWays: 'Drop them here, paste them, or choose',
  openFiles: 'files',
  openOr: 'or',
  openFolder: 'a folder',
  openKinds: 'JPEG, PNG, WebP, TIFF, AVIF, HEIC or JPEG\u00a0XL',

  task: 'What to do',
  denoise: 'Denoise',
  upscale2: 'Upscale ×2',
  upscale4: 'Upscale ×4',
  scoring: 'Score',
  comparing: 'Compare',

  photograph: 'Photograph',
  beforeAndAfter: 'The picture, left and right of a line',
  before: 'Before',
  after: 'After',
  split: 'How far the line is from the left',
  fit: 'Fit',
  actual: '100 %',
  zoom: 'Size on the screen',
  progress: 'Progress',

  strength: 'Strength',
  luma: 'Luminance',
  chroma: 'Colour',
  detail: 'Detail',
  natural: 'Auto',
  naturalHint: 'As strong as is natural for the noise of each picture',
  percent: (value: string) => `${value} %`,

  sharpen: 'Crisp edges',
  usualHint: 'Photographs are made crisp, clean drawings stay as they are',
  cleaning: 'Cleaning',
  cleaningHint: 'How much of noise, grain and the blocks of JPEG is taken away',

  map: 'Quality, from red to blue',
  score: (value: string) => `Score ${value} of 100, higher is better.`,
  niqe: (value: string) => `NIQE ${value}, lower is better.`,
  reference: 'Reference',
  thisPicture: 'This picture',
  difference: 'Difference',
  comparedWith: 'Compared with',
  onTheRight: 'On the right of the line',
  gain: 'Amplified',
  compared: (measures: string) => `${measures}. Higher is closer to the reference.`,
  lpips: (value: string) => `LPIPS ${value}, lower is closer.`,
  loadLpips: 'Load LPIPS',
  lpipsTwo:
    'LPIPS takes two files, as safetensors: its authors’ heads, and torchvision’s weights of the network that they are for.',
  equal: 'Both pictures are equal, pixel by pixel.',
  isReference: 'The others are compared with this picture.',
  compareAlone: 'Add a picture to compare with this one.',
  otherSize: (size: string, reference: string) =>
    `This picture has ${size} pixels and the reference has ${reference}; only pictures of one size can be compared.`,
  ranking: 'Ranking',
  rank: 'Rank',
  picture: 'Picture',
  burst: 'Burst',
  burstPlace: (burst: string, place: string, count: string) =>
    place === '1' ? `${burst}: best of ${count}` : `${burst}: ${place} of ${count}`,
  onlyBest: 'Only the best of each burst',
  saveList: 'Save the list',

  stop: 'Stop',
  again: 'Start again',
  format: 'Format',
  save: 'Download',
  saveAll: 'Download all',
  saveFolder: 'Save all into a folder',
  pictures: 'Pictures',
  add: 'Add pictures',
  remove: 'Remove this picture',
  clear: 'Remove all',

  waiting: 'waiting',
  working: 'at work',
  done: 'done',
  failed: 'failed',

  measuring: 'Measuring the noise …',
  looking: 'Looking at the picture …',
  givingBack: 'Giving back what is no noise …',
  parts: (part: string, parts: string) => `${part} of ${parts} parts`,
  stopped: 'Stopped.',
  inTurn: 'Waiting for its turn.',
  otherTab: 'Another tab is at work; this one waits for its turn.',
  savedLater: 'To save memory, this picture is worked on when you look at it or save it.',
  noise: (luma: string, chroma: string, natural: string) =>
    `Noise of ${luma} in brightness and ${chroma} in colour, of 255. The strength that is natural for it is ${natural} %.`,
  noNoise: (luma: string, chroma: string) =>
    `No noise to take away: ${luma} in brightness and ${chroma} in colour, of 255, was measured. More strength shows what the network would do.`,
  enlarged: (scale: string, width: string, height: string, weights: string) =>
    `Enlarged ${scale} times, to ${width} × ${height} pixels, by the weights “${weights}”.`,
  saving: (number: string, count: string) => `Saving picture ${number} of ${count} …`,
  saved: (count: string) => `${count} saved.`,
  savedSome: (count: string, failed: string) => `${count} saved; ${failed} could not be worked on.`,
  leftOut: (count: string) => `${count} of the files are no pictures that are known, and were left out.`,

  learning: 'Learning',
  learnOne: 'Learn from this picture',
  learnAll: 'Learn from all pictures',
  learnHint: 'The network learns the noise of your pictures, on this machine; it takes some minutes',
  loadWeights: 'Load weights',
  saveWeights: 'Save weights',
  general: 'Use the general weights',
  keepBest: 'Stop and keep the best',
  giveUp: 'Give up',
  sample: 'A part of the picture, by what was learnt so far',
  learnMeasuring: 'Finding out about the noise …',
  learnFinishing: 'Comparing what was learnt with what was known …',
  learnStep: (step: string) => `Step ${step}`,
  learnLeft: (step: string, time: string) => `Step ${step}, about ${time} left`,
  learnDone: (steps: string, pictures: string) =>
    `Learnt in ${steps} steps, pictures learnt from: ${pictures}. All are denoised by what was learnt.`,
  learnNoBetter: (steps: string) =>
    `After ${steps} steps nothing better was found for these pictures; the weights stay as they were.`,
  learnInterrupted: (pictures: string) =>
    `Learning was interrupted, pictures learnt from: ${pictures}. It can go on where it stood.`,
  learnGoOn: 'Go on',
  learnDiscard: 'Discard',
  learnUnkeptFull: 'The browser has no room to keep it for another visit.',
  learnUnkept: 'The browser does not let the page keep it for another visit.',
  weightsFrom: (name: string) => `Denoised by the weights of ${name}.`,

  notPicture: (name: string) => `${name} is no JPEG, PNG, WebP, TIFF, AVIF, HEIC or JPEG XL file.`,
  damaged: (name: string) => `${name} cannot be opened: it is damaged, or of a kind that is not known here.`,
  unreadable: (name: string) =>
    `${name} cannot be read: it may have been moved or changed after it was chosen.`,
  tooLarge: (megapixels: string, most: string) =>
    `This picture has ${megapixels} megapixels; on this device pictures of at most ${most} megapixels are worked on in a page.`,
  tooLargeEnlarged: (scale: string, megapixels: string, most: string) =>
    `Enlarged ${scale} times this picture would have ${megapixels} megapixels; on this device pictures of at most ${most} megapixels can be enlarged so much in a page.`,
  nothingPasted: 'What was pasted is no picture.',
  nothingDropped: 'What was dropped is no file.',
  nothingInside: 'There is no picture among these files.',
  resultsLost: 'The part of the page that holds pictures ended unexpectedly; what was done is done again.',
  folderRefused: 'The browser did not allow that folder.',
  copyDetails: 'Copy details',
  copied: 'Copied',
  copyHint: 'Versions and what happened; never the picture or its name',
  dismiss: 'Close',

  engineChanged: (why: 'lost' | 'memory' | 'ended') =>
    ({
      lost: 'The graphics card was lost.',
      memory: 'Memory ran out: smaller parts are worked on.',
      ended: 'What computes ended unexpectedly, and was begun again.',
    })[why],
  engineLater: 'The engine starts with the first picture.',
  engineAgain: 'The engine starts with the next picture.',
  engineStarts: 'The engine starts …',
  engineCard: 'Computed by the graphics card (WebGPU).',
  engineThreads: (threads: string) =>
    `Computed by WebAssembly, with ${threads === '1' ? 'one thread' : `${threads} threads`}.`,
  engineOne: 'Computed by WebAssembly, with one thread: the page is not isolated from other sites.',
  offlineReady: 'Works offline.',
  offlineMake: 'Make it work offline',
  offlineMaking: 'Being kept for offline use …',
  offlineFailed: 'It could not be kept for offline use.',
  offlineFull: 'The browser has no room to keep it for offline use.',
  update: 'A new version is there: load it',
};

/** A table of what the page says. */
export type Strings = {
  readonly [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : (typeof en)[Key];
};
