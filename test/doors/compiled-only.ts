/**
 * Examples of comments that are compiled and not run, by why not; a name is that of what the comment is on, a door stands for all that
 * it gives. All others are run.
 */
export const compiledOnly: Readonly<Record<string, readonly string[]>> = {
  'parts of programs, of tensors that are given: each is run in the test of its operation or network': [
    'revela/engine',
    'revela/networks',
  ],
  'a page: run in a browser by test/web': ['revela/web'],
  'a server or a queue, which stays: run by test/serve and test/fleet': ['revela/serve', 'revela/fleet'],
  'learns for minutes: run with a few steps by test/runs, test/restore and test/quality': [
    ...['denoise', 'distill', 'openDenoiser', 'trainDenoiser', 'trainScorer', 'trainUpscaler'],
    ...['resumeTraining', 'fitNiqeModel', 'fitIlNiqeModel', 'trainNiqe', 'trainIlNiqe'],
  ],
  'goes on with a training that has run for minutes: run by test/runs': [
    ...['describedRun', 'kindOf', 'loadDenoiserWeights', 'loadScorerWeights', 'evaluateUpscaler'],
    ...['saveDenoiserWeights', 'saveScorerWeights', 'saveUpscalerWeights'],
  ],
  'files that others publish and the package does not have: run on small ones by test/models and test/measures':
    [
      ...['addModel', 'brisque', 'calibrateSfdIqa', 'dists', 'exportUpscaler', 'fileSha256', 'ilNiqe'],
      ...['loadClip', 'loadDists', 'loadLpips', 'loadUpscalerWeights', 'loadVgg19', 'lpips', 'modelPath'],
      ...['niqe', 'openClipIqa', 'openMeasure', 'openSfdIqa', 'readBrisqueModel', 'readIlNiqeModel'],
      ...['readNiqeModel', 'removeModel', 'upscale', 'writeIlNiqeModel', 'writeNiqeModel'],
      ...['evaluateQuality', 'score', 'scorePictures', 'worseThan', 'foreignWeights'],
    ],
  'reads what another example has written: run by test/weights': ['readOnnxOutline'],
  'downloads: run against a server of its own by test/weights': ['namesToPull', 'pullModel', 'readModelList'],
  'starts a process for each device: run by test/runtime': ['probeDevices'],
};
